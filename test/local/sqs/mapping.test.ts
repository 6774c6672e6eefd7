import { MACHINE_CLOCK, RunClock } from '../../../local/clock/run-clock.ts';
import type { InvocationResult } from '../../../local/lambda/function-host.ts';
import { failedIds, QueueMapping, type QueueMappingSpec } from '../../../local/sqs/mapping.ts';
import { type QueueSpec, SqsQueue } from '../../../local/sqs/queue.ts';

const START_MS = Date.UTC(2026, 10, 21, 8);
const SPEC: QueueSpec = {
  name: 'files',
  arn: 'arn:aws:sqs:us-east-1:111122223333:files',
  url: 'https://sqs.us-east-1.amazonaws.com/111122223333/files',
  visibilityMs: 60_000,
  delayMs: 0,
  retentionMs: 14 * 86_400_000,
  redrive: { deadLetterArn: 'arn:dead', maximumReceives: 3 },
};
const MAPPING: QueueMappingSpec = {
  functionArn: 'arn:f',
  queueArn: SPEC.arn,
  region: 'us-east-1',
  batchSize: 2,
  windowMs: 0,
  maximumConcurrency: 1,
  partialBatchResponse: true,
};

/** Sends bodies, answers each invocation, and tells what became of the messages and when. */
async function run(
  bodies: readonly string[],
  answer: (bodies: readonly string[], ids: readonly string[]) => Partial<InvocationResult>,
  options: { queue?: Partial<QueueSpec>; mapping?: Partial<QueueMappingSpec>; delayMs?: number } = {},
) {
  const clock = new RunClock(START_MS, MACHINE_CLOCK);
  const log: string[] = [];
  const seconds = (): number => (clock.now() - START_MS) / 1000;
  const queue = new SqsQueue<undefined>(
    { ...SPEC, ...options.queue },
    {
      now: () => clock.now(),
      onExpired: ({ body }) => log.push(`${body} expired at ${seconds()}`),
      onDeadLetter: ({ body, receives }) => log.push(`${body} dead after ${receives} at ${seconds()}`),
    },
  );
  new QueueMapping({ ...MAPPING, ...options.mapping }, queue, {
    now: () => clock.now(),
    at: (atMs, work) => clock.at(atMs, work),
    track: (work) => clock.track(work),
    invoke: async (event, messages) => {
      const records = (JSON.parse(event) as { Records: { body: string; messageId: string }[] }).Records;
      log.push(`${records.map(({ body }) => body).join('+')} at ${seconds()}`);
      return {
        requestId: 'r',
        lines: [],
        payload: 'null',
        ...answer(
          records.map(({ body }) => body),
          messages.map(({ id }) => id),
        ),
      };
    },
    onDone: (messages) => {
      if (messages.length > 0) log.push(`${messages.map(({ body }) => body).join('+')} done`);
    },
  });
  for (const body of bodies) queue.send(body, undefined, options.delayMs);
  await clock.drain();
  return { log, left: queue.size };
}

const failing =
  (...names: string[]) =>
  (bodies: readonly string[], ids: readonly string[]) => ({
    payload: JSON.stringify({
      batchItemFailures: ids.filter((_, at) => names.includes(bodies[at] as string)).map((itemIdentifier) => ({ itemIdentifier })),
    }),
  });

describe('a queue and its mapping', () => {
  test('hand out batches and delete what is done', async () => {
    expect(await run(['a', 'b', 'c'], failing())).toEqual({ log: ['a+b at 0', 'a+b done', 'c at 0', 'c done'], left: 0 });
  });

  test('bring back the messages that failed after the visibility time-out, until they are dead', async () => {
    expect(await run(['a', 'b'], failing('b'))).toEqual({
      log: ['a+b at 0', 'a done', 'b at 60', 'b at 120', 'b dead after 3 at 180'],
      left: 0,
    });
  });

  test('hide a message for its own delay, and otherwise for that of the queue', async () => {
    expect((await run(['a'], failing(), { delayMs: 90_000 })).log).toEqual(['a at 90', 'a done']);
    expect((await run(['a'], failing(), { queue: { delayMs: 20_000 } })).log).toEqual(['a at 20', 'a done']);
    expect((await run(['a'], failing(), { queue: { delayMs: 20_000 }, delayMs: 0 })).log).toEqual(['a at 0', 'a done']);
  });

  test.each([-1, 900_001, Number.NaN])('refuse a delay of %s ms, as SQS does', async (delayMs) => {
    await expect(run(['a'], failing(), { delayMs })).rejects.toThrow('a delay is 0 to 900 s');
  });

  test('take every answer for success without the flag of partial answers', async () => {
    expect((await run(['a', 'b'], failing('b'), { mapping: { partialBatchResponse: false } })).log).toEqual(['a+b at 0', 'a+b done']);
  });

  test('bring all messages back where the function failed', async () => {
    let calls = 0;
    const answer = () => (calls++ === 0 ? { error: { errorType: 'E', errorMessage: 'no' } } : {});

    expect((await run(['a', 'b'], answer)).log).toEqual(['a+b at 0', 'a+b at 60', 'a+b done']);
  });

  test('retry for ever without a dead-letter queue, until the retention is over', async () => {
    const { log, left } = await run(['a'], failing('a'), { queue: { redrive: undefined, retentionMs: 150_000 } });

    expect(log).toEqual(['a at 0', 'a at 60', 'a at 120', 'a expired at 180']);
    expect(left).toBe(0);
  });

  test.each<[string, string | undefined, readonly string[]]>([
    ['nothing', undefined, []],
    ['null', 'null', []],
    ['an empty list', '{"batchItemFailures":[]}', []],
    ['one', '{"batchItemFailures":[{"itemIdentifier":"b"}]}', ['b']],
    ['a message that was not sent', '{"batchItemFailures":[{"itemIdentifier":"x"}]}', ['a', 'b']],
    ['an empty identifier', '{"batchItemFailures":[{"itemIdentifier":""}]}', ['a', 'b']],
    ['no list', '{"batchItemFailures":"b"}', ['a', 'b']],
  ])('read an answer with %s', (_name, payload, expected) => {
    const answer = payload === undefined ? {} : { payload };

    expect([...failedIds(answer, [{ id: 'a' }, { id: 'b' }], true)]).toEqual(expected);
  });
});

import fc from 'fast-check';
import {
  FAILURES_TO_STOP,
  type InvokeAnswer,
  isFinished,
  keyTimeMs,
  type RedrivePorts,
  redrive,
} from '../../../../lambdas/core/delivery/redrive.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const SETTINGS = { functions: ['direct', 'stream'], nowMs: NOW };
const DONE: InvokeAnswer = { status: 200, payload: 'null' };
const THREW: InvokeAnswer = { status: 200, functionError: 'Unhandled', payload: '{"errorMessage":"must come again"}' };

const asyncKey = (name: string, id: number, day = '2026-11-21'): string =>
  `aws/lambda/async/${name}/${day.replaceAll('-', '/')}/${day}T08.00.00-${id}`;
const asyncObject = (name: string, data: string): string =>
  JSON.stringify({
    version: '1.0',
    timestamp: '2026-11-21T08:00:00Z',
    requestContext: { functionArn: `arn:aws:lambda:us-east-1:111122223333:function:${name}:$LATEST`, condition: 'RetriesExhausted' },
    requestPayload: { awslogs: { data } },
  });
const STREAM_KEY = 'aws/lambda/6f1a0c9e-0000-4000-8000-000000000000/shardId-000000000000/2026/11/21/2026-11-21T08.00.00-1';
const STREAM_EVENT = { Records: [{ eventSource: 'aws:kinesis', kinesis: { data: 'eA==' } }] };
const STREAM_OBJECT = JSON.stringify({
  version: '1.0',
  timestamp: '2026-11-21T08:00:00Z',
  requestContext: { functionArn: 'arn:aws:lambda:us-east-1:111122223333:function:stream', condition: 'RecordAgeExceeded' },
  KinesisBatchInfo: { shardId: 'shardId-000000000000', batchSize: 1 },
  payload: JSON.stringify(STREAM_EVENT),
});

function world(objects: { [key: string]: string }, answer: (name: string, event: string) => InvokeAnswer | 'no answer' = () => DONE) {
  const left = new Map(Object.entries(objects));
  const invoked: [string, unknown][] = [];
  const ports: RedrivePorts = {
    list: async (prefix) => [...left.keys()].filter((key) => key.startsWith(prefix)),
    get: async (key) => left.get(key),
    invoke: async (name, event) => {
      invoked.push([name, JSON.parse(event)]);
      const given = answer(name, event);
      if (given === 'no answer') throw new Error('no answer');
      return given;
    },
    remove: async (key) => void left.delete(key),
    hasTime: () => true,
    random: () => 0.5,
  };
  return { left, invoked, ports };
}

test('an event goes to its function as it came, and its object goes when it is done', async () => {
  const { left, invoked, ports } = world({ [asyncKey('direct', 1)]: asyncObject('direct', 'H4s'), 'dead-letters/x': 'ours, not Lambda’s' });

  expect(await redrive(ports, SETTINGS)).toEqual({ redriven: 1, failed: 0, waiting: 0, givenUp: 0 });

  expect(invoked).toEqual([['direct', { awslogs: { data: 'H4s' } }]]);
  expect([...left.keys()]).toEqual(['dead-letters/x']);
});

test('a batch of a stream goes as a whole, and is done only when the function hands nothing back', async () => {
  const handedBack: InvokeAnswer = { status: 200, payload: '{"batchItemFailures":[{"itemIdentifier":"1"}]}' };
  const again = world({ [STREAM_KEY]: STREAM_OBJECT }, () => handedBack);
  const done = world({ [STREAM_KEY]: STREAM_OBJECT }, () => ({ status: 200, payload: '{"batchItemFailures":[]}' }));

  expect(await redrive(again.ports, SETTINGS)).toMatchObject({ redriven: 0, failed: 1 });
  expect(again.left.size).toBe(1);
  expect(await redrive(done.ports, SETTINGS)).toMatchObject({ redriven: 1, failed: 0 });
  expect(done.invoked).toEqual([['stream', STREAM_EVENT]]);
  expect(done.left.size).toBe(0);
});

test('while the search is still away a few are tried and all of them stay', async () => {
  const objects = Object.fromEntries(Array.from({ length: 50 }, (_, id) => [asyncKey('direct', id), asyncObject('direct', String(id))]));
  const { left, invoked, ports } = world(objects, () => THREW);

  const report = await redrive(ports, SETTINGS);

  // Four workers may each have one under way when the third failure comes.
  expect(invoked.length).toBeLessThanOrEqual(FAILURES_TO_STOP + 3);
  expect(report.failed + report.waiting).toBe(50);
  expect(left.size).toBe(50);
});

test('objects that fail always do not keep the others from their turn', async () => {
  const chances = fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true }));
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 40 }), chances, async (bad, good, chance) => {
      const objects: { [key: string]: string } = {};
      for (let id = 0; id < bad; id++) objects[asyncKey('direct', id)] = asyncObject('direct', 'bad');
      for (let id = 0; id < good; id++) objects[asyncKey('direct', 100 + id)] = asyncObject('direct', 'good');
      const { left, ports } = world(objects, (_name, event) => (event.includes('bad') ? THREW : DONE));
      for (let runs = 0; left.size > bad && runs < 500; runs++) await redrive({ ...ports, random: () => chance.next().value }, SETTINGS);
      expect(left.size).toBe(bad);
    }),
    { numRuns: 50 },
  );
});

test.each<[string, { [key: string]: string }, object]>([
  ['an object of a function that is not ours', { [asyncKey('other', 1)]: asyncObject('other', 'x') }, { givenUp: 0 }],
  ['a batch of a function that is not ours', { [STREAM_KEY]: STREAM_OBJECT.replace('function:stream', 'function:other') }, { givenUp: 0 }],
  [
    'an object that has lain there for more than a week',
    { [asyncKey('direct', 1, '2026-11-14')]: asyncObject('direct', 'x') },
    { givenUp: 1 },
  ],
  ['an object that is no record', { [asyncKey('direct', 1)]: '{"truncated' }, { givenUp: 1 }],
])('%s is left alone', async (_name, objects, expected) => {
  const { left, invoked, ports } = world(objects);

  expect(await redrive(ports, SETTINGS)).toMatchObject({ redriven: 0, failed: 0, waiting: 0, ...expected });
  expect(invoked).toEqual([]);
  expect(left.size).toBe(1);
});

test('no answer counts as a failure, and an object that somebody else took is none', async () => {
  const silent = world({ [asyncKey('direct', 1)]: asyncObject('direct', 'x') }, () => 'no answer');
  expect(await redrive(silent.ports, SETTINGS)).toMatchObject({ failed: 1, redriven: 0 });

  const gone = world({ [asyncKey('direct', 1)]: asyncObject('direct', 'x') });
  expect(await redrive({ ...gone.ports, get: async () => undefined }, SETTINGS)).toEqual({
    redriven: 0,
    failed: 0,
    waiting: 0,
    givenUp: 0,
  });
});

test('without time nothing is begun, and all of it waits', async () => {
  const { ports } = world({ [asyncKey('direct', 1)]: asyncObject('direct', 'x') });
  expect(await redrive({ ...ports, hasTime: () => false }, SETTINGS)).toEqual({ redriven: 0, failed: 0, waiting: 1, givenUp: 0 });
});

test.each<['async' | 'stream', InvokeAnswer, boolean]>([
  ['async', DONE, true],
  ['async', THREW, false],
  ['async', { status: 429, payload: '{}' }, false],
  ['stream', { status: 200, payload: 'null' }, false],
  ['stream', { status: 200, payload: '{"batchItemFailures":[]}' }, true],
  ['stream', { status: 200, payload: 'not JSON' }, false],
])('%s with %j: done is %s', (kind, answer, done) => {
  expect(isFinished(kind, answer)).toBe(done);
});

test('a key tells when Lambda wrote it', () => {
  expect(keyTimeMs(STREAM_KEY)).toBe(Date.parse('2026-11-21T08:00:00Z'));
  expect(keyTimeMs('aws/lambda/readme')).toBeUndefined();
});

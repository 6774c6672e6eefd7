import { directTemplate, keptMessages, type Outcome, play, streamTemplate, type Template, takenMessages } from '../scenario.ts';

function withMapping(change: (properties: { [name: string]: unknown }) => void): Template {
  const template = streamTemplate();
  change(template.Resources['Mapping'].Properties);
  return template;
}

/** Four records of one shard; the second holds the poison. */
const PUTS = ['one', 'two poison', 'three', 'four'].map((message, at) => ({ atMs: at, messages: [message] }));

function counts(outcome: Outcome): { done: number; keptAside: number; lost: number } {
  const filter = [...outcome.ledger.filters.values()].find(({ logGroup }) => logGroup === '/app');
  return { done: filter?.done ?? 0, keptAside: filter?.keptAside ?? 0, lost: filter?.lost ?? 0 };
}

describe('one bad record among good ones', () => {
  test('with all flags it alone goes to the bucket, and its neighbours are taken once each', async () => {
    const outcome = await play(streamTemplate(), PUTS);

    expect(takenMessages(outcome)).toEqual(['four', 'one', 'three']);
    expect(keptMessages(outcome)).toEqual(['two poison']);
    expect(counts(outcome)).toEqual({ done: 3, keptAside: 1, lost: 0 });
  });

  test('without the partial batch response its answer is not read, and the bad record counts as taken', async () => {
    const outcome = await play(
      withMapping((mapping) => delete mapping['FunctionResponseTypes']),
      PUTS,
    );

    expect(keptMessages(outcome)).toEqual([]);
    expect(takenMessages(outcome)).toEqual(['one']);
    expect(counts(outcome).done).toBe(4);
  });

  test('without bisect the good records behind it are given up with it', async () => {
    const outcome = await play(
      withMapping((mapping) => delete mapping['BisectBatchOnFunctionError']),
      PUTS,
    );

    expect(takenMessages(outcome)).toEqual(['one']);
    expect(keptMessages(outcome)).toEqual(['four', 'three', 'two poison']);
  });

  test('without the on-failure destination it is lost, and the run says so', async () => {
    const outcome = await play(
      withMapping((mapping) => delete mapping['DestinationConfig']),
      PUTS,
    );

    expect(outcome.objects.size).toBe(0);
    expect(counts(outcome)).toEqual({ done: 3, keptAside: 0, lost: 1 });
    expect([...outcome.ledger.losses.keys()][0]).toContain('no on-failure destination');
  });

  test('a function that fails as a whole is bisected down to the bad record, which takes its good neighbours twice', async () => {
    const outcome = await play(streamTemplate(), PUTS, { ALL_OR_NOTHING: '1' });

    expect(keptMessages(outcome)).toEqual(['two poison']);
    expect([...new Set(takenMessages(outcome))]).toEqual(['four', 'one', 'three']);
    expect(outcome.taken.filter(({ message }) => message === 'one').length).toBeGreaterThan(1);
  });

  test('an identifier that is not of the batch fails the whole batch', async () => {
    const outcome = await play(
      withMapping((mapping) => delete mapping['BisectBatchOnFunctionError']),
      PUTS,
      { BAD_IDENTIFIER: '7' },
    );

    expect(keptMessages(outcome)).toEqual(['four', 'one', 'three', 'two poison']);
  });
});

describe('limits of retrying', () => {
  const poison = [{ messages: ['poison'] }];

  test.each([0, 1, 3])('%i retries are that many attempts more than one', async (retries) => {
    const template = withMapping((mapping) => {
      mapping['MaximumRetryAttempts'] = retries;
      // Splitting uses up no retry, and CloudWatch's test message travels in the same batch.
      delete mapping['BisectBatchOnFunctionError'];
    });

    const outcome = await play(template, poison);

    expect(outcome.invocations.length).toBe(retries + 1);
    expect(failure(outcome).requestContext).toMatchObject({ condition: 'RetryAttemptsExhausted', approximateInvokeCount: retries + 1 });
  });

  test('without a limit of attempts the age ends it', async () => {
    const outcome = await play(
      withMapping((mapping) => {
        delete mapping['MaximumRetryAttempts'];
        mapping['MaximumRecordAgeInSeconds'] = 600;
      }),
      poison,
    );

    expect(failure(outcome).requestContext.condition).toBe('RecordAgeExceeded');
    expect(outcome.endMs).toBeGreaterThan(600_000);
    expect(outcome.endMs).toBeLessThan(700_000);
  });

  test('without any limit the record blocks its shard until the stream drops it, and it is lost', async () => {
    const outcome = await play(
      withMapping((mapping) => {
        delete mapping['MaximumRetryAttempts'];
        delete mapping['MaximumRecordAgeInSeconds'];
      }),
      [...poison, { atMs: 60_000, messages: ['behind it'] }],
    );

    expect(outcome.endMs).toBeGreaterThan(24 * 3_600_000);
    expect([...outcome.ledger.losses.keys()]).toEqual([expect.stringContaining('expired in stream logs after 24 h')]);
    expect(outcome.taken.find(({ message }) => message === 'behind it')?.atMs).toBeGreaterThanOrEqual(23 * 3_600_000);
  });

  test('what fails once is taken by the retry', async () => {
    const outcome = await play(streamTemplate(), [{ messages: ['once'] }]);

    expect(takenMessages(outcome)).toEqual(['once']);
    expect(outcome.objects.size).toBe(0);
  });
});

describe('batches', () => {
  const many = Array.from({ length: 10 }, (_unused, at) => ({ atMs: at * 1000, messages: [`m${at}`] }));

  test('the window gathers what arrives within it; without one each record travels alone', async () => {
    const gathered = await play(streamTemplate(), many);
    const single = await play(
      withMapping((mapping) => delete mapping['MaximumBatchingWindowInSeconds']),
      many,
    );

    expect(gathered.invocations.map((batch) => batch.length)).toEqual([6, 4]);
    expect(single.invocations.map((batch) => batch.length)).toEqual(Array(10).fill(1));
  });

  test('a full batch does not wait for the end of the window', async () => {
    const outcome = await play(
      withMapping((mapping) => (mapping['BatchSize'] = 2)),
      many,
    );

    expect(Math.max(...outcome.invocations.map((batch) => batch.length))).toBe(2);
    expect(outcome.taken[0]?.atMs).toBeLessThanOrEqual(1000);
  });

  test('with a parallelization factor a bad record does not hold up the other streams of its shard', async () => {
    const puts = [
      { stream: 'bad', messages: ['poison'] },
      ...['b', 'c', 'd', 'e'].map((stream) => ({ atMs: 6_000, stream, messages: [`good ${stream}`] })),
    ];
    const late = (outcome: Outcome): number => outcome.taken.filter(({ atMs }) => atMs > 11_000).length;
    const stubborn = (factor: number): Template =>
      withMapping((mapping) => {
        mapping['ParallelizationFactor'] = factor;
        mapping['MaximumRetryAttempts'] = 6;
      });

    const alone = await play(stubborn(1), puts);
    const parallel = await play(stubborn(10), puts);

    expect(late(alone)).toBe(4);
    expect(late(parallel)).toBeLessThan(4);
  });

  test('a mapping that is turned off takes nothing', async () => {
    const outcome = await play(
      withMapping((mapping) => (mapping['Enabled'] = false)),
      many,
    );

    expect(outcome.taken).toEqual([]);
    expect(outcome.ledger.underWay()).toBe(10);
  });
});

test('the on-failure object is the documented one', async () => {
  const outcome = await play(streamTemplate(), [{ messages: ['poison'] }]);
  const [key = ''] = outcome.objects.keys();
  const object = failure(outcome);

  expect(key).toMatch(/^aws\/lambda\/[0-9a-f-]{36}\/shardId-000000000000\/2026\/11\/21\/2026-11-21T08\.00\.\d\d-[0-9a-f-]{36}$/);
  expect(object).toMatchObject({
    requestContext: { functionArn: 'arn:aws:lambda:us-east-1:111122223333:function:indexer' },
    responseContext: { statusCode: 200, executedVersion: '$LATEST' },
    version: '1.0',
    KinesisBatchInfo: { shardId: 'shardId-000000000000', batchSize: 1, streamArn: 'arn:aws:kinesis:us-east-1:111122223333:stream/logs' },
  });
  expect(JSON.parse(object.payload).Records[0]).toMatchObject({ eventSource: 'aws:kinesis', awsRegion: 'us-east-1' });
});

test('without a role CloudWatch cannot write to the stream: the events are skipped, and the run says so', async () => {
  const template = streamTemplate();
  delete template.Resources['Filter'].Properties.RoleArn;

  const outcome = await play(template, PUTS);

  expect(outcome.taken).toEqual([]);
  expect(counts(outcome).lost).toBe(4);
});

test('flags without a counterpart are refused by name', async () => {
  await expect(
    play(
      withMapping((mapping) => (mapping['TumblingWindowInSeconds'] = 30)),
      [],
    ),
  ).rejects.toThrow('tumbling windows');
  await expect(
    play(
      withMapping((mapping) => (mapping['FilterCriteria'] = { Filters: [{ Pattern: '{}' }] })),
      [],
    ),
  ).rejects.toThrow('filter criteria');
  const queue = directTemplate();
  queue.Resources['Queue'].Properties.DestinationConfig.OnFailure.Destination = 'arn:aws:sqs:us-east-1:111122223333:failures';
  await expect(play(queue, [])).rejects.toThrow('only an S3 bucket');
});

// biome-ignore lint/suspicious/noExplicitAny: the object's shape is what is under test
function failure(outcome: Outcome): any {
  return JSON.parse([...outcome.objects.values()][0] ?? '{}');
}

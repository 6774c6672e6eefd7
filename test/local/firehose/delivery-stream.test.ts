import { gunzipSync } from 'node:zlib';
import { RunClock } from '../../../local/clock/run-clock.ts';
import { DeliveryStream, type TransformResult } from '../../../local/firehose/delivery-stream.ts';
import type { DeliveryStreamSpec, DestinationSpec } from '../../../local/firehose/spec.ts';

const START = Date.parse('2026-11-21T08:00:00Z');
const MIB = 1024 * 1024;
const BACKUP = { bucket: 'letters', prefix: 'all/', errorPrefix: 'errors/!{firehose:error-output-type}/', isGzip: false };
const S3: DestinationSpec = {
  kind: 's3',
  place: {
    bucket: 'archive',
    prefix: 'kind=!{partitionKeyFromLambda:kind}/',
    errorPrefix: 'errors/!{firehose:error-output-type}/',
    isGzip: true,
  },
  isPartitioned: true,
  isParquet: false,
};
const SEARCH: DestinationSpec = {
  kind: 'search',
  indexName: 'app',
  rotation: 'OneDay',
  retryMs: 60_000,
  backsUpAll: false,
  backup: BACKUP,
};

interface Event {
  readonly records: readonly { readonly recordId: string; readonly data: string }[];
}

type Invoke = (event: Event, number: number) => TransformResult | object;

/** A delivery stream on a clock of its own; `invoke` is the function, and what it returns without `error` is its answer. */
function world(
  destination: DestinationSpec,
  invoke: Invoke,
  { change = {}, post }: { change?: Partial<DeliveryStreamSpec>; post?: (lines: string[]) => { status: number; text: string } } = {},
) {
  const clock = new RunClock(START, { elapsedMs: () => 0, sleep: async () => {} });
  const objects = new Map<string, Buffer>();
  const done: string[] = [];
  const failed: string[] = [];
  const events: Event[] = [];
  const posted: string[][] = [];
  let ids = 0;
  const spec: DeliveryStreamSpec = {
    ...{ name: 'logs', arn: 'arn:aws:firehose:us-east-1:111122223333:deliverystream/logs', region: 'us-east-1' },
    processor: { functionArn: 'f', bufferBytes: 0.2 * MIB, bufferMs: 60_000, retries: 3 },
    destination,
    bufferBytes: 128 * MIB,
    bufferMs: 900_000,
    ...change,
  };
  const stream = new DeliveryStream<string>(spec, {
    now: () => clock.now(),
    at: (atMs, run) => clock.at(atMs, run),
    atPassing: (atMs, run) => clock.atPassing(atMs, run),
    track: (work) => clock.track(work),
    nextId: () => `id${ids++}`,
    putObject: (bucket, key, body, isGzip) => objects.set(`${bucket}/${key}`, isGzip ? gunzipSync(body) : Buffer.from(body)),
    invoke: async (text) => {
      const event = JSON.parse(text) as Event;
      events.push(event);
      const result = invoke(event, events.length);
      return 'error' in result ? (result as TransformResult) : { payload: JSON.stringify(result) };
    },
    post: async (body) => {
      const lines = body.trimEnd().split('\n');
      posted.push(lines);
      return (
        post?.(lines) ?? {
          status: 200,
          text: JSON.stringify({ items: lines.filter((_, i) => i % 2 === 0).map(() => ({ index: { status: 201 } })) }),
        }
      );
    },
    onDone: (notes) => done.push(...notes),
    onFailed: (notes) => failed.push(...notes),
  });
  const drain = async (): Promise<void> => {
    do {
      await clock.drain();
      if (stream.waiting > 0) stream.flush();
    } while (stream.waiting > 0);
    await clock.drain();
  };
  return { clock, stream, objects, done, failed, events, posted, drain };
}

const ok = (event: Event, kind = 'audit'): object => ({
  records: event.records.map(({ recordId, data }) => ({
    recordId,
    result: 'Ok',
    data: Buffer.from(`${Buffer.from(data, 'base64').toString('utf8')}\n`).toString('base64'),
    metadata: { partitionKeys: { kind } },
  })),
});
const errorsOf = (objects: ReadonlyMap<string, Buffer>) =>
  [...objects]
    .filter(([key]) => key.includes('errors/'))
    .flatMap(([key, body]) =>
      body
        .toString('utf8')
        .trimEnd()
        .split('\n')
        .map((line) => [key, JSON.parse(line)] as const),
    );

test('records wait for the function until they are enough, or old enough', async () => {
  const { clock, stream, events } = world(S3, (event) => ok(event));
  stream.put(Buffer.alloc(100, 97), 'a');
  clock.at(START + 59_000, () => stream.put(Buffer.alloc(10, 97), 'b'));
  clock.at(START + 61_000, () => stream.put(Buffer.alloc(Math.ceil(0.2 * MIB), 97), 'c'));

  await clock.drain();

  expect(events.map(({ records }) => records.length)).toEqual([2, 1]);
});

test('an object holds the lines of one partition, under its prefix and with the stream’s name', async () => {
  const { stream, objects, done, drain } = world(S3, (event) => ok(event));
  stream.put(Buffer.from('one'), 'a');
  stream.put(Buffer.from('two'), 'b');

  await drain();

  expect([...objects].map(([key, body]) => [key, body.toString('utf8')])).toEqual([
    ['archive/kind=audit/logs-1-2026-11-21-08-00-00-id0.gz', 'one\ntwo\n'],
  ]);
  expect(done).toEqual(['a', 'b']);
  expect(stream.delivered).toMatchObject({ delivered: 2, refused: 0, objects: 1 });
});

test('a function that fails is asked three times more; then the originals lie under the error prefix', async () => {
  const { stream, objects, failed, events, drain } = world(S3, () => ({ error: { errorType: 'Error', errorMessage: 'no' } }));
  stream.put(Buffer.from('one'), 'a');

  await drain();

  expect(events).toHaveLength(4);
  expect(failed).toEqual(['a']);
  expect(errorsOf(objects)).toMatchObject([
    ['archive/errors/processing-failed/logs-1-2026-11-21-08-00-00-id0', { rawData: Buffer.from('one').toString('base64') }],
  ]);
});

test('a function that fails once loses nothing', async () => {
  const { stream, done, failed, drain } = world(S3, (event, number) =>
    number === 1 ? { error: { errorType: 'Error', errorMessage: 'no' } } : ok(event),
  );
  stream.put(Buffer.from('one'), 'a');

  await drain();

  expect([done, failed]).toEqual([['a'], []]);
});

test('Dropped goes nowhere, ProcessingFailed alone goes to the errors', async () => {
  const { stream, objects, done, failed, drain } = world(S3, ({ records }) => ({
    records: records.map(({ recordId, data }, i) => ({
      recordId,
      result: ['Ok', 'Dropped', 'ProcessingFailed'][i],
      data,
      metadata: { partitionKeys: { kind: 'api' } },
    })),
  }));
  for (const note of ['a', 'b', 'c']) stream.put(Buffer.from(`${note}\n`), note);

  await drain();

  expect([done, failed]).toEqual([['a', 'b'], ['c']]);
  expect(stream.counts).toMatchObject({ received: 3, ok: 1, dropped: 1, failed: 1 });
  expect(errorsOf(objects)).toHaveLength(1);
});

test.each<[string, Invoke]>([
  ['lacks a record', () => ({ records: [] })],
  ['names another record', ({ records }) => ({ records: records.map(() => ({ recordId: 'x', result: 'Ok', data: '' })) })],
  ['has no result', ({ records }) => ({ records: records.map(({ recordId }) => ({ recordId })) })],
  ['is none', () => ({ nothing: true })],
])('an answer that %s fails all of its records, as Firehose does', async (_what, invoke) => {
  const { stream, failed, drain } = world(S3, invoke);
  stream.put(Buffer.from('one'), 'a');

  await drain();

  expect(failed).toEqual(['a']);
});

test('a record without partition keys is an error of its own, and counted as refused', async () => {
  const { stream, objects, drain } = world(S3, ({ records }) => ({
    records: records.map(({ recordId }) => ({ recordId, result: 'Ok', data: Buffer.from('x\n').toString('base64') })),
  }));
  stream.put(Buffer.from('one'), 'a');

  await drain();

  expect(stream.delivered).toMatchObject({ delivered: 0, refused: 1 });
  expect(errorsOf(objects)[0]?.[0]).toContain('errors/dynamic-partitioning-failed/');
});

test('documents go into the index of their arrival, with an id that stays the same while they are tried again', async () => {
  let attempts = 0;
  const { stream, posted, drain } = world(SEARCH, (event) => ok(event), {
    change: { bufferMs: 60_000 },
    post: (lines) =>
      attempts++ === 0
        ? { status: 429, text: '' }
        : { status: 200, text: JSON.stringify({ items: lines.filter((_, i) => i % 2 === 0).map(() => ({ index: { status: 201 } })) }) },
  });
  stream.put(Buffer.from('{"a":1}'), 'a');

  await drain();

  expect(posted).toHaveLength(2);
  expect(posted[0]).toEqual(posted[1]);
  expect(JSON.parse(posted[0]?.[0] ?? '')).toEqual({ index: { _index: 'app-2026-11-21', _id: 'logs-000000000000' } });
  expect(stream.delivered.delivered).toBe(1);
});

test('a document that the search refuses is kept, and its neighbours are there', async () => {
  const { stream, objects, drain } = world(SEARCH, (event) => ok(event), {
    post: () => ({
      status: 200,
      text: JSON.stringify({
        items: [{ index: { status: 201 } }, { index: { status: 400, error: { type: 'mapper_parsing_exception' } } }],
      }),
    }),
  });
  stream.put(Buffer.from('{"a":1}'), 'a');
  stream.put(Buffer.from('{"a":{}}'), 'b');

  await drain();

  expect(stream.delivered).toMatchObject({ delivered: 1, refused: 1 });
  expect(errorsOf(objects)).toMatchObject([
    [
      expect.stringContaining('letters/errors/AmazonOpenSearchService-failed/'),
      { errorMessage: expect.stringContaining('mapper_parsing') },
    ],
  ]);
});

test('a search that stays away is tried for the time of retries, then documents are kept', async () => {
  const { clock, stream, drain, posted } = world(SEARCH, (event) => ok(event), { post: () => ({ status: 503, text: '' }) });
  stream.put(Buffer.from('{"a":1}'), 'a');

  await drain();

  expect(posted.length).toBeGreaterThan(2);
  expect(stream.delivered).toMatchObject({ delivered: 0, refused: 1 });
  expect(clock.now() - START).toBeLessThanOrEqual(60_000);
});

test('with a backup of all every document is in the bucket too', async () => {
  const { stream, objects, drain } = world({ ...SEARCH, backsUpAll: true }, (event) => ok(event));
  stream.put(Buffer.from('{"a":1}'), 'a');

  await drain();

  expect([...objects.keys()]).toEqual(['letters/all/logs-1-2026-11-21-08-00-00-id0']);
});

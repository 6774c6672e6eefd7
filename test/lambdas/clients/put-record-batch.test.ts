import fc from 'fast-check';
import { createPutRecords, type PutRecordPorts } from '../../../lambdas/clients/put-record-batch.ts';
import { type HttpResponse, TransportError } from '../../../lambdas/clients/signed-http.ts';
import { type Entry, MAX_BATCH_BYTES, MAX_BATCH_RECORDS } from '../../../lambdas/core/firehose/record-plan.ts';

interface Call {
  readonly stream: string;
  readonly records: readonly string[];
}

type Answer = { readonly status: number; readonly body: object } | 'no answer';

/** A Firehose that answers by script; what it accepts is in `taken`. */
function fakeFirehose(answer: (call: Call, number: number) => Answer, remainingMs = () => 60_000) {
  const calls: Call[] = [];
  const slept: number[] = [];
  const refusals: string[] = [];
  const ports: PutRecordPorts = {
    http: async ({ body = [], headers }) => {
      expect(headers?.['x-amz-target']).toBe('Firehose_20150804.PutRecordBatch');
      const { DeliveryStreamName, Records } = JSON.parse(Buffer.concat([...body]).toString('utf8')) as {
        DeliveryStreamName: string;
        Records: { Data: string }[];
      };
      const call = { stream: DeliveryStreamName, records: Records.map(({ Data }) => Buffer.from(Data, 'base64').toString('utf8')) };
      calls.push(call);
      const made = answer(call, calls.length);
      if (made === 'no answer') throw new TransportError('ECONNRESET', 'firehose');
      return { status: made.status, headers: {}, body: Buffer.from(JSON.stringify(made.body)) } satisfies HttpResponse;
    },
    sleep: async (ms) => {
      slept.push(ms);
    },
    random: () => 0.5,
    remainingMs,
    reserveMs: 3_000,
    onRefused: (what) => refusals.push(what),
  };
  return { calls, slept, refusals, put: createPutRecords({ region: 'us-east-1' }, ports) };
}

const entry = (text: string, stream = 'logs'): Entry => ({ stream, data: Buffer.from(text), events: 1 });
const accepted = ({ records }: Call, leftOut: (record: string) => boolean = () => false): Answer => ({
  status: 200,
  body: {
    FailedPutCount: records.filter(leftOut).length,
    RequestResponses: records.map((record) =>
      leftOut(record) ? { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow down.' } : { RecordId: `id-${record.length}` },
    ),
  },
});

test('what a call of status 200 left out is put again, and nothing else', async () => {
  const { calls, put, slept } = fakeFirehose((call, number) => accepted(call, (record) => number === 1 && record !== 'b'));

  expect(await put(['a', 'b', 'c'].map((text) => entry(text)))).toEqual([true, true, true]);

  expect(calls.map(({ records }) => records)).toEqual([
    ['a', 'b', 'c'],
    ['a', 'c'],
  ]);
  expect(slept).toEqual([150]);
});

test('each record says whether it was accepted, when the time is up before all of them were', async () => {
  let left = 60_000;
  const { put } = fakeFirehose(
    (call) => {
      left = 4_000;
      return accepted(call, (record) => record === 'b');
    },
    () => left,
  );

  expect(await put(['a', 'b', 'c'].map((text) => entry(text)))).toEqual([true, false, true]);
});

test('records of different streams go in calls of their own', async () => {
  const { calls, put } = fakeFirehose((call) => accepted(call));

  await put([entry('a', 'one'), entry('b', 'two'), entry('c', 'one')]);

  expect(calls.map(({ stream, records }) => [stream, records])).toEqual([
    ['one', ['a', 'c']],
    ['two', ['b']],
  ]);
});

test('throttling, 5xx and lost connections are tried again', async () => {
  const script: Answer[] = [
    { status: 400, body: { __type: 'com.amazonaws#ServiceUnavailableException' } },
    { status: 500, body: {} },
    'no answer',
  ];
  const { put, calls } = fakeFirehose((call, number) => script[number - 1] ?? accepted(call));

  expect(await put([entry('a')])).toEqual([true]);
  expect(calls).toHaveLength(4);
});

test.each(['ResourceNotFoundException', 'AccessDeniedException', 'InvalidArgumentException'])(
  '%s is final at once, and told without the data',
  async (type) => {
    const { put, calls, refusals } = fakeFirehose(() => ({ status: 400, body: { __type: type, message: 'secret' } }));

    expect(await put([entry('a')])).toEqual([false]);
    expect(calls).toHaveLength(1);
    expect(refusals).toEqual([`PutRecordBatch into logs: ${type}`]);
  },
);

test('an answer that is no JSON, or names fewer records, accepts nothing by mistake', async () => {
  const short = fakeFirehose(() => ({ status: 200, body: { RequestResponses: [{ RecordId: 'x' }] } }));
  const none = fakeFirehose(() => ({ status: 200, body: [] }));

  expect(await short.put([entry('a'), entry('b')])).toEqual([true, true]);
  expect(short.calls.map(({ records }) => records)).toEqual([['a', 'b'], ['b']]);
  expect(await none.put([entry('a')])).toEqual([false]);
});

test('a call never holds more than Firehose takes, and all records are in some call', async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 1_000 * 1024 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(sizes, fc.integer({ min: 0, max: 1_200 }), async (large, small) => {
      const data = [...large.map((size) => Buffer.alloc(size, 97)), ...Array.from({ length: small }, () => Buffer.from('s'))];
      const { put, calls } = fakeFirehose((call) => accepted(call));

      expect(await put(data.map((bytes) => ({ stream: 'logs', data: bytes, events: 1 })))).toEqual(data.map(() => true));

      for (const { records } of calls) {
        expect(records.length).toBeLessThanOrEqual(MAX_BATCH_RECORDS);
        expect(records.reduce((sum, record) => sum + record.length, 0)).toBeLessThanOrEqual(MAX_BATCH_BYTES);
      }
      expect(calls.reduce((sum, { records }) => sum + records.length, 0)).toBe(data.length);
    }),
    { numRuns: 8 },
  );
});

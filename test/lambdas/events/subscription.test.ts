import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { chunkSize, MAX_UNPACKED_BYTES } from '../../../lambdas/events/gzip.ts';
import { directData, kinesisRecords } from '../../../lambdas/events/kinesis.ts';
import { openSubscription } from '../../../lambdas/events/subscription.ts';
import { writeUtf8 } from '../../../lambdas/events/utf8.ts';

const EVENT = { id: '39493847293847293847293847293847293847293847293847293847', timestamp: 1_763_700_000_000, message: 'hello é 日本 🚀' };
const PAYLOAD = {
  messageType: 'DATA_MESSAGE',
  owner: '111122223333',
  logGroup: '/aws/eks/prod/cluster',
  logStream: 'kube-apiserver-audit-0123',
  subscriptionFilters: ['eks-telemetry'],
  logEvents: [EVENT],
};
const pack = (payload: unknown): Buffer => gzipSync(typeof payload === 'string' ? payload : JSON.stringify(payload));
const base64 = (payload: unknown): string => pack(payload).toString('base64');
const reasonOf = (data: string | Uint8Array): string | undefined => {
  const opened = openSubscription(data);
  return opened.kind === 'bad' ? opened.reason : undefined;
};

test('opens base64 text and bytes alike', () => {
  const expected = {
    kind: 'data',
    batch: { owner: '111122223333', logGroup: '/aws/eks/prod/cluster', logStream: 'kube-apiserver-audit-0123', events: [EVENT] },
  };

  expect(openSubscription(base64(PAYLOAD))).toEqual(expected);
  expect(openSubscription(new Uint8Array(pack(PAYLOAD)))).toEqual(expected);
});

test('a control message is told apart', () => {
  expect(openSubscription(base64({ ...PAYLOAD, messageType: 'CONTROL_MESSAGE', logEvents: [] }))).toEqual({ kind: 'control' });
});

test('an empty batch is a batch', () => {
  expect(openSubscription(base64({ ...PAYLOAD, logEvents: [] }))).toMatchObject({ kind: 'data', batch: { events: [] } });
});

test.each<[string, string | Uint8Array, string]>([
  ['nothing', '', 'bad-base64'],
  ['text that is no base64', 'not base64 at all!', 'bad-base64'],
  ['base64 of something else', Buffer.from('{"messageType":"DATA_MESSAGE"}').toString('base64'), 'bad-gzip'],
  ['a gzip that is cut', pack(PAYLOAD).subarray(0, 60), 'bad-gzip'],
  ['base64 that is cut', base64(PAYLOAD).slice(0, 80), 'bad-gzip'],
  ['a gzip with a flipped bit', flipped(pack(PAYLOAD), 40), 'bad-gzip'],
  ['a gzip with a wrong checksum', flipped(pack(PAYLOAD), -8), 'bad-gzip'],
  ['gzip of no JSON', base64('hello'), 'bad-json'],
  ['gzip of cut JSON', base64(JSON.stringify(PAYLOAD).slice(0, 100)), 'bad-json'],
  ['JSON that is no object', base64('[1]'), 'bad-envelope'],
  ['null', base64('null'), 'bad-envelope'],
  ['an unknown type', base64({ ...PAYLOAD, messageType: 'OTHER' }), 'bad-envelope'],
  ['no log group', base64({ ...PAYLOAD, logGroup: 7 }), 'bad-envelope'],
  ['no list of events', base64({ ...PAYLOAD, logEvents: {} }), 'bad-envelope'],
])('%s is a value with its reason', (_name, data, reason) => {
  expect(reasonOf(data)).toBe(reason);
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  const position = at < 0 ? copy.length + at : at;
  copy[position] = (copy[position] as number) ^ 0x10;
  return copy;
}

test('no bytes whatever throw', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => void openSubscription(bytes)));
  fc.assert(fc.property(fc.string(), (text) => void openSubscription(text)));
  fc.assert(fc.property(fc.json(), (json) => void openSubscription(pack(json))));
});

test('an event that lacks something keeps its place and leaves its neighbours alone', () => {
  const opened = openSubscription(base64({ ...PAYLOAD, logEvents: [EVENT, { id: 'x', message: 7 }, null, { ...EVENT, id: 'y' }] }));

  if (opened.kind !== 'data') throw new Error(opened.kind);
  expect(opened.batch.events.map(({ id }) => id)).toEqual([EVENT.id, 'x', '', 'y']);
  expect(opened.batch.events[1]).toEqual({ id: 'x', timestamp: Number.NaN, message: '{"id":"x","message":7}' });
});

test('a bomb is refused without being unpacked', () => {
  const bomb = gzipSync(Buffer.alloc(MAX_UNPACKED_BYTES + 1));

  expect(reasonOf(bomb)).toBe('too-large');
});

test.each<[string, number, number]>([
  ['a small size', 100, 16 * 1024],
  ['a true size', 100_000, 100_001],
  ['a size that gzip cannot reach', 4_000_000_000, 1032 * 1000],
])('the chunk size follows the trailer within bounds: %s', (_name, claimed, expected) => {
  const bytes = Buffer.alloc(1000);
  bytes.writeUInt32LE(claimed, 996);

  expect(chunkSize(bytes)).toBe(expected);
});

test('a trailer that lies about the size changes nothing but speed', () => {
  const bytes = pack(PAYLOAD);
  const longer = Buffer.concat([pack({ ...PAYLOAD, logEvents: Array.from({ length: 2000 }, (_, i) => ({ ...EVENT, id: String(i) })) })]);

  expect(openSubscription(bytes).kind).toBe('data');
  const opened = openSubscription(longer);
  expect(opened.kind === 'data' && opened.batch.events.length).toBe(2000);
});

describe('system fields of a centralized group', () => {
  const lifted = (message: string, beside?: unknown) => {
    const opened = openSubscription(
      base64({ ...PAYLOAD, logEvents: [{ ...EVENT, message, ...(beside ? { extractedFields: beside } : {}) }] }),
    );
    if (opened.kind !== 'data') throw new Error(opened.kind);
    return opened.batch.events[0];
  };

  test.each([
    ['at the end', '{"verb":"get","@aws.account":"444455556666","@aws.region":"eu-central-1"}'],
    ['at the start', '{"@aws.account":"444455556666","@aws.region":"eu-central-1","verb":"get"}'],
    ['around', '{"@aws.account" : "444455556666", "verb":"get", "@aws.region":"eu-central-1"}'],
  ])('%s of the message become account and Region', (_name, message) => {
    expect(lifted(message)).toMatchObject({ account: '444455556666', region: 'eu-central-1' });
    expect(JSON.parse(lifted(message)?.message ?? '')).toEqual({ verb: 'get' });
  });

  test('beside the message leave it as it is', () => {
    expect(lifted('plain text', { '@aws.account': '444455556666', '@aws.region': 'eu-central-1' })).toEqual({
      ...EVENT,
      message: 'plain text',
      account: '444455556666',
      region: 'eu-central-1',
    });
  });

  test.each([
    ['text with "@aws.account":"444455556666"'],
    ['{"@aws.account":"mine"}'],
    ['{"a":{"@aws.account":"444455556666"}}'],
    ['{"@aws.account":'],
  ])('%s is the application’s own', (message) => {
    expect(lifted(message)).toEqual({ ...EVENT, message });
  });
});

test('Kinesis records are opened one by one, with their numbers', () => {
  const event = {
    Records: [
      { kinesis: { sequenceNumber: '1', data: base64(PAYLOAD), approximateArrivalTimestamp: 1_763_700_000.5 } },
      { kinesis: { sequenceNumber: '2', data: 'broken' } },
    ],
  };

  const records = kinesisRecords(event);

  expect(records?.map(({ sequenceNumber, arrivedMs }) => [sequenceNumber, arrivedMs])).toEqual([
    ['1', 1_763_700_000_500],
    ['2', undefined],
  ]);
  expect(records?.map((record) => record.open().kind)).toEqual(['data', 'bad']);
});

test('other events are not mistaken for ours', () => {
  expect(kinesisRecords({ awslogs: { data: 'x' } })).toBeUndefined();
  expect(kinesisRecords(null)).toBeUndefined();
  expect(kinesisRecords({ Records: [{ s3: {} }] })).toBeUndefined();
  expect(directData({ awslogs: { data: 'x' } })).toBe('x');
  expect(directData({ Records: [] })).toBeUndefined();
  expect(directData(undefined)).toBeUndefined();
});

test('texts are written as UTF-8, a lone surrogate as U+FFFD', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 0, max: 9 }), (text, offset) => {
      const bytes = new Uint8Array(offset + text.length * 3);

      const written = writeUtf8(text, bytes, offset);

      expect(Buffer.from(bytes.subarray(offset, offset + written)).toString('utf8')).toBe(text.toWellFormed());
    }),
  );
  const bytes = new Uint8Array(3);
  expect(writeUtf8('\ud800', bytes, 0)).toBe(3);
});

import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { ARCHIVE_COLUMNS } from '../../../../lambdas/core/firehose/archive-lines.ts';
import { openForArchive } from '../../../../lambdas/events/firehose.ts';
import { APPLICATION, application, CONTROL_PLANE, NOW, record, sampleLines } from '../index/transform-support.ts';
import { archive, linesOf, payload } from './support.ts';

const MOMENT = { arrivedMs: NOW, nowMs: NOW };
const AUDIT = 'kube-apiserver-audit-0123456789abcdef0123456789abcdef';
const HOUR_MS = 3_600_000;

function open(data: Buffer) {
  const opened = openForArchive(data);
  if (opened.kind !== 'spans' && opened.kind !== 'data') throw new Error(opened.kind);
  return opened;
}

test('a line has the columns of the archive in their order, and the original message', () => {
  const message = '{"kind":"Event","user":"a\\"b","path":"C:\\\\x"}';
  const id = '39493847293847293847293847293847293847293847200000000001';
  const data = payload({ logGroup: CONTROL_PLANE, logStream: AUDIT, logEvents: [{ id, timestamp: NOW - 1, message }] });

  const opened = open(data);
  const [set, ...others] = archive().of(opened.batch, MOMENT) ?? [];

  expect(opened.kind).toBe('spans');
  expect(others).toEqual([]);
  expect(set?.partition).toEqual({ kind: 'audit', cluster: 'prod', dt: '2026-11-21', hr: '08' });
  const [line] = linesOf(set?.lines as Uint8Array);
  expect(Object.keys(line as object)).toEqual([...ARCHIVE_COLUMNS]);
  expect(line).toEqual({
    ...{ event_id: id, timestamp: NOW - 1, time: '2026-11-21T08:39:59.999Z', account: '111122223333', region: 'us-east-1' },
    ...{ cluster: 'prod', kind: 'audit', source: 'control-plane', log_group: CONTROL_PLANE, log_stream: AUDIT, application: '', message },
  });
});

test.each([
  ['audit', 'kube-apiserver-audit', AUDIT],
  ['api', 'kube-apiserver.', 'kube-apiserver-0123456789abcdef0123456789abcdef'],
  ['authenticator', 'authenticator', 'authenticator-0123456789abcdef0123456789abcdef'],
])('real %s lines come out as they went in', (kind, sample, logStream) => {
  const messages = sampleLines('control-plane', sample).slice(0, 400);
  const logEvents = messages.map((message, i) => ({ id: String(10 ** 15 + i), timestamp: NOW - 1000 + i, message }));

  const opened = open(payload({ logGroup: CONTROL_PLANE, logStream, logEvents }));
  const sets = archive().of(opened.batch, MOMENT) ?? [];

  expect(opened.kind).toBe('spans');
  expect(sets.map(({ partition }) => partition.kind)).toEqual([kind]);
  expect(linesOf(sets[0]?.lines as Uint8Array).map(({ message }) => message)).toEqual(messages);
  expect(sets[0]?.ends).toHaveLength(messages.length);
});

test('whatever messages, ids and times a payload has, both ways of reading write the same lines', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('"},{"id":"', '\\', '\u0000\u2028', '\ud800'),
  );
  const event = fc.record({
    id: fc.oneof(
      fc.stringMatching(/^[0-9]{1,56}$/),
      text.filter((id) => id !== ''),
    ),
    timestamp: fc.oneof(fc.integer({ min: NOW - 3 * HOUR_MS, max: NOW }), fc.nat()),
    message: text,
  });
  fc.assert(
    fc.property(fc.array(event, { minLength: 1, maxLength: 12 }), (logEvents) => {
      const envelope = { logGroup: CONTROL_PLANE, logStream: 'kube-scheduler-é', logEvents };
      const opened = open(payload(envelope));
      // A blank that CloudWatch does not write sends it the other way.
      const spaced = open(gzipSync(JSON.stringify({ messageType: 'DATA_MESSAGE', owner: '111122223333', ...envelope }, null, 1)));

      const sets = archive().of(opened.batch, MOMENT) ?? [];
      const others = archive().of(spaced.batch, MOMENT) ?? [];

      expect([opened.kind, spaced.kind]).toEqual(['spans', 'data']);
      expect(sets.map(({ partition }) => partition)).toEqual(others.map(({ partition }) => partition));
      const read = (set: { lines: Uint8Array }) => linesOf(set.lines);
      expect(sets.map(read)).toEqual(others.map(read));
      const messages = sets.flatMap((set) => read(set).map(({ message }) => message));
      expect([...messages].sort()).toEqual(logEvents.map(({ message }) => message).sort());
    }),
    { numRuns: 150 },
  );
});

test('events of two hours are two sets, by the time of the event in UTC', () => {
  const logEvents = [-2, -1, 0, 1].map((step, i) => ({
    id: `${i + 1}`,
    timestamp: Math.floor(NOW / HOUR_MS) * HOUR_MS + step,
    message: `m${i}`,
  }));

  const sets = archive().of(open(payload({ logGroup: CONTROL_PLANE, logStream: AUDIT, logEvents })).batch, MOMENT) ?? [];

  expect(sets.map(({ partition: { dt, hr }, lines }) => [dt, hr, linesOf(lines).map(({ message }) => message)])).toEqual([
    ['2026-11-21', '07', ['m0', 'm1']],
    ['2026-11-21', '08', ['m2', 'm3']],
  ]);
});

test('an event from the year 9999 keeps its time and lies where it arrived; one without time or id gets them', () => {
  const logEvents = [
    { id: '1', timestamp: Date.UTC(9999, 1, 1), message: 'far' },
    { timestamp: NOW, message: 'no id' },
    { id: '3', message: 'no time' },
  ];

  const sets = archive().of(open(payload({ logGroup: CONTROL_PLANE, logStream: AUDIT, logEvents })).batch, MOMENT) ?? [];

  expect(sets.map(({ partition }) => partition.dt)).toEqual(['2026-11-21']);
  const lines = linesOf(sets[0]?.lines as Uint8Array);
  expect(lines.map(({ time }) => time)).toEqual(['9999-02-01T00:00:00.000Z', '2026-11-21T08:40:00.000Z', '2026-11-21T08:40:00.000Z']);
  expect(lines[1]?.['event_id']).toMatch(/^h[0-9a-f]{64}$/);
});

test('a container record has its application; what a container prints cannot claim another', () => {
  const applications = [
    application({ name: 'shop', match: { container: 'web' } }),
    application({ name: 'bank', match: { container: 'bank' } }),
  ];
  const claim = '{"log":"x","kubernetes":{"container_name":"bank","pod_name":"bank-1","namespace_name":"team-a"}}';
  const messages = [
    record('first'),
    record(claim),
    record('x', { container: 'bank' }),
    claim,
    'plain',
    record(claim),
    record('y', { container: 'other' }),
  ];
  const logEvents = messages.map((message, i) => ({ id: `${i + 1}`, timestamp: NOW, message }));

  const sets = archive({ applications }).of(open(payload({ logGroup: APPLICATION, logStream: 's', logEvents })).batch, MOMENT) ?? [];
  const split = archive({ applications, byApplication: true }).of(
    open(payload({ logGroup: APPLICATION, logStream: 's', logEvents })).batch,
    MOMENT,
  );

  const lines = linesOf(sets[0]?.lines as Uint8Array);
  expect(lines.map(({ application: name }) => name)).toEqual(['shop', 'shop', 'bank', 'bank', '', 'shop', '']);
  expect(lines.map(({ message }) => message)).toEqual(messages);
  expect(split?.map(({ partition }) => partition.application)).toEqual(['shop', 'bank', 'none']);
});

test('events of another account keep it, whichever way they are read', () => {
  const message = JSON.stringify({ '@aws.account': '444455556666', '@aws.region': 'eu-west-1', a: 1 });
  const sets = archive().of(
    open(payload({ logGroup: CONTROL_PLANE, logStream: AUDIT, logEvents: [{ id: '1', timestamp: NOW, message }] })).batch,
    MOMENT,
  );

  expect(linesOf(sets?.[0]?.lines as Uint8Array)[0]).toMatchObject({ account: '444455556666', region: 'eu-west-1', message: '{"a":1}' });
});

test('a log group that no source names has no place', () => {
  const data = payload({ logGroup: '/other', logStream: 's', logEvents: [{ id: '1', timestamp: NOW, message: 'm' }] });

  expect(archive().of(open(data).batch, MOMENT)).toBeUndefined();
});

test.each<[string, Buffer, string]>([
  [
    'truncated gzip',
    payload({ logGroup: CONTROL_PLANE, logStream: AUDIT, logEvents: [{ id: '1', timestamp: 1, message: 'x'.repeat(5000) }] }).subarray(
      0,
      60,
    ),
    'bad-gzip',
  ],
  ['gzip of something else', gzipSync('no JSON at all, but long enough to be read'), 'bad-json'],
  ['another envelope', gzipSync('{"messageType":"OTHER","logEvents":[]}'), 'bad-envelope'],
  [
    'a string that is not closed',
    gzipSync('{"messageType":"DATA_MESSAGE","owner":"1","logGroup":"g","logStream":"s","logEvents":[{"id":"1","timestamp":1,"message":"x'),
    'bad-json',
  ],
  [
    'an escape that JSON has not',
    gzipSync(
      '{"messageType":"DATA_MESSAGE","owner":"1","logGroup":"g","logStream":"s","logEvents":[{"id":"1","timestamp":1,"message":"\\x"}]}',
    ),
    'bad-json',
  ],
])('%s is a reason, not an exception', (_name, data, reason) => {
  expect(openForArchive(data)).toMatchObject({ kind: 'bad', reason });
});

test('bytes that are no UTF-8 become text before they become lines', () => {
  const head =
    '{"messageType":"DATA_MESSAGE","owner":"1","logGroup":"/aws/eks/prod/cluster","logStream":"authenticator-1","logEvents":[{"id":"1","timestamp":1,"message":"';
  const opened = open(gzipSync(Buffer.concat([Buffer.from(head), Buffer.from([0xff, 0x41]), Buffer.from('"}]}')])));

  expect(opened.kind).toBe('data');
  expect(linesOf(archive().of(opened.batch, MOMENT)?.[0]?.lines as Uint8Array)[0]?.['message']).toBe('\uFFFDA');
});

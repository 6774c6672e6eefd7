import { continuation, queueMessages } from '../../../lambdas/events/s3-notification.ts';

const record = (key: string, eventName = 'ObjectCreated:Put') => ({
  eventVersion: '2.1',
  eventSource: 'aws:s3',
  eventTime: '2026-11-21T08:30:20.000Z',
  eventName,
  s3: { bucket: { name: 'logs' }, object: { key, size: 5, eTag: 'abc' } },
});
const one = (body: unknown) =>
  queueMessages({ Records: [{ messageId: 'm', body: typeof body === 'string' ? body : JSON.stringify(body) }] })?.[0];
const FILE = { bucket: 'logs', key: 'a b/ü+.gz', etag: 'abc', eventMs: Date.UTC(2026, 10, 21, 8, 30, 20), offset: 0 };

test('reads what S3 sends: several records, keys as a form writes them', () => {
  expect(one({ Records: [record('a+b/%C3%BC%2B.gz'), record('c.gz', 'ObjectCreated:CompleteMultipartUpload')] })).toEqual({
    messageId: 'm',
    kind: 'files',
    files: [FILE, { ...FILE, key: 'c.gz' }],
  });
});

test('reads the same by way of a topic, and what EventBridge sends', () => {
  expect(one({ Type: 'Notification', Message: JSON.stringify({ Records: [record('a+b/%C3%BC%2B.gz')] }) })).toMatchObject({
    files: [FILE],
  });
  const detail = { bucket: { name: 'logs' }, object: { key: 'a b/ü+.gz', etag: 'abc' } };
  expect(one({ 'detail-type': 'Object Created', time: '2026-11-21T08:30:20Z', detail })).toMatchObject({ files: [FILE] });
});

test('has nothing to do for a test message and for deletions', () => {
  expect(one({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'logs' })).toEqual({ messageId: 'm', kind: 'nothing' });
  expect(one({ Records: [record('a', 'ObjectRemoved:Delete')] })).toMatchObject({ kind: 'nothing' });
  expect(one({ 'detail-type': 'Object Deleted', detail: {} })).toMatchObject({ kind: 'nothing' });
});

test('reads its own message for the rest of a file', () => {
  expect(one(continuation(FILE, 4_711))).toMatchObject({ files: [{ ...FILE, offset: 4_711 }] });
});

test.each([
  '',
  'nonsense',
  '[]',
  '{}',
  '{"Records":[{"s3":{}}]}',
  '{"Records":[{"s3":{"bucket":{"name":"b"},"object":{"key":5}}}]}',
  '{"eksTelemetry":"continue"}',
])('keeps the body of a message that names no file: %j', (body) => {
  expect(one(body)).toEqual({ messageId: 'm', kind: 'bad', body });
});

test.each([null, {}, { Records: 5 }, { Records: [{ body: 'x' }] }, { Records: [{ messageId: 'm' }] }])(
  'says no to an event that is of no queue: %j',
  (event) => {
    expect(queueMessages(event)).toBeUndefined();
  },
);

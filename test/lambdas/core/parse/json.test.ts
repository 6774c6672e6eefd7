import { createJsonParser } from '../../../../lambdas/core/parse/json.ts';
import { parseZap } from '../../../../lambdas/core/parse/zap.ts';
import { objectOf } from './support.ts';

const parse = createJsonParser();
const FIELDS = {
  'http.status': 'integer',
  'http.latency_ms': 'double',
  'http.tls.version': 'keyword',
  n: 'long',
  trace_id: 'keyword',
  at: 'date',
  on: 'boolean',
  from: 'ip',
} as const;
const parseTyped = createJsonParser(FIELDS);

test('finds message, level and time, and keeps the whole text under json', () => {
  const text = '{"ts": "2026-11-21T08:27:07.171367Z", "level": "warn", "msg": "user \\"zo\\u00eb\\"", "big": 9223372036854775808}';
  const parsed = parse(text);

  expect(parsed).toMatchObject({ format: 'json', level: 'warning', timestamp: '2026-11-21T08:27:07.171367Z' });
  expect(parsed?.members).toBe(`"message":"user \\"zo\\u00eb\\"","json":${text}`);
});

test.each([
  ['{"time":1763713387.5,"level":30,"message":"a","msg":"b"}', { timestamp: '2025-11-21T08:23:07.5Z', level: 'info' }, 'a'],
  ['{"timestamp":1763713387123,"severity":"ERROR","log":"c"}', { timestamp: '2025-11-21T08:23:07.123Z', level: 'error' }, 'c'],
  [
    '{"@timestamp":"2026-11-21T09:27:07+01:00","time":5,"lvl":"dbg","event":"d"}',
    { timestamp: '2026-11-21T08:27:07Z', level: 'debug' },
    'd',
  ],
  [
    '{"ts":1763713387123456789,"log.level":"fatal","msg":{"a":1}}',
    { timestamp: '2025-11-21T08:23:07.123456789Z', level: 'fatal' },
    '{"a":1}',
  ],
  ['{"a":1}', { timestamp: undefined, level: undefined }, ''],
  ['{"ts":"soon","level":"loud","msg":null}', { timestamp: undefined, level: undefined }, ''],
])('reads %s', (text, facts, message) => {
  const parsed = parse(text);

  expect(parsed).toMatchObject(facts);
  expect(objectOf(parsed)['message']).toBe(message);
});

test.each(['', 'x', '[1]', '"x"', '5', '{"a":1} tail', '{"a":', 'null'])('says no to %j', (text) => {
  expect(parse(text)).toBeUndefined();
});

test('types declared fields at the top under their own names', () => {
  const text =
    '{"http":{"status":200,"latency_ms":545.04,"tls":{"version":"1.3"}},"n":9223372036854775807,"trace_id":7,"at":"2026-11-21 08:00:00","on":true,"from":"203.0.113.7"}';
  const parsed = parseTyped(text);

  expect(parsed?.members).toContain('"n":9223372036854775807');
  expect(objectOf(parsed)).toMatchObject({
    http: { status: 200, latency_ms: 545.04, tls: { version: '1.3' } },
    trace_id: '7',
    at: '2026-11-21T08:00:00Z',
    on: true,
    from: '203.0.113.7',
  });
});

test.each([
  ['{"http.status":404}', { http: { status: 404 } }],
  ['{"http":{"status":"500"}}', { http: { status: 500 } }],
  ['{"http":{"status":[1,"2",null,{"a":1},"x"]}}', { http: { status: [1, 2] } }],
])('finds a declared field in %s', (text, expected) => {
  expect(objectOf(parseTyped(text))).toMatchObject(expected);
});

test.each([
  '{"n":9223372036854775808}',
  '{"n":"many"}',
  '{"n":1e400}',
  '{"n":{"a":1}}',
  '{"http":{"latency_ms":1e400}}',
  '{"on":"maybe"}',
  '{"from":"300.1.1.1"}',
  '{"at":"soon"}',
  '{"n":null}',
])('leaves out of the typed fields what OpenSearch would refuse: %s', (text) => {
  expect(Object.keys(objectOf(parseTyped(text)))).toEqual(['message', 'json']);
});

test('finds declared fields also where the text cannot be reused', () => {
  expect(objectOf(parseTyped('{"n":1,"n":2,"http":{"status":200},\n"msg":"x"}'))).toEqual({
    message: 'x',
    n: 2,
    http: { status: 200 },
    json: { n: 2, http: { status: 200 }, msg: 'x' },
  });
});

test('never lets a declared field take a name of the envelope or of a parser', () => {
  const parsed = createJsonParser({
    'event.id': 'keyword',
    message: 'keyword',
    'log.level': 'keyword',
    json: 'keyword',
    kv: 'keyword',
    'a.': 'long',
    ok: 'long',
  })('{"event":{"id":"x"},"log":{"level":"y"},"json":1,"kv":2,"ok":3}');

  expect(Object.keys(objectOf(parsed))).toEqual(['message', 'ok', 'json']);
});

test('a field that is also the parent of another one keeps the first meaning', () => {
  expect(objectOf(createJsonParser({ http: 'keyword', 'http.status': 'long' })('{"http":"x"}'))).toMatchObject({ http: 'x' });
});

test('reads a line of zap: its own keys have fields, the rest goes to json', () => {
  const line =
    '{"level":"warn","ts":"2026-05-23T10:15:02.123456Z","logger":"etcd-client","caller":"v3@v3.5.21/retry_interceptor.go:63","msg":"retrying of unary invoker failed","target":"etcd-endpoints://0xc000d0c000/127.0.0.1:2379","attempt":0,"error":"mvcc: database space exceeded"}';

  expect(objectOf(parseZap(line))).toEqual({
    '@timestamp': '2026-05-23T10:15:02.123456Z',
    log: { level: 'warning', logger: 'etcd-client', origin: { file: { name: 'v3@v3.5.21/retry_interceptor.go', line: 63 } } },
    message: 'retrying of unary invoker failed',
    error: { message: 'mvcc: database space exceeded' },
    json: { target: 'etcd-endpoints://0xc000d0c000/127.0.0.1:2379', attempt: 0, error: 'mvcc: database space exceeded' },
  });
  expect(parseZap('{"level":"info","ts":1763713387.171,"msg":"a"}')).toMatchObject({
    timestamp: '2025-11-21T08:23:07.171Z',
    members: '"message":"a"',
  });
  expect(parseZap('{"level":"info","msg":"no time"}')).toBeUndefined();
});

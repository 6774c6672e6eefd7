import { cutUtf8, utf8Bytes } from '../../../../lambdas/core/parse/cut.ts';
import { isIp, typedText } from '../../../../lambdas/core/parse/fields.ts';
import { levelOf, levelOfNumber } from '../../../../lambdas/core/parse/level.ts';
import { createParser, parseOrText } from '../../../../lambdas/core/parse/registry.ts';
import { controlPlaneKind, formatOfKind } from '../../../../lambdas/core/parse/stream-kind.ts';
import { CONTEXT, objectOf } from './support.ts';

const HEX = '0123456789abcdef0123456789abcdef';

test.each([
  [`kube-apiserver-audit-${HEX}`, 'audit'],
  [`kube-apiserver-${HEX}`, 'api'],
  [`authenticator-${HEX}`, 'authenticator'],
  [`kube-controller-manager-${HEX}`, 'controllerManager'],
  [`cloud-controller-manager-${HEX}`, 'controllerManager'],
  [`kube-scheduler-${HEX}`, 'scheduler'],
  ['kube-apiserver-audit', 'audit'],
  ['kube-scheduler.log', 'scheduler'],
  [`kube-proxy-${HEX}`, undefined],
  ['authenticators', undefined],
  ['', undefined],
])('the stream %s is %s', (stream, kind) => {
  expect(controlPlaneKind(stream)).toBe(kind);
});

test('every kind has its format', () => {
  expect((['audit', 'api', 'authenticator', 'controllerManager', 'scheduler'] as const).map(formatOfKind)).toEqual([
    'audit',
    'klog',
    'logrus',
    'klog',
    'klog',
  ]);
});

test('keeps a text that is not of its format, with the reason', () => {
  expect(parseOrText(createParser('audit'), 'audit', 'x\n', CONTEXT)).toMatchObject({
    format: 'text',
    members: '"message":"x"',
    error: 'not audit',
  });
});

test('an api stream holds zap lines too, an authenticator stream klog lines', () => {
  expect(createParser('klog')('{"level":"warn","ts":1763713387,"msg":"x"}', CONTEXT)?.format).toBe('zap');
  expect(createParser('logrus')('I1121 08:23:24.123456   26491 file.go:64] x', CONTEXT)?.format).toBe('klog');
});

test.each(['yaml', 'regex:legacy', 'constructor', ''])('refuses the format %j', (format) => {
  expect(() => createParser(format)).toThrow(`format ${format}: `);
});

const PATTERN = { regex: '^(?<time>\\S+) (?<level>[A-Z]+) (?<http_status>\\d+) (?<user>\\w+)? ?(?<message>.*)$', timeKey: 'time' };

test("a user's pattern: typed groups at the top, others in kv", () => {
  const parse = createParser('regex:own', { pattern: PATTERN, fields: { 'http.status': 'integer' } });

  expect(objectOf(parse('2026-11-21T08:23:24Z WARN 404 alice hello\nworld\n', CONTEXT))).toEqual({
    '@timestamp': '2026-11-21T08:23:24Z',
    log: { level: 'warning' },
    message: 'hello\nworld',
    http: { status: 404 },
    kv: { user: 'alice' },
  });
  expect(objectOf(parse('soon LOUD 99999999999 x', CONTEXT))).toEqual({
    message: '',
    kv: { time: 'soon', level: 'LOUD', http_status: '99999999999', user: 'x' },
  });
  expect(parse('no match', CONTEXT)).toBeUndefined();
});

test.each([
  ['epochSeconds', '1763713387.5', '2025-11-21T08:23:07.5Z'],
  ['epochMillis', '1763713387005', '2025-11-21T08:23:07.005Z'],
  ['%d/%b/%Y', '21/Nov/2026', '2026-11-21T00:00:00Z'],
  ['iso8601', '2026-11-21T08:23:07+01:00', '2026-11-21T07:23:07Z'],
])("a user's time in %s", (timeFormat, time, expected) => {
  expect(createParser('regex:own', { pattern: { regex: '^(?<t>\\S+)', timeKey: 't', timeFormat } })(`${time} x`, CONTEXT)?.timestamp).toBe(
    expected,
  );
});

test.each([
  ['I1121 08:23:24.123456   26491 file.go:64] x', 'klog'],
  ['{"a":1}', 'json'],
  ['{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"x"}', 'audit'],
  ['{"kind":"Event","apiVersion":"v1"}', 'json'],
  ['{"level":"warn","ts":1763713387,"caller":"a.go:1","msg":"x"}', 'zap'],
  ['time="2026-11-21T08:24:50Z" level=info msg=x', 'logrus'],
  ['level=info msg="x y"', 'logfmt'],
  ['127.0.0.1 - - [21/Nov/2026:08:26:50 +0000] "GET / HTTP/1.0" 200 12 "-" "-"', 'nginx-access'],
  ['2026/11/21 08:26:48 [notice] 1#1: exit', 'nginx-error'],
  ['2026-11-21T08:26:53.683Z INFO [main] O m - x', 'java'],
  ['Traceback (most recent call last):\n  x\nValueError: y', 'python'],
  ['2022-02-09T06:34:28.587 | WARN | a | b | c | d | e | f', 'pipe'],
  ['http 2026-11-21T08:23:24.456468Z app/x/1 203.0.113.7:1 - -1 -1 -1 503 - 0 0 "GET http://h:80/ HTTP/1.1" "-" - -', 'alb'],
  ['2026-11-21T08:26:53Z INFO no more', 'text'],
  ['panic: not json "at all" {', 'text'],
  ['{"cut": "of', 'text'],
  ['Authenticator Version: "unversioned", ""', 'text'],
  ['key = value', 'text'],
  ['', 'text'],
])('auto finds out that %j is %s', (text, format) => {
  expect(createParser('auto')(text, CONTEXT)?.format).toBe(format);
});

test('auto keeps the time and level of a text that begins with them', () => {
  expect(createParser('auto')('2026-11-21 08:26:53.5 WARN disk is full', CONTEXT)).toMatchObject({
    format: 'text',
    timestamp: '2026-11-21T08:26:53.5Z',
    level: 'warning',
    members: '"message":"2026-11-21 08:26:53.5 WARN disk is full"',
  });
});

test.each([
  ['WARN', 'warning'],
  ['Warning', 'warning'],
  ['wrn', 'warning'],
  ['ERR', 'error'],
  ['SEVERE', 'error'],
  ['crit', 'fatal'],
  ['Information', 'info'],
  ['FINEST', 'trace'],
  ['loud', undefined],
  ['constructor', undefined],
])('the level %s is %s', (word, level) => {
  expect(levelOf(word)).toBe(level);
  expect(levelOf(word)).toBe(level);
});

test("pino's numbers are levels", () => {
  expect([10, 20, 30, 35, 40, 50, 60, 70, 0, Number.NaN].map(levelOfNumber)).toEqual([
    'trace',
    'debug',
    'info',
    'info',
    'warning',
    'error',
    'fatal',
    undefined,
    undefined,
    undefined,
  ]);
});

test.each([
  ['long', '9223372036854775807', '9223372036854775807'],
  ['long', '-9223372036854775808', '-9223372036854775808'],
  ['long', '9223372036854775808', undefined],
  ['long', '007', '7'],
  ['long', '1.9', '1'],
  ['long', '1e3', '1000'],
  ['long', '-0', '0'],
  ['long', '', undefined],
  ['integer', '2147483648', undefined],
  ['integer', '-2147483648', '-2147483648'],
  ['double', '.5', '0.5'],
  ['double', '1e400', undefined],
  ['double', 'NaN', undefined],
  ['boolean', 'true', 'true'],
  ['boolean', 'yes', undefined],
  ['date', '1763713387', '"2025-11-21T08:23:07Z"'],
  ['date', 'soon', undefined],
  ['ip', '::ffff:203.0.113.7', '"::ffff:203.0.113.7"'],
  ['ip', '203.0.113', undefined],
  ['keyword', 'a"b', '"a\\"b"'],
] as const)('a %s field takes %j as %j', (type, text, expected) => {
  expect(typedText(type, text)).toBe(expected);
});

test.each(['203.0.113.7', '::', '::1', '2001:db8::7', '1:2:3:4:5:6:7:8', '1:2:3:4:5:6:1.2.3.4'])('%s is an address', (text) => {
  expect(isIp(text)).toBe(true);
});

test.each([
  '',
  '1',
  '1.2.3.4.5',
  '1.2.3.256',
  '1:2',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7:8:9',
  'g::',
  'fe80::1%eth0',
  '1.2.3.4:',
  '1.1.2.3.4',
])('%s is none', (text) => {
  expect(isIp(text)).toBe(false);
});

test('cuts at the border of a character, and only what is too long', () => {
  expect(cutUtf8('short', 5)).toBe('short');
  expect(utf8Bytes('aé日🚀\ud800')).toBe(1 + 2 + 3 + 4 + 3);
  for (let size = 0; size < 40; size++) {
    const cut = cutUtf8('🚀日é'.repeat(10), size);
    expect(utf8Bytes(cut)).toBeLessThanOrEqual(size);
    expect(cut.isWellFormed()).toBe(true);
  }
});

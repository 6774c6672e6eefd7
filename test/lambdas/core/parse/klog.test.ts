import fc from 'fast-check';
import { unquoteGo } from '../../../../lambdas/core/parse/go-quote.ts';
import { parseKlog } from '../../../../lambdas/core/parse/klog.ts';
import { CONTEXT, objectOf } from './support.ts';

const HEAD = 'I1121 10:15:02.123456      11 schedule_one.go:302] ';

function klog(body: string, head = HEAD): { [key: string]: unknown } {
  return objectOf(parseKlog(head + body, CONTEXT));
}

test('reads the header: level, time, process and place', () => {
  expect(klog('Serving securely on 127.0.0.1:10259', 'W1121 08:23:29.420859 1234567 a_b.go:65] ')).toEqual({
    '@timestamp': '2026-11-21T08:23:29.420859Z',
    log: { level: 'warning', origin: { file: { name: 'a_b.go', line: 65 } } },
    message: 'Serving securely on 127.0.0.1:10259',
    process: { pid: 1234567 },
  });
});

test('promotes what is searched for most, and keeps every value in kv', () => {
  expect(
    klog('"Successfully bound pod to node" pod="default/web-6d4" node="ip-10-0-1-23.ec2.internal" evaluatedNodes=3 feasibleNodes=2'),
  ).toMatchObject({
    message: 'Successfully bound pod to node',
    object: { namespace: 'default', name: 'web-6d4' },
    node: 'ip-10-0-1-23.ec2.internal',
    evaluatedNodes: 3,
    feasibleNodes: 2,
    kv: { pod: 'default/web-6d4', node: 'ip-10-0-1-23.ec2.internal', evaluatedNodes: '3', feasibleNodes: '2' },
  });
  expect(klog('"HTTP" verb="GET" URI="/api/v1/pods?limit=500" latency="12.345678ms" audit-ID="8f1c0f1e" resp=200')).toMatchObject({
    event: { duration: 12_345_678 },
    audit_id: '8f1c0f1e',
    http: { response: { status_code: 200 } },
    kv: { verb: 'GET', URI: '/api/v1/pods?limit=500', latency: '12.345678ms' },
  });
  expect(klog('"M" logger="job-controller" err="x" reason="Because"')).toMatchObject({
    log: { logger: 'job-controller' },
    error: { message: 'x' },
    reason: 'Because',
  });
});

test.each<[string, string, { [key: string]: string }]>([
  ['Go escapes that JSON has too', 'a="say \\"x\\" \\\\ \\n \\t \\u00e9"', { a: 'say "x" \\ \n \t é' }],
  ['Go escapes that JSON has not', 'zone="us\\x00east" b="\\a\\v\\x7f\\U0001f680\\xff"', { zone: 'us\u0000east', b: '\x07\v\x7f🚀\ufffd' }],
  ['a backslash before an x', 'a="C:\\\\x00"', { a: 'C:\\x00' }],
  ['bare words and numbers', 'a=false b=3 c=<nil> d=', { a: 'false', b: '3', c: '<nil>', d: '' }],
  [
    'structs and maps with blanks',
    'a={Name:a B:c} b=map[a:b c:d] c=[a b] d=&{x y} e=1',
    { a: '{Name:a B:c}', b: 'map[a:b c:d]', c: '[a b]', d: '&{x y}', e: '1' },
  ],
  ['JSON', 'p={"a":[{"n":"x y=1","w":0}],"d":null} q="z"', { p: '{"a":[{"n":"x y=1","w":0}],"d":null}', q: 'z' }],
  ['lists of strings', 'r=["a","b c=d"] s=1', { r: '["a","b c=d"]', s: '1' }],
  ['a missing value', 'a="(MISSING)"', { a: '(MISSING)' }],
  [
    'a block, and what follows it',
    'err=<\n\tline "1"\n\n\t\tline 2\n > logger="L" x=1',
    { err: 'line "1"\n\n\tline 2', logger: 'L', x: '1' },
  ],
  ['a block that is not closed', 'config=<\n\tapiVersion: v1\n\tkind: X', { config: 'apiVersion: v1\nkind: X' }],
  ['the last of equal keys', 'a="1" b="2" a="3"', { a: '3', b: '2' }],
  [
    'a certificate',
    'd="\\"k\\" [] issuer=\\"<self>\\" (2026-11-21 08:00:00 +0000 UTC to 2027 (now=2026.5))" i=0',
    { d: '"k" [] issuer="<self>" (2026-11-21 08:00:00 +0000 UTC to 2027 (now=2026.5))', i: '0' },
  ],
])('reads %s', (_name, pairs, kv) => {
  expect(klog(`"Message" ${pairs}`)['kv']).toEqual(kv);
});

test.each([
  'Failed calling webhook, failing open a.example.com: failed calling webhook "a": Post "https://x": refused',
  '"quoted" words that go on',
  '"no end',
  '"M" key="no end',
  '"M" key="value"glued other="x"',
  '"M" not pairs at all',
  'Retaining queues for "x": config={"type":"Limited"}, nominalCL=5 (shares=0x1)',
  '\tTAB and \u0001 control',
])('keeps unstructured text whole: %s', (message) => {
  expect(klog(message)).toMatchObject({ message });
  expect(klog(message)['kv']).toBeUndefined();
});

test('keeps the lines after an unstructured message', () => {
  expect(klog('Trace[1]: "Update" url:/x\nTrace[1]: ---"Txn"\nTrace[1]: [5s] END\n')['message']).toBe(
    'Trace[1]: "Update" url:/x\nTrace[1]: ---"Txn"\nTrace[1]: [5s] END',
  );
});

test.each([
  ['', 'no text'],
  ['I1121', 'a piece of a header'],
  ['I1321 10:15:02.123456      11 a.go:3] x', 'a month 13'],
  ['I1121 24:15:02.123456      11 a.go:3] x', 'an hour 24'],
  ['I1121 10:15:02.12345x      11 a.go:3] x', 'a microsecond that is no digit'],
  ['D1121 10:15:02.123456      11 a.go:3] x', 'an unknown level'],
  ['I1121 10:15:02.123456      11 a.go] x', 'no line number'],
  ['I1121 10:15:02.123456      xx a.go:3] x', 'no process id'],
  ['{"level":"warn"}', 'JSON'],
])('says no to %j: %s', (text) => {
  expect(parseKlog(text, CONTEXT)).toBeUndefined();
});

describe('the year, which klog does not write', () => {
  const at = (header: string, eventTime: string): string | undefined =>
    parseKlog(`I${header}      11 a.go:3] x`, { eventTimeMs: Date.parse(eventTime) })?.timestamp;

  test.each([
    ["is the event's", '1121 10:15:02.123456', '2026-11-21T10:15:03Z', '2026-11-21T10:15:02.123456Z'],
    ["is the event's for an old record", '0102 10:15:02.123456', '2026-11-21T10:15:03Z', '2026-01-02T10:15:02.123456Z'],
    [
      'is the one before for 31 December delivered on 1 January',
      '1231 23:59:59.999999',
      '2027-01-01T00:00:01Z',
      '2026-12-31T23:59:59.999999Z',
    ],
    [
      'is the next one for 1 January delivered on 31 December',
      '0101 00:00:00.500000',
      '2026-12-31T23:59:59Z',
      '2027-01-01T00:00:00.500000Z',
    ],
    ["is the event's just under a day ahead", '1122 10:15:02.999999', '2026-11-21T10:15:03Z', '2026-11-22T10:15:02.999999Z'],
    ['is the one before more than a day ahead', '1122 10:15:04.000000', '2026-11-21T10:15:03Z', '2025-11-22T10:15:04.000000Z'],
    ['is one that has the 29 February', '0229 10:00:00.000000', '2028-03-01T00:00:00Z', '2028-02-29T10:00:00.000000Z'],
  ])('%s', (_name, header, event, expected) => {
    expect(at(header, event)).toBe(expected);
    expect(at(header, event)).toBe(expected);
  });

  test('is left open where no year has that day', () => {
    expect(at('0230 10:00:00.000000', '2026-11-21T10:15:03Z')).toBeUndefined();
    expect(at('0229 10:00:00.000000', '2026-11-21T10:15:03Z')).toBeUndefined();
    expect(at('1121 10:00:00.000000', 'never')).toBeUndefined();
  });
});

/** Quotes as Go's strconv.Quote does. */
function quoteGo(text: string): string {
  let quoted = '"';
  for (const char of text) {
    const code = char.codePointAt(0) as number;
    const short = { 7: 'a', 8: 'b', 9: 't', 10: 'n', 11: 'v', 12: 'f', 13: 'r', 34: '"', 92: '\\' }[code];
    if (short !== undefined) quoted += `\\${short}`;
    else if (code < 0x20 || code === 0x7f) quoted += `\\x${code.toString(16).padStart(2, '0')}`;
    else if (code === 0xfeff || code === 0x200b) quoted += `\\u${code.toString(16).padStart(4, '0')}`;
    else if (code >= 0xe0000) quoted += `\\U${code.toString(16).padStart(8, '0')}`;
    else quoted += char;
  }
  return `${quoted}"`;
}

test('gives back every value that Go quoted', () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.stringMatching(/^[a-z][a-zA-Z-]{0,8}$/),
        fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
      ),
      (values) => {
        const body = Object.entries(values).map(([key, value]) => `${key}=${quoteGo(value)}`);
        const parsed = klog(`"Message" ${body.join(' ')}`);

        expect(parsed['kv'] ?? {}).toEqual(values);
      },
    ),
    { numRuns: 500 },
  );
});

test('unquotes what it quoted', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const quoted = quoteGo(text.toWellFormed());

      expect(unquoteGo(quoted, 0, quoted.length - 1)).toBe(text.toWellFormed());
    }),
  );
});

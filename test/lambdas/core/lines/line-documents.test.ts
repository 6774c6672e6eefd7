import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { BulkBatch, SourceEvent } from '../../../../lambdas/core/index/types.ts';
import { LineDocuments } from '../../../../lambdas/core/lines/line-documents.ts';
import type { Rules } from '../../../../lambdas/core/rules/rules.ts';
import { openSubscription } from '../../../../lambdas/events/subscription.ts';
import { CONTROL_PLANE, NOW, RULES, run, sampleLines } from '../index/transform-support.ts';

const EVENT_ID = '394938472938472938472938472938472938472938472000';

function eventsOf(messages: readonly string[]): SourceEvent[] {
  return messages.map((message, i) => ({ id: `${EVENT_ID}${10_000_000 + i}`, timestamp: NOW - 60_000 + i * 997, message }));
}

/** What becomes of events that come in a payload: of its bytes where it may be read as such, or of the texts that JSON.parse makes of it. */
function transformed(stream: string, events: readonly SourceEvent[], from: 'bytes' | 'text', rules: Rules): BulkBatch {
  const logStream = `${stream}-0123456789abcdef0123456789abcdef`;
  const payload = {
    messageType: 'DATA_MESSAGE',
    owner: '111122223333',
    logGroup: CONTROL_PLANE,
    logStream,
    subscriptionFilters: ['f'],
    logEvents: events,
  };
  const opened = openSubscription(gzipSync(JSON.stringify(payload)), () => from === 'bytes');
  if (opened.kind !== 'data') throw new Error(opened.kind);
  expect(opened.batch.bytes === undefined).toBe(from === 'text');
  return run(opened.batch, rules, NOW);
}

function told({ body, documents, rejected, counts }: BulkBatch): unknown {
  const facts = documents.map(({ start, end, index, id, event, joined, joinedEvents }) => ({
    start,
    end,
    index,
    id,
    event,
    joined,
    joinedEvents,
  }));
  return { body: Buffer.from(body).toString('utf8'), documents: facts, rejected, counts };
}

function both(
  stream: string,
  events: readonly SourceEvent[],
  rules: Rules = RULES,
): { readonly asBytes: unknown; readonly asText: unknown } {
  return { asBytes: told(transformed(stream, events, 'bytes', rules)), asText: told(transformed(stream, events, 'text', rules)) };
}

function bodies(stream: string, messages: readonly string[]): { readonly asBytes: unknown; readonly asText: unknown } {
  return both(stream, eventsOf(messages));
}

/** How many of the lines were written from their bytes. */
function written(stream: string, messages: readonly string[]): number {
  const add = jest.spyOn(LineDocuments.prototype, 'add');
  transformed(stream, eventsOf(messages), 'bytes', RULES);
  const count = add.mock.results.filter(({ value }) => value === true).length;
  add.mockRestore();
  return count;
}

const STREAMS = ['kube-apiserver', 'kube-scheduler', 'kube-controller-manager', 'authenticator'] as const;

test.each(STREAMS)('documents of %s lines are the same, byte for byte, as those made of text', (stream) => {
  const { asBytes, asText } = bodies(stream, sampleLines('control-plane', `${stream}.log`));

  expect(asBytes).toEqual(asText);
});

test.each(STREAMS)('nearly all lines of %s that are records by themselves are written from their bytes', (stream) => {
  const lines = sampleLines('control-plane', `${stream}.log`).filter((line) => /^(?:[IWEF]\d{4} |time=")/.test(line));

  expect(written(stream, lines)).toBeGreaterThan(lines.length * 0.9);
});

const HEADER = 'I1121 08:38:24.123456   26491 controller.go:146] ';
const GRANTED = 'time="2026-11-21T08:38:19Z" level=info msg="access granted" ';

test.each([
  ['pod without a namespace', 'kube-scheduler', `${HEADER}"Bound" pod="web-1" node="ip-10-0-11-35"`],
  ['bare pod and node', 'kube-scheduler', `${HEADER}"Bound" pod=shop/web-1 node=ip-10-0-11-35 evaluatedNodes=5 feasibleNodes="3"`],
  ['two names of one field', 'kube-apiserver', `${HEADER}"Failed" err="first" error="second" nodeName="a" node="b"`],
  ['a request with latency and code', 'kube-apiserver', `${HEADER}"HTTP" verb="GET" latency="12.5ms" resp=200 audit-ID="abc" reason="x"`],
  ['a latency without quotes', 'kube-apiserver', `${HEADER}"HTTP" latency=1m2s resp="404"`],
  ['a latency that is none', 'kube-apiserver', `${HEADER}"HTTP" latency="soon" resp=200`],
  ['a code with a zero in front', 'kube-apiserver', `${HEADER}"HTTP" resp=007`],
  ['a code that is no number', 'kube-apiserver', `${HEADER}"HTTP" resp="none" evaluatedNodes=-3`],
  ['a logger', 'kube-controller-manager', `${HEADER}"Started" logger="node-controller" key="kube-system/foo"`],
  ['quotes and backslashes in plain text', 'kube-apiserver', `${HEADER}desc = "a \\"b\\" c:\\d" end`],
  ['quotes and backslashes in a value', 'kube-apiserver', `${HEADER}"Failed" err="Get \\"https://x\\": a\\\\b\\n\\tc"`],
  ['an escape that only Go has', 'kube-apiserver', `${HEADER}"Failed" err="a\\x00b" zone=":\\x00:a"`],
  ['a bare value of several words', 'kube-apiserver', `${HEADER}"Failed" err=not found at all code=5`],
  ['a bare value and a blank at the end', 'kube-apiserver', `${HEADER}"Failed" code=5 `],
  ['two blanks behind a bare value', 'kube-apiserver', `${HEADER}"Failed" code=5  next=6`],
  ['an object as a value', 'kube-apiserver', `${HEADER}"Allocated" clusterIPs={"IPv4":"10.100.0.1"} x=1`],
  ['a key that occurs twice', 'kube-apiserver', `${HEADER}"Failed" a=1 b=2 a=3`],
  ['a message alone', 'kube-apiserver', `${HEADER}"Started"`],
  ['an empty message', 'kube-apiserver', HEADER],
  ['no blank behind the bracket', 'kube-apiserver', 'I1121 08:38:24.123456   26491 a.go:1]text'],
  ['a process id of zero', 'kube-apiserver', 'I1121 08:38:24.123456       0 a.go:1] text'],
  ['a process id with a zero in front', 'kube-apiserver', 'I1121 08:38:24.123456   00123 a.go:1] text'],
  ['a day that does not exist', 'kube-apiserver', 'I0231 08:38:24.123456       1 a.go:1] text'],
  ['31 December, delivered in November', 'kube-apiserver', 'I1231 23:59:59.999999       1 a.go:1] text'],
  ['a place that is none', 'kube-apiserver', 'I1121 08:38:24.123456       1 not a place] text'],
  ['no ASCII', 'kube-apiserver', `${HEADER}"Failed" err="5µs 日本"`],
  ['a NUL', 'kube-apiserver', `${HEADER}"Failed" err="a\0b"`],
  ['a secret', 'kube-apiserver', `${HEADER}"Login" password="hunter22" x=1`],
  ['a value that is too long for bytes', 'kube-apiserver', `${HEADER}"Failed" err="${'x'.repeat(20_000)}"`],
  [
    'an assumed role',
    'authenticator',
    `${GRANTED}arn="arn:aws:sts::111122223333:assumed-role/admin/jo" groups="[system:masters dev]" uid="a:b"`,
  ],
  ['a role with a path', 'authenticator', `${GRANTED}arn="arn:aws:iam::111122223333:role/team/a/dev" client="192.0.2.1:5" groups="[]"`],
  ['a user', 'authenticator', `${GRANTED}arn="arn:aws:iam::111122223333:user/jo" username=jo groups=none accountid=111122223333`],
  ['an account without an ARN', 'authenticator', `${GRANTED}accountid=111122223333 method=POST path=/authenticate`],
  ['an account in quotes', 'authenticator', `${GRANTED}accountid="111122223333"`],
  ['an ARN that is none', 'authenticator', `${GRANTED}arn="arn:aws:sts:x" arn2=1`],
  ['an ARN that ends early', 'authenticator', `${GRANTED}arn="arn:aws:sts::111122223333:role/" error="x"`],
  ['an assumed role without a session', 'authenticator', `${GRANTED}arn="arn:aws:sts::111122223333:assumed-role/admin"`],
  ['an ARN with an escape', 'authenticator', `${GRANTED}arn="arn:aws:sts::111122223333:assumed-role/ad\\"min/jo"`],
  ['groups with several blanks', 'authenticator', `${GRANTED}groups="[a  b ]" groups2="[a]"`],
  [
    'a denied request',
    'authenticator',
    'time="2026-11-21T08:38:19Z" level=warning msg="access denied" client="127.0.0.1:1" error="no \\"x\\""',
  ],
  ['an answer of STS', 'authenticator', 'time="2026-11-21T08:38:19Z" level=info msg="STS response" accountid=111122223333 session=jo'],
  ['a level of another spelling', 'authenticator', 'time="2026-11-21T08:38:19Z" level=WARN msg=hello a=b'],
  ['a level in quotes', 'authenticator', 'time="2026-11-21T08:38:19Z" level="info" msg="hello"'],
  ['a time with an offset', 'authenticator', 'time="2026-11-21T09:38:19+01:00" level=info msg="hello" a=b'],
  ['a time that does not exist', 'authenticator', 'time="2026-13-21T08:38:19Z" level=info msg="hello" a=b'],
  ['a leap second', 'authenticator', 'time="2026-11-21T08:38:60Z" level=info msg="hello" a=b'],
  ['no message', 'authenticator', 'time="2026-11-21T08:38:19Z" level=info a=b'],
  ['another order', 'authenticator', 'time="2026-11-21T08:38:19Z" msg="hello" level=info a=b'],
])('%s: the same document from bytes and from text', (_what, stream, message) => {
  const { asBytes, asText } = bodies(stream, [message, message]);

  expect(asBytes).toEqual(asText);
});

test('whatever is changed in a real line, its document is the one that is made of text', () => {
  const pools = new Map(STREAMS.map((stream) => [stream, sampleLines('control-plane', `${stream}.log`)]));
  const piece = fc.constantFrom(
    '"',
    '\\',
    '=',
    ' ',
    '  ',
    '\\"',
    '\\x00',
    '\0',
    '\n',
    'µ',
    '日',
    '\ud800',
    '{',
    '[',
    '<',
    '/',
    ':',
    'a=',
    'x="y"',
    ' resp=0',
    ']',
  );
  const change = fc.record({ at: fc.nat(400), remove: fc.nat(6), insert: fc.oneof(piece, fc.string({ maxLength: 5 }), fc.constant('')) });
  fc.assert(
    fc.property(fc.constantFrom(...STREAMS), fc.nat(), fc.array(change, { maxLength: 3 }), (stream, position, changes) => {
      const lines = pools.get(stream) as string[];
      let line = lines[position % lines.length] as string;
      if (line.length > 5_000) return;
      for (const { at, remove, insert } of changes) {
        const start = at % (line.length + 1);
        line = line.slice(0, start) + insert + line.slice(start + remove);
      }
      const { asBytes, asText } = bodies(stream, [line]);
      expect(asBytes).toEqual(asText);
    }),
    { numRuns: 800 },
  );
});

test('documents written from bytes and from text may take turns in one body', () => {
  const plain = `${HEADER}"Bound" pod="shop/web-1"`;
  const { asBytes, asText } = bodies('kube-scheduler', [plain, `${HEADER}"日本"`, plain, `${HEADER}"Failed" a=1 a=2`, plain, plain]);

  expect(asBytes).toEqual(asText);
  expect(written('kube-scheduler', [plain, `${HEADER}"日本"`, plain])).toBe(2);
});

const OTHERS = [
  '',
  ' ',
  '\tat a.B(C.java:7)',
  ' > reason="x"',
  'goroutine 1 [running]:',
  'main.main()',
  '{"level":"info","ts":"2026-11-21T08:38:24.123Z","msg":"zap"}',
  '2026-11-21T08:38:24.123 | INFO  | t | i | s | o | c | text',
  `${HEADER}"Failed" err=<`,
  `${HEADER}"Login" password="hunter22"`,
  `${HEADER}"Login" Authorization="Bearer abcdefghijklmnopqrstuvwxyz"`,
  'time="2026-11-21T08:38:19Z" level=info msg="STS response" accesskeyid=ASIAIOSFODNN7EXAMPLE session=jo',
  'time="2026-11-21T08:38:19Z" level=info msg="ends" a=b\n',
  `${HEADER}"Ends"\r\n`,
  `${HEADER}"a\tb"`,
  `${HEADER}日本`,
];

test('lines of any kind in any order are joined, redacted and written as if they were texts', () => {
  const pools = new Map(
    STREAMS.map((stream) => [stream, sampleLines('control-plane', `${stream}.log`).filter(({ length }) => length < 3_000)]),
  );
  const pick = fc.oneof({ weight: 3, arbitrary: fc.nat() }, { weight: 1, arbitrary: fc.constantFrom(...OTHERS) });
  fc.assert(
    fc.property(fc.constantFrom(...STREAMS), fc.array(pick, { minLength: 1, maxLength: 25 }), (stream, picks) => {
      const lines = pools.get(stream) as string[];
      const messages = picks.map((picked) => (typeof picked === 'string' ? picked : (lines[picked % lines.length] as string)));
      const { asBytes, asText } = bodies(stream, messages);
      expect(asBytes).toEqual(asText);
    }),
    { numRuns: 400 },
  );
});

test('more lines than are loaded at once, with a secret every now and then', () => {
  const { asBytes, asText } = bodies(
    'authenticator',
    Array.from({ length: 3_000 }, (_, i) => OTHERS[i % 97] ?? `${GRANTED}client="192.0.2.1:${i}" arn="x"`),
  );

  expect(asBytes).toEqual(asText);
});

test("ids that are not CloudWatch's, times out of bounds and older than the retention", () => {
  const [line] = sampleLines('control-plane', 'kube-apiserver.log').filter((text) => text.startsWith('I1121')) as [string];
  const events = ['', 'a-b', 'x"y', 'ü', '12', '1'.repeat(300)].map((id, i) => ({ id, timestamp: NOW - i, message: line }));
  const times = [0, 1, NOW + 86_400_000, NOW - 20 * 86_400_000, NOW].map((timestamp, i) => ({
    id: `${EVENT_ID}${i}`,
    timestamp,
    message: line,
  }));
  const { asBytes, asText } = both('kube-apiserver', [...events, ...times]);

  expect(asBytes).toEqual(asText);
});

test.each([
  ['a pattern of its own', { ...RULES, redaction: { ...RULES.redaction, patterns: [{ name: 'pod', regex: 'pod="([^"]*)"' }] } }],
  ['a field rule', { ...RULES, redaction: { ...RULES.redaction, fields: ['kv.pod', 'message'] } }],
  ['no redaction', { ...RULES, redaction: { builtin: [], fields: [], patterns: [] } }],
] as const)('%s changes lines as it changes texts', (_what, rules) => {
  const lines = sampleLines('control-plane', 'kube-scheduler.log').slice(0, 60);
  const { asBytes, asText } = both('kube-scheduler', eventsOf([...lines, ...OTHERS]), rules);

  expect(asBytes).toEqual(asText);
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { run } from '../../cli/match.ts';

const SAMPLES = join(__dirname, '../../samples');
const TRUTH = JSON.parse(readFileSync(join(SAMPLES, 'truth.json'), 'utf8'));
const WEB = 'web-569696d9f6-6kj7f_team-a_nginx-7d6dcafdf2da28691e980f9f04db1103aa5293af540882164cb66c5535eca52d.log';
const CDRO = 'cdro-server-0_cdro_server-780e57996f328d4f5263d0906958da9331c42c8991a020b29dae1fd043a0e78b.log';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'match-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function sink(): { stream: Writable; text: () => string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(Buffer.from(chunk));
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}

async function match(args: string[], input = ''): Promise<{ code: number; out: string; err: string }> {
  const stdout = sink();
  const stderr = sink();
  const io = {
    stdin: Readable.from([Buffer.from(input)]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    env: {},
    isTty: false,
    cwd: folder,
    now: () => 0,
  };
  const code = await run(args, io);
  return { code, out: stdout.text(), err: stderr.text() };
}

const lines = (out: string): unknown[] =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

test('prints the messages that match and exits 0', async () => {
  const path = file('plain.log', 'one ERROR\ntwo\nthree ERROR\r\nERROR without a line feed');

  expect(await match(['--pattern', 'ERROR', path])).toEqual({
    code: 0,
    out: 'one ERROR\nthree ERROR\nERROR without a line feed\n',
    err: '',
  });
});

test('prints nothing and exits 1 where nothing matches', async () => {
  expect(await match(['--pattern', 'ERROR'], 'fine\n')).toEqual({ code: 1, out: '', err: '' });
});

test.each([[['-']], [[]]])('reads standard input for %j', async (files) => {
  expect(await match(['--pattern', 'a', ...files], 'ab\ncd\n')).toMatchObject({ code: 0, out: 'ab\n' });
});

test.each([[['--pattern', '-ERROR']], [['--pattern=-ERROR']], [['-p', '-ERROR']]])(
  'takes an exclusion as the pattern: %j',
  async (args) => {
    expect(await match(args, 'ERROR\nfine\n')).toMatchObject({ code: 0, out: 'fine\n' });
  },
);

test('an empty pattern matches everything', async () => {
  expect(await match(['--pattern', ''], 'a\nb\n')).toMatchObject({ code: 0, out: 'a\nb\n' });
});

test('--count prints how many match', async () => {
  expect(await match(['--pattern', 'a', '--count'], 'a\nb\nab\n')).toMatchObject({ code: 0, out: '2\n' });
  expect(await match(['--pattern', 'c', '--count'], 'a\nb\nab\n')).toMatchObject({ code: 1, out: '0\n' });
  expect(await match(['--pattern', 'a', '--count', '--json'], 'a\nb\nab\n')).toMatchObject({ code: 0, out: '{"count":2}\n' });
});

test('an invalid pattern exits 2 and is shown with a caret under its column', async () => {
  const { code, out, err } = await match(['--pattern', '{ $.a = a-b }', 'missing.log']);

  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toBe('match: invalid pattern at column 10: a value with "-" must be in double quotes\n  { $.a = a-b }\n           ^\n');
});

test('a pattern that does what its author hardly means runs with a warning', async () => {
  const { code, out, err } = await match(['--pattern', '?WARN ERROR'], 'WARN\nERROR\n');

  expect({ code, out }).toEqual({ code: 0, out: 'ERROR\n' });
  expect(err).toContain('match: warning: column 1: "?" terms have no effect');
});

test.each([
  [[], '--pattern is missing'],
  [['--pattern'], '--pattern'],
  [['--pattern', 'a', '--nope'], '--nope'],
  [['--pattern', 'a', '--value', 'x'], 'invalid --value at column 1: is a number'],
  [['--pattern', 'a', '--value', '$.x'], 'only JSON and space-delimited patterns'],
  [['--pattern', '[a, b]', '--value', '$c'], 'it names $a, $b'],
])('%j is used wrongly', async (args, reason) => {
  const { code, out, err } = await match(args);

  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(reason);
});

test('a file that cannot be read exits 2, after the others', async () => {
  const path = file('there.log', 'a\n');

  const { code, out, err } = await match(['--pattern', 'a', 'missing.log', path, folder]);

  expect({ code, out }).toEqual({ code: 2, out: 'a\n' });
  expect(err).toContain('match: missing.log: there is no such file');
  expect(err).toContain('is a directory');
});

test('a container line is its text: framing off, pieces joined, also in the middle of a character', async () => {
  const text = Buffer.from('ERROR größe');
  const cri = (stream: string, tag: string, part: Buffer | string) =>
    Buffer.concat([Buffer.from(`2026-11-21T08:23:19.000000001Z ${stream} ${tag} `), Buffer.from(part), Buffer.from('\n')]);
  const path = file(
    'c.log.gz',
    gzipSync(
      Buffer.concat([
        cri('stdout', 'P', text.subarray(0, 9)),
        cri('stderr', 'F', 'other'),
        cri('stdout', 'F', text.subarray(9)),
        cri('stdout', 'F', ''),
      ]),
    ),
  );

  expect(await match(['--pattern', '%^ERROR gr.+e$%', path])).toMatchObject({ code: 0, out: 'ERROR größe\n' });
  expect(await match(['--pattern', '', '--count', path])).toMatchObject({ out: '3\n' });
  expect(lines((await match(['--pattern', 'ERROR', '--json', path])).out)).toEqual([
    { timestamp: Date.parse('2026-11-21T08:23:19Z'), logStreamName: 'c.log', message: 'ERROR größe' },
  ]);
});

test('--record matches what Fluent Bit sends for a container line', async () => {
  const name = `orders-1_prod-web_orders-${'0a'.repeat(32)}.log`;
  const path = file(name, '2026-11-21T08:23:19.5Z stderr F say "hi"\n2026-11-21T08:23:20Z stdout F bye\n');

  const pattern = '{ $.log = "*\\"hi\\"" && $.kubernetes.namespace_name = "prod-web" && $.stream = stderr }';
  const { code, out } = await match(['--pattern', pattern, '--record', '--json', path]);

  expect(code).toBe(0);
  const [event] = lines(out) as [{ timestamp: number; message: string }];
  expect(event.timestamp).toBe(Date.parse('2026-11-21T08:23:19.5Z'));
  expect(JSON.parse(event.message)).toMatchObject({ log: 'say "hi"', kubernetes: { pod_name: 'orders-1', container_name: 'orders' } });
  expect((await match(['--pattern', pattern, path])).code).toBe(1);
});

const EVENTS = [
  { logStreamName: 's', timestamp: 1_763_700_000_000, message: '{"code":403}', ingestionTime: 1_763_700_000_500, eventId: '1' },
  { logStreamName: 's', timestamp: 1_763_700_000_001, message: '{"code":200}', ingestionTime: 1_763_700_000_500, eventId: '2' },
];

test.each([
  ['JSON lines', EVENTS.map((event) => JSON.stringify(event)).join('\n')],
  ['an object with events', JSON.stringify({ events: EVENTS, searchedLogStreams: [] }, null, 2)],
  ['a list', JSON.stringify(EVENTS)],
])('CloudWatch events as %s are matched by their message', async (_name, content) => {
  const { code, out } = await match(['--pattern', '{ $.code = 403 }', '--json'], content);

  expect(code).toBe(0);
  expect(lines(out)).toEqual([{ logStreamName: 's', timestamp: 1_763_700_000_000, message: '{"code":403}', eventId: '1' }]);
});

test('a container record that was exported from CloudWatch is matched as the JSON that CloudWatch holds', async () => {
  const record = { log: 'an ERROR', stream: 'stdout', time: '2026-11-21T08:23:19Z', kubernetes: { namespace_name: 'team-a' } };
  const exported = JSON.stringify({ timestamp: 1, message: JSON.stringify(record) });

  expect(await match(['--pattern', '{ $.log = "an ERROR" && $.kubernetes.namespace_name = "team-a" }', '--count'], exported)).toMatchObject(
    { out: '1\n' },
  );
  expect(await match(['--pattern', '{ $.log = "an ERROR" }', '--count'], JSON.stringify(record))).toMatchObject({ out: '1\n' });
});

test('--value prints what a metric filter would publish, and says what it would not', async () => {
  const input = ['{"ms":12.5}', '{"ms":"7"}', '{"ms":"x"}', '{"other":1}', 'text'].join('\n');

  const { code, out, err } = await match(['--pattern', '{ $.other = 1 || $.ms = * }', '--value', '$.ms'], input);

  expect({ code, out }).toEqual({ code: 0, out: '12.5\n7\n' });
  expect(err).toBe('match: 2 of 4 matching events publish nothing: 1 have no value there, 1 hold no number\n');
});

test('--value of a fixed number, with --json and with --count', async () => {
  expect(lines((await match(['--pattern', 'a', '--value', '1', '--json'], 'a\nb\n')).out)).toEqual([{ value: 1, message: 'a' }]);
  expect(await match(['--pattern', 'a', '--value', '1', '--count'], 'a\nb\n')).toMatchObject({ code: 0, out: '1\n' });
});

test('--value exits 1 where events match and none has a number', async () => {
  expect(await match(['--pattern', '[a, b]', '--value', '$b'], 'x y\n')).toMatchObject({ code: 1, out: '' });
});

test('--json of a space-delimited pattern has the fields that it extracts', async () => {
  const { out } = await match(['--pattern', '[level = ERROR, rest]', '--json'], 'ERROR no disk\n');

  expect(lines(out)).toEqual([{ message: 'ERROR no disk', extractedFields: { $level: 'ERROR', $rest: 'no disk' } }]);
});

const COUNTS: readonly (readonly [file: string, pattern: string, expected: number])[] = [
  ['control-plane/kube-apiserver-audit.log.gz', '{ $.responseStatus.code = 403 }', TRUTH['kube-apiserver-audit']['403_events']],
  ['control-plane/kube-apiserver-audit.log.gz', '"mvcc: database space exceeded"', TRUTH['kube-apiserver-audit'].mvcc_events],
  ['control-plane/kube-apiserver.log.gz', '"mvcc: database space exceeded"', TRUTH['kube-apiserver'].mvcc_lines],
  ['control-plane/kube-scheduler.log.gz', '"Unable to schedule pod"', TRUTH['kube-scheduler'].unable_to_schedule],
  ['control-plane/authenticator.log.gz', '"access denied"', TRUTH.authenticator.denied],
  [`containers/${WEB}.gz`, '', TRUTH[WEB].logical_lines],
  [`containers/${CDRO}.gz`, '', TRUTH[CDRO].logical_lines],
  ...Object.entries<number>(TRUTH[WEB].status).map(
    ([status, count]) => [`containers/${WEB}.gz`, `[ip, id, user, time, request, status = ${status}, bytes, ...]`, count] as const,
  ),
];

test.each(COUNTS)('the sample %s holds as many %s as plain text tools count', async (name, pattern, expected) => {
  expect(await match(['--pattern', pattern, '--count', join(SAMPLES, name)])).toEqual({ code: 0, out: `${expected}\n`, err: '' });
});

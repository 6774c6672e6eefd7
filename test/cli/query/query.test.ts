import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { followFiles } from '../../../cli/query/tail.ts';
import { run } from '../../../cli/query.ts';
import { AUDIT, fakeIo, ROOT } from './helpers.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'query-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function query(args: string[], more: Parameters<typeof fakeIo>[0] = {}): Promise<{ code: number; out: string; err: string }> {
  const io = fakeIo(more);
  const code = await run(args, io);
  return { code, out: io.out(), err: io.err() };
}

const json = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('saved queries on the samples', () => {
  test('pod patches by user, as the samples say', async () => {
    const { code, out, err } = await query(['pod-patches-by-user', '--logs', AUDIT, '--json']);

    expect(code).toBe(0);
    expect(json(out).map((row) => [row['user.username'], row['patches']])).toEqual([
      ['alice', 86],
      ['bob', 46],
      ['josé "jo" müller|ops', 22],
      ['system:serviceaccount:kube-system:job-controller', 5],
      ['dev:wei.zhang', 5],
    ]);
    expect(err).toContain('3,438 events');
    expect(err).toContain('2026-11-21 08:23:24.456 to 2026-11-21 08:32:07.081 UTC');
  });

  test('a file of any name, and stdin, hold the log that the query asks; a file with the name of another log does not', async () => {
    const lines = gunzipSync(readFileSync(join(ROOT, AUDIT)))
      .toString('utf8')
      .split('\n')
      .slice(0, 300)
      .join('\n');
    const named = await query(['audit-by-user-agent', '--json', '--logs', file('kube-apiserver-audit-0a1b.log', lines)]);
    const own = await query(['audit-by-user-agent', '--json', '--logs', file('my.log.gz', gzipSync(lines))]);
    const piped = await query(['audit-by-user-agent', '--json', '--logs', '-'], { input: lines });
    const other = await query(['audit-by-user-agent', '--json', '--logs', file('kube-scheduler.log', lines)]);
    const forced = await query([
      'audit-by-user-agent',
      '--json',
      '--log-stream',
      'kube-apiserver-audit',
      '--logs',
      join(folder, 'kube-scheduler.log'),
    ]);
    const elsewhere = await query(['audit-by-user-agent', '--json', '--log-stream', 'elsewhere', '--logs', join(folder, 'my.log.gz')]);

    expect(json(named.out)).toHaveLength(3);
    expect(named.err).not.toContain('taken as');
    expect(own.out).toBe(named.out);
    expect(own.err).toContain(
      'my.log.gz: its lines are taken as log stream kube-apiserver-audit, which the query asks; --log-stream names another\n',
    );
    expect(piped.out).toBe(named.out);
    expect(piped.err).toContain('stdin: its lines are taken as');
    expect([other.code, other.out]).toEqual([1, '']);
    expect(forced.out).toBe(named.out);
    expect(elsewhere.code).toBe(1);
    expect((await query(['audit-by-user-agent', '--log-stream', 'x'])).err).toContain('give --logs');
  });

  test('events that bring a stream keep it, and a query without a header asks the file as it is named', async () => {
    const event = {
      timestamp: 1763700000000,
      logStreamName: 'elsewhere',
      message: '{"userAgent":"curl","stage":"ResponseComplete","auditID":"1"}',
    };
    const exported = await query(['audit-by-user-agent', '--logs', file('exported.json', JSON.stringify({ events: [event] }))]);
    const plain = await query([
      '--file',
      file('q.logsinsights', 'stats count(*) by @logStream'),
      '--csv',
      '--logs',
      file('some.log', 'x\n'),
    ]);

    expect(exported.code).toBe(1);
    expect(exported.err).not.toContain('taken as');
    expect(plain.out).toBe('@logStream,count(*)\r\nsome,1\r\n');
  });

  test('nodes not ready, with the time of their lines', async () => {
    const { out } = await query(['node-not-ready', '--logs', 'samples/control-plane/kube-controller-manager.log.gz', '--csv']);

    expect(out).toBe(
      '@timestamp,node\r\n2026-11-21 08:25:25.921,ip-10-0-11-35.ec2.internal\r\n2026-11-21 08:26:30.993,ip-10-0-11-78.ec2.internal\r\n',
    );
  });

  test('a parameter chooses', async () => {
    const denied = await query(['denied-requests', '--logs', AUDIT, '--json', '--param', 'code=401']);

    expect(json(denied.out)).toEqual([
      { verb: 'list', 'objectRef.resource': 'pods', requests: 8 },
      { verb: 'list', 'objectRef.resource': 'nodes', requests: 6 },
    ]);
  });

  test('a time range takes the events in it', async () => {
    const q = file('range.q', 'stats count(*) as n, min(@timestamp) as first, max(@timestamp) as last');
    const { out } = await query([
      '--file',
      q,
      '--logs',
      AUDIT,
      '--start',
      '2026-11-21T08:31:00Z',
      '--end',
      '2026-11-21T08:32:00Z',
      '--json',
    ]);

    expect(json(out)).toEqual(
      [{ n: 236, first: '2026-11-21 08:31:44.456', last: '2026-11-21 08:31:59.983' }].map((row) => expect.objectContaining({ n: row.n })),
    );
  });
});

describe('what a file may be', () => {
  const events = [1, 2, 3].map((n) => ({
    timestamp: Date.parse('2026-11-21T08:00:00Z') + n * 1000,
    message: `{"n":${n},"who":"zoë 🚀"}`,
    logStreamName: 'web/1',
  }));
  const q = 'filter n > 1 | fields @timestamp, @logStream, who, n | sort n asc';
  const expected = [
    { '@timestamp': '2026-11-21 08:00:02.000', '@logStream': 'web/1', who: 'zoë 🚀', n: 2 },
    { '@timestamp': '2026-11-21 08:00:03.000', '@logStream': 'web/1', who: 'zoë 🚀', n: 3 },
  ];

  test.each<[string, () => string | Buffer]>([
    ['CloudWatch events as JSON lines', () => events.map((event) => JSON.stringify(event)).join('\n')],
    ['an object with events', () => JSON.stringify({ events }, null, 2)],
    ['gzipped', () => gzipSync(JSON.stringify({ events }))],
  ])('%s', async (_what, content) => {
    const { out } = await query(['--file', file('q', q), '--logs', file('events', content()), '--json']);

    expect(json(out)).toEqual(expected);
  });

  test('plain lines with bytes beyond ASCII, line ends of Windows and no last line feed', async () => {
    const { out } = await query([
      '--file',
      file('q', 'filter who = "zoë 🚀" | fields who, n, größe'),
      '--logs',
      file('plain', '\ufeff{"n":1,"who":"x"}\r\n{"n":2,"who":"zoë 🚀","größe":7}\r\n\r\n{"n":3,"who":"zoë 🚀"}'),
      '--json',
    ]);

    expect(json(out)).toEqual([
      { who: 'zoë 🚀', n: 2, größe: 7 },
      { who: 'zoë 🚀', n: 3 },
    ]);
  });

  test('standard input', async () => {
    const { out } = await query(['--file', file('q', 'stats count(*) as n'), '--logs', '-', '--json'], { input: 'a\nb\n' });

    expect(json(out)).toEqual([{ n: 2 }]);
  });

  test('container lines become the records of Fluent Bit, their fields from the name of the file', async () => {
    const name = 'checkout-5f6d7c8b9-abcde_prod-web_checkout-3cc1c238b582da0475449b5306bc35efa2b705d3a5b26148906be01db8cef9fd.log.gz';
    const q2 = file('q', 'stats count(*) as n by kubernetes.namespace_name, kubernetes.pod_name, kubernetes.container_name, stream');
    const { out } = await query(['--file', q2, '--logs', `samples/containers/${name}`, '--json']);

    expect(json(out)).toEqual([
      {
        'kubernetes.namespace_name': 'prod-web',
        'kubernetes.pod_name': 'checkout-5f6d7c8b9-abcde',
        'kubernetes.container_name': 'checkout',
        stream: 'stdout',
        n: 2667,
      },
    ]);
  });

  test('a line without a time has that of the line before it', async () => {
    const lines = 'I1121 08:25:25.921595   1 a.go:1] "one"\n\tgoes on\nI1121 08:25:27.000000   1 a.go:1] "two"\n';
    const { out } = await query([
      '--file',
      file('q', 'filter @message like "on" | fields @timestamp, @message | sort @timestamp asc'),
      '--logs',
      file('klog', lines),
      '--json',
    ]);

    expect(json(out).map((row) => row['@timestamp'])).toEqual(['2026-11-21 08:25:25.921', '2026-11-21 08:25:25.921']);
  });

  test('many lines over the borders of chunks, searched by a needle', async () => {
    const text = gunzipSync(readFileSync(join(ROOT, AUDIT))).toString('utf8');
    const big = file('big.log', text.repeat(2));
    const { out } = await query([
      '--file',
      file('q', 'filter user.username = "mallory" | stats count(*) as n by verb | sort n desc'),
      '--logs',
      big,
      '--json',
    ]);
    const independent =
      text.split('\n').filter((line) => line !== '' && (JSON.parse(line) as { user?: { username?: string } }).user?.username === 'mallory')
        .length * 2;

    expect(json(out).reduce((sum, row) => sum + (row['n'] as number), 0)).toBe(independent);
  });
});

test('a field behind the 200 that CloudWatch discovers in an event is found here, with a warning', async () => {
  const path = file('large.ndjson', `${JSON.stringify({ list: Array.from({ length: 200 }, () => 0), user: 'ann' })}\n`);
  const own = file('own.logsinsights', 'stats count(*) as n by user, list.7');

  const { code, out, err } = await query(['--file', own, '--logs', path, '--json']);

  expect([code, out]).toEqual([0, '{"user":"ann","list.7":0,"n":1}\n']);
  expect(err).toContain(
    'warning: in 1 of the events a field of this query stands behind 200 others; CloudWatch discovers at most 200 fields',
  );
});

test('what CloudWatch would do silently is told, with its place, and the query runs', async () => {
  const own = file('own.logsinsights', '# Question: q\n# Source: audit\n# Columns: n\nstats count(*) as n by bin(300s)\n| sort n');

  const { code, err } = await query(['--file', own, '--logs', AUDIT]);

  expect(code).toBe(0);
  expect(err).toContain(`${own}:4:28: warning: CloudWatch takes 300s as 60s; use the next larger unit\n`);
  expect(err).toContain(`${own}:5:8: warning: this "sort" does not say its direction; write asc or desc\n`);
});

describe('tables', () => {
  test('are as wide as the terminal shows them, and nothing in them can steer it', async () => {
    const lines = '{"a":"日本語","b":"\\u001b[31mred","n":5}\n{"a":"x\\ny","b":"e\u0301","n":12}\n';
    const { out } = await query(['--file', file('q', 'fields a, b, n | sort n asc'), '--logs', file('t', lines)]);

    expect(out).toBe('a       b          n\n──────  ────────  ──\n日本語  ␛[31mred   5\nx⏎y     e\u0301         12\n');
  });

  test('a series gets bars, in the order of time', async () => {
    const lines = ['2026-11-21T08:00:00Z', '2026-11-21T08:01:00Z', '2026-11-21T08:01:30Z']
      .reverse()
      .map((time) => JSON.stringify({ time }))
      .join('\n');
    const { out } = await query(['--file', file('q', 'stats count(*) as n by bin(1m)'), '--logs', file('t', lines)]);

    expect(out).toBe(
      `bin(1m)                  n\n───────────────────────  ─\n2026-11-21 08:00:00.000  1  ${'█'.repeat(20)}\n2026-11-21 08:01:00.000  2  ${'█'.repeat(40)}\n`,
    );
  });

  test('a list of events is no series, whatever numbers stand behind its times', async () => {
    const lines = '{"time":"2026-11-21T08:00:00Z","code":200}\n{"time":"2026-11-21T08:01:00Z","code":404}\n';
    const { out } = await query(['--file', file('q', 'fields @timestamp, code'), '--logs', file('t', lines)]);

    expect(out).not.toContain('█');
  });

  test('CSV quotes what needs it and keeps a spreadsheet from running a text', async () => {
    const { out } = await query(['--file', file('q', 'fields a, b'), '--logs', file('t', '{"a":"=cmd()","b":"x, \\"y\\""}\n'), '--csv']);

    expect(out).toBe('a,b\r\n\'=cmd(),"x, ""y"""\r\n');
  });

  test('a bar on a terminal says how far it is', async () => {
    let now = 0;
    const { err } = await query(['--file', file('q', 'stats count(*)'), '--logs', file('t', 'a\n'.repeat(10))], {
      isTty: true,
      now: () => (now += 200),
    });

    expect(err).toContain('100 % 10 events');
  });
});

describe('used wrongly', () => {
  test.each<[string, string[], string]>([
    ['nothing named', [], 'name a saved query'],
    ['an unknown name', ['node-not-redy', '--logs', 'x'], 'did you mean "node-not-ready"?'],
    ['a file that is missing', ['--file', 'nowhere.q', '--logs', 'x'], 'nowhere.q: there is no such file'],
    ['logs that are missing', ['node-not-ready', '--logs', 'nowhere.log'], 'nowhere.log: there is no such file'],
    ['two forms', ['node-not-ready', '--json', '--csv'], 'exclude each other'],
    ['a bad time', ['node-not-ready', '--start', 'yesterday'], '"yesterday" is no time'],
    ['an unknown parameter', ['denied-requests', '--logs', 'x', '--param', 'cod=4'], 'there is no parameter "cod"'],
    ['a parameter without a value', ['denied-requests', '--param', 'code'], 'has no value'],
    ['an unknown option', ['node-not-ready', '--jsn'], '--jsn'],
    ['one too many', ['node-not-ready', 'x.log'], '"x.log" is one argument too many'],
    ['following what must gather', ['pod-patches-by-user', '--tail', '--logs', 'package.json'], '"stats" needs all events'],
  ])('%s', async (_what, args, expected) => {
    const { code, err } = await query(args);

    expect(code).toBe(2);
    expect(err).toContain(expected);
  });

  test('a problem is told with file, line and column, also behind a header and a value', async () => {
    const path = file(
      'bad.logsinsights',
      '# Question: q\n# Source: s\n# Columns: c\n# Parameter: p = 12345 - x\nfields a\n| filter a = {{p}} | fliter b\n',
    );
    const { code, err } = await query(['--file', path, '--logs', 'x']);

    expect(code).toBe(2);
    expect(err).toBe(`${path}:6:22: there is no command "fliter"; did you mean "filter"?\n`);
  });

  test('no rows is 1', async () => {
    expect((await query(['--file', file('q', 'filter a = 1'), '--logs', file('t', 'x\n')])).code).toBe(1);
  });
});

test('followed files give the lines that are added, whole', async () => {
  const path = file('follow.log', 'old\n');
  const stop = new AbortController();
  const seen: string[] = [];
  setTimeout(() => appendFileSync(path, 'new 1\nnew'), 50);
  setTimeout(() => appendFileSync(path, ' 2\n'), 150);
  for await (const { lines } of followFiles([path], folder, stop.signal)) {
    seen.push(...lines);
    if (seen.length === 2) stop.abort();
  }

  expect(seen).toEqual(['new 1', 'new 2']);
});

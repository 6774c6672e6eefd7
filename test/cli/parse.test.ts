import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { run } from '../../cli/parse.ts';

const ROOT = join(__dirname, '../..');
const NOW = Date.UTC(2026, 10, 21, 12);

interface Outcome {
  readonly code: number;
  readonly lines: {
    readonly ok: boolean;
    readonly format?: string;
    readonly reason?: string;
    readonly raw?: string;
    readonly record?: { readonly [key: string]: unknown };
  }[];
  readonly stderr: string;
}

async function parse(args: string[], stdin: string | Buffer = '', cwd = ROOT): Promise<Outcome> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  const sink = (chunks: Buffer[]): Writable =>
    new Writable({
      write(chunk, _encoding, done) {
        chunks.push(chunk);
        done();
      },
    });
  const io = {
    stdin: Readable.from(stdin.length === 0 ? [] : [stdin]),
    stdout: sink(out),
    stderr: sink(err),
    env: {},
    isTty: false,
    cwd,
    now: () => NOW,
  };
  const code = await run(args, io);
  const text = Buffer.concat(out).toString('utf8');
  const lines =
    text === ''
      ? []
      : text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line));
  return { code, lines, stderr: Buffer.concat(err).toString('utf8') };
}

test('prints one JSON line per record', async () => {
  const { code, lines } = await parse([], 'I1121 08:23:24.123456      11 a.go:7] "M" pod="default/x"\nplain\n');

  expect(code).toBe(0);
  expect(lines).toEqual([
    {
      ok: true,
      format: 'klog',
      record: {
        '@timestamp': '2026-11-21T08:23:24.123456Z',
        log: { level: 'info', origin: { file: { name: 'a.go', line: 7 } } },
        message: 'M',
        object: { namespace: 'default', name: 'x' },
        kv: { pod: 'default/x' },
        process: { pid: 11 },
      },
    },
    { ok: true, format: 'text', record: { message: 'plain' } },
  ]);
});

test('says what is not of the format, and exits 1 with --strict', async () => {
  const input = 'I1121 08:23:24.123456      11 a.go:7] x\n';

  expect(await parse(['--format', 'audit', '--strict', '-'], input)).toMatchObject({
    code: 1,
    lines: [{ ok: false, reason: 'not audit', raw: input.trimEnd() }],
  });
  expect(await parse(['--format', 'audit'], input)).toMatchObject({ code: 0 });
  expect(await parse(['--format', 'klog', '--strict'], input)).toMatchObject({ code: 0, lines: [{ ok: true }] });
});

const CONTAINERS: readonly (readonly [string, string, number, { readonly [format: string]: number }])[] = [
  ['cdro-server-0_cdro_server-780e57996f328d4f5263d0906958da9331c42c8991a020b29dae1fd043a0e78b', 'pipe', 2_043, { pipe: 2_043 }],
  [
    'orders-7d9c8b6f5-x2k4q_prod-web_orders-f48e568740eef3f56022ff408e08ebdbecd5a3f01a3e503bcdd3be61257ca435',
    'java',
    811 + 17,
    { java: 828 },
  ],
  [
    'web-569696d9f6-6kj7f_team-a_nginx-7d6dcafdf2da28691e980f9f04db1103aa5293af540882164cb66c5535eca52d',
    'auto',
    7_497,
    { 'nginx-access': 6_632, 'nginx-error': 865 },
  ],
  [
    'checkout-5f6d7c8b9-abcde_prod-web_checkout-3cc1c238b582da0475449b5306bc35efa2b705d3a5b26148906be01db8cef9fd',
    'auto',
    2_667,
    { json: 2_652, text: 15 },
  ],
];

test.each(CONTAINERS)('reads the recorded container %s', async (name, given, count, formats) => {
  for (const format of new Set([given, 'auto'])) {
    const { code, lines } = await parse(['--strict', '--format', format, `samples/containers/${name}.log.gz`]);
    const found: { [format: string]: number } = {};
    for (const line of lines) found[line.format ?? ''] = (found[line.format ?? ''] ?? 0) + 1;

    expect({ code, count: lines.length, found }).toEqual({ code: 0, count, found: formats });
    expect(
      lines.every(
        ({ record }) =>
          typeof record?.['time'] === 'string' &&
          typeof record['@timestamp'] === 'string' &&
          /^std(?:out|err)$/.test(String(record['stream'])),
      ),
    ).toBe(true);
  }
});

test('joins the pieces of a character that the runtime split', async () => {
  const { lines } = await parse([`samples/containers/${CONTAINERS[1]?.[0]}.log.gz`]);
  const payloads = lines.map(({ record }) => String(record?.['message'])).filter((message) => message.startsWith('payload '));

  expect(payloads.length).toBe(7);
  expect(payloads.every((message) => message.endsWith('本é日') || /(?:日本é)+/.test(message))).toBe(true);
  expect(payloads.some((message) => message.includes('\ufffd'))).toBe(false);
});

test('gives the records of an input in the order of their first lines', async () => {
  const { lines } = await parse([`samples/containers/${CONTAINERS[1]?.[0]}.log.gz`]);
  const times = lines.map(({ record }) => String(record?.['time']));

  expect(times).toEqual([...times].sort());
});

test.each([
  ['kube-apiserver-audit', 3_438, { audit: 3_438 }],
  ['kube-apiserver', 1_849, { klog: 1_849 }],
  ['kube-controller-manager', 928, { klog: 928 }],
  ['kube-scheduler', 549, { klog: 549 }],
  ['authenticator', 56, { logrus: 55, text: 1 }],
])('reads the recorded %s without a failure', async (name, count, formats) => {
  const { code, lines } = await parse(['--strict', `samples/control-plane/${name}.log.gz`]);
  const found: { [format: string]: number } = {};
  for (const line of lines) found[line.format ?? ''] = (found[line.format ?? ''] ?? 0) + 1;

  expect({ code, count: lines.length, found }).toEqual({ code: 0, count, found: formats });
});

test("takes klog's year from CloudWatch's time, and joins per stream", async () => {
  const event = (message: string, logStreamName: string): string =>
    JSON.stringify({ timestamp: Date.UTC(2025, 0, 1, 0, 0, 5), message, logStreamName });
  const input = [
    event('I1231 23:59:59.000000      11 a.go:7] "M" err=<', 'kube-scheduler-1'),
    event('I0101 00:00:01.000000      12 a.go:7] other', 'kube-scheduler-2'),
    event('\tx', 'kube-scheduler-1'),
    event(' >', 'kube-scheduler-1'),
  ];
  const { lines } = await parse([], `${input.join('\n')}\n`);

  expect(lines.map(({ record }) => [record?.['@timestamp'], record?.['kv']])).toEqual([
    ['2024-12-31T23:59:59.000000Z', { err: 'x' }],
    ['2025-01-01T00:00:01.000000Z', undefined],
  ]);
});

test('marks what was cut', async () => {
  const { lines } = await parse(['--format', 'json'], `{"a":"${'x'.repeat(40_000)}"}\n`);

  expect(lines[0]?.record?.['parse']).toEqual({ truncated: true });
});

test('bytes that are no UTF-8 survive as U+FFFD', async () => {
  expect((await parse([], Buffer.from([0x61, 0xff, 0x62, 0x0a]))).lines[0]?.record?.['message']).toBe('a\ufffdb');
});

test('--stats prints a table on stderr', async () => {
  const { stderr } = await parse(['--stats', '--format', 'json'], '{"level":"warn","msg":"a"}\n{"level":"warn"}\nplain\n');

  expect(
    stderr
      .split('\n')
      .map((line) => line.trim().replace(/ {2,}/g, ' '))
      .filter((line) => !line.startsWith('time')),
  ).toEqual(['lines 3', 'records 3', 'failed 1', 'format json 2', 'level warning 2', 'failure not json 1', 'first not json: "plain"', '']);
});

describe('with a config', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'parse-'));
    writeFileSync(
      join(folder, 'c.yaml'),
      [
        'version: 1',
        'account: "111122223333"',
        'region: us-east-1',
        'clusters: [{ name: prod }]',
        'sources: [{ name: app, cluster: prod, kind: application, route: none }]',
        'applications:',
        '  - { name: legacy, match: { namespace: legacy }, format: "regex:legacy", fields: { durationMs: long }, index: legacy }',
        'patterns:',
        "  legacy: { regex: '^(?<time>\\S+) (?<level>[A-Z]+) (?<durationMs>\\d+)ms (?<message>.*)$', timeKey: time, timeFormat: iso8601 }",
        'search: { mode: none }',
        '',
      ].join('\n'),
    );
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test.each([
    ['--format', 'regex:legacy'],
    ['--application', 'legacy'],
  ])('its pattern reads the lines: %s %s', async (...args) => {
    const { code, lines, stderr } = await parse(['--config', 'c.yaml', ...args], '2026-11-21T08:23:24Z WARN 35ms hello\n', folder);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(lines).toEqual([
      {
        ok: true,
        format: 'regex:legacy',
        record: { '@timestamp': '2026-11-21T08:23:24Z', log: { level: 'warning' }, message: 'hello', durationMs: 35 },
      },
    ]);
  });

  test.each([
    [['--format', 'regex:none'], 'has no pattern "none"; it has legacy'],
    [['--application', 'none'], 'has no application "none"; it has legacy'],
  ])('a name that it has not is a wrong use: %s', async (args, message) => {
    expect(await parse(['--config', 'c.yaml', ...args], '', folder)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });

  test('one with problems is a wrong use, and they are shown', async () => {
    writeFileSync(join(folder, 'bad.yaml'), 'version: 1\naccount: 5\n');

    expect(await parse(['--config', 'bad.yaml'], '', folder)).toMatchObject({ code: 2, stderr: expect.stringContaining('bad.yaml:2') });
  });
});

test.each([
  [['--format', 'yaml'], 'no format "yaml"'],
  [['--format', 'regex:x'], 'needs --config'],
  [['--application', 'x'], '--application needs --config'],
  [['--nonsense'], '--nonsense'],
])('used wrongly: %s', async (args, message) => {
  expect(await parse(args)).toMatchObject({ code: 2, lines: [], stderr: expect.stringContaining(message) });
});

test('a file that cannot be read does not keep the others from being read', async () => {
  const { code, lines, stderr } = await parse(['missing.log', 'samples/control-plane/authenticator.log.gz']);

  expect({ code, lines: lines.length, stderr }).toEqual({
    code: 1,
    lines: 56,
    stderr: 'eks-telemetry parse: missing.log: there is no such file\n',
  });
});

test.each([
  [
    'raw lines of the runtime',
    ['2026-11-21T08:27:04.1Z stdout P {"msg":', '2026-11-21T08:27:04.2Z stderr F other', '2026-11-21T08:27:04.3Z stdout F "hi"}'].map(
      (message) => ({
        timestamp: NOW,
        message,
      }),
    ),
  ],
  [
    'records with logtag',
    [
      ['stdout', 'P', '{"msg":'],
      ['stderr', 'F', 'other'],
      ['stdout', 'F', '"hi"}'],
    ].map(([stream, logtag, log]) => ({
      timestamp: NOW,
      message: JSON.stringify({ stream, logtag, log, kubernetes: { docker_id: 'c' } }),
    })),
  ],
])('puts lines together that CloudWatch holds in pieces: %s', async (_name, events) => {
  const { lines } = await parse([], events.map((event) => JSON.stringify(event)).join('\n'));

  expect(lines.map(({ format, record }) => [format, record?.['message']])).toEqual([
    ['text', 'other'],
    ['json', 'hi'],
  ]);
});

test('a line whose last piece never comes is printed as far as it goes', async () => {
  const { lines } = await parse([], JSON.stringify({ timestamp: NOW, message: '2026-11-21T08:27:04.1Z stdout P half a li' }));

  expect(lines.map(({ record }) => record?.['message'])).toEqual(['half a li']);
});

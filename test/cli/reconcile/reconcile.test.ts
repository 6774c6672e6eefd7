import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import type { Io } from '../../../cli/io.ts';
import { type MetricQuery, reconcileAccount, toRequest } from '../../../cli/reconcile/account.ts';
import { parseOptions } from '../../../cli/reconcile/options.ts';
import { run } from '../../../cli/reconcile.ts';
import { loadConfig, loadConfigText } from '../../../lib/config/load.ts';

const NOW = Date.parse('2026-11-21T09:30:20Z');
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'reconcile-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

async function reconcile(args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const io: Io = { stdin: Readable.from([]), stdout, stderr, env: {}, isTty: false, cwd: directory, now: () => NOW };
  const code = await run(args, io);
  return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}

function emf(source: string, members: object, atMs = NOW): string {
  return JSON.stringify({
    _aws: { Timestamp: atMs, CloudWatchMetrics: [{ Namespace: 'EksTelemetry', Dimensions: [['Source'], ['Function']], Metrics: [] }] },
    Source: source,
    Function: 'indexer',
    ...members,
  });
}

describe('a local run', () => {
  test('adds attempts up and exits 0 where they balance', async () => {
    writeFileSync(
      join(directory, 'metrics.ndjson'),
      `${emf('app', { Received: 5, Indexed: 3, Returned: 2 })}\n${emf('app', { Received: 2, Duplicate: 1, Indexed: 1 })}\n${emf('unknown', { ControlMessages: 1 })}\n`,
    );

    const { code, stdout } = await reconcile(['--local', '.', '--json']);

    expect(code).toBe(0);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      expect.objectContaining({ source: 'app', ok: true, counts: expect.objectContaining({ received: 7, indexed: 4, returned: 2 }) }),
    ]);
  });

  test('exits 1 and names the source where one event is missing', async () => {
    writeFileSync(join(directory, 'metrics.ndjson'), `${emf('app', { Received: 5, Indexed: 4 })}\n`);

    const { code, stdout } = await reconcile(['--local', '.']);

    expect(code).toBe(1);
    expect(stdout).toContain('DOES NOT ADD UP');
    expect(stdout).toContain('app: 1 of the received events are unaccounted for');
  });

  test('counts only as far back as asked, from the last metric of the run', async () => {
    writeFileSync(
      join(directory, 'metrics.ndjson'),
      `${emf('app', { Received: 5 }, NOW - 7_200_000)}\n${emf('app', { Received: 1, Indexed: 1 })}\n`,
    );

    expect((await reconcile(['--local', '.', '--since', '1h'])).code).toBe(0);
    expect((await reconcile(['--local', '.'])).code).toBe(1);
  });

  test('a run without any count is not a run that adds up', async () => {
    writeFileSync(join(directory, 'metrics.ndjson'), '');

    expect(await reconcile(['--local', '.'])).toMatchObject({ code: 1, stderr: expect.stringContaining('no source has any count') });
  });

  test('a run that is only starting is said to be so', async () => {
    mkdirSync(join(directory, '.eks-telemetry', 'local'), { recursive: true });
    writeFileSync(join(directory, '.eks-telemetry', 'run.lock'), String(process.pid));

    expect(await reconcile([])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`a local run is starting here (process ${process.pid})`),
    });

    // A lock whose process is gone was left by a crash.
    writeFileSync(join(directory, '.eks-telemetry', 'run.lock'), '999999999');
    expect(await reconcile([])).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no local run here') });

    // Its first functions have written, and no event was received yet.
    writeFileSync(join(directory, '.eks-telemetry', 'run.lock'), String(process.pid));
    writeFileSync(join(directory, '.eks-telemetry', 'local', 'metrics.ndjson'), '');
    expect(await reconcile([])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`a local run is starting here (process ${process.pid})`),
    });
  });

  test.each([[['--since', '1y']], [['--local', 'nowhere']], [[]], [['--what']], [['--local', '--config', 'x']]])(
    '%j is used wrongly',
    async (args) => {
      expect((await reconcile(args)).code).toBe(2);
    },
  );
});

describe('an account', () => {
  const loaded = loadConfig('config/local.yaml');
  if (!loaded.ok) throw new Error('config/local.yaml has problems');
  const { config } = loaded;

  function reader(values: { readonly [metric: string]: number }): {
    asked: { query: MetricQuery; startMs: number; endMs: number }[];
    read: Parameters<typeof reconcileAccount>[1];
  } {
    const asked: { query: MetricQuery; startMs: number; endMs: number }[] = [];
    return {
      asked,
      read: async (queries, startMs, endMs) => {
        const found = new Map<string, number>();
        for (const query of queries) {
          asked.push({ query, startMs, endMs });
          const name = 'expression' in query ? (/MetricName="(\w+)"/.exec(query.expression)?.[1] ?? '') : query.metric;
          if (values[name] !== undefined) found.set(query.id, values[name]);
        }
        return found;
      },
    };
  }

  test('every source is asked for by its own name, group and filter', async () => {
    const { asked, read } = reader({ IncomingLogEvents: 12, ForwardedLogEvents: 10, Received: 11, Indexed: 8, Duplicate: 2, Joined: 1 });

    const verdicts = await reconcileAccount(config, read, { nowMs: NOW, sinceMs: 3_600_000 });

    expect(verdicts.map(({ source, ok, incoming, forwarded }) => ({ source, ok, incoming, forwarded }))).toEqual(
      config.sources.map(({ name }) => ({ source: name, ok: true, incoming: 12, forwarded: 10 })),
    );
    const forwarded = asked.find(({ query }) => query.id === 's0_forwarded');
    expect(forwarded?.query).toMatchObject({
      expression: expect.stringContaining(
        `LogGroupName="${config.sources[0]?.logGroup}" FilterName="${config.prefix}-${config.sources[0]?.name}"`,
      ),
    });
    expect(forwarded?.endMs).toBe(Date.parse('2026-11-21T09:25:00Z'));
    expect(forwarded?.startMs).toBe(Date.parse('2026-11-21T08:25:00Z'));
  });

  test('forwarded events that no function finished are missing', async () => {
    const [verdict] = await reconcileAccount(config, reader({ ForwardedLogEvents: 10, Received: 9, Indexed: 9 }).read, {
      nowMs: NOW,
      sinceMs: 3_600_000,
    });

    expect(verdict).toMatchObject({ ok: false, missing: 1 });
  });

  test('what the account policy forwarded for all groups is compared with the function that gets it', async () => {
    const onPolicy = loadConfigText(
      `version: 1
account: "111122223333"
region: us-east-1
clusters: [{ name: prod }]
sources:
  - { name: app, cluster: prod, kind: application, subscription: account }
  - { name: rest, cluster: prod, kind: logGroup, logGroup: "*", subscription: account }
  - { name: host, cluster: prod, kind: host }
`,
      'policy.yaml',
    );
    if (!onPolicy.ok) throw new Error(JSON.stringify(onPolicy.problems));
    const { asked, read } = reader({ IncomingLogEvents: 12, ForwardedLogEvents: 10, DeliveryErrors: 1, Received: 19, Indexed: 19 });

    const verdicts = await reconcileAccount(onPolicy.config, read, { nowMs: NOW, sinceMs: 3_600_000 });

    expect(verdicts.map(({ source, incoming, forwarded }) => [source, incoming, forwarded])).toEqual([
      ['app', 12, undefined],
      ['rest', undefined, undefined],
      ['host', 12, 10],
      // Ten by the policy, ten by the filter of `host`, which shares the function.
      ['account policy', undefined, 20],
    ]);
    expect(verdicts[3]).toMatchObject({ ok: false, missing: 1, problems: expect.arrayContaining([expect.stringContaining('1 events')]) });
    const queries = asked.map(({ query }) => query);
    expect(queries.filter(({ id }) => id.startsWith('account_'))).toEqual(
      expect.arrayContaining([
        {
          id: 'account_forwarded',
          expression:
            'SUM(SEARCH(\'{AWS/Logs,DestinationType,FilterName,PolicyLevel} MetricName="ForwardedLogEvents" PolicyLevel="AccountPolicy"\', \'Sum\', 60))',
        },
        expect.objectContaining({ metric: 'Received', dimensions: { Function: 'eks-telemetry-prod-log-indexer-direct' } }),
      ]),
    );
  });

  test('queries become sums by the minute', () => {
    expect(toRequest({ id: 'a', metric: 'Received', namespace: 'EksTelemetry', dimensions: { Source: 'app' } })).toEqual({
      Id: 'a',
      MetricStat: {
        Metric: { Namespace: 'EksTelemetry', MetricName: 'Received', Dimensions: [{ Name: 'Source', Value: 'app' }] },
        Period: 60,
        Stat: 'Sum',
      },
      ReturnData: true,
    });
  });
});

test('without --local and --config the run of this folder is meant', () => {
  expect(() => parseOptions([], directory)).toThrow('there is no local run here');
});

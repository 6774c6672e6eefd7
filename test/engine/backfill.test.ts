import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { albLines } from '../../bench/alb-lines.ts';
import type { BackfillState } from '../../cli/backfill/state.ts';
import { createAdminRequest } from '../../lambdas/clients/search-admin.ts';
import { runSetup } from '../../lambdas/clients/search-setup-run.ts';
import { searchTemplates } from '../../lambdas/core/index/mappings/templates.ts';
import { loadConfig } from '../../lib/config/load.ts';
import { searchSetupFor } from '../../lib/config/search-setup.ts';
import { BucketStore } from '../../local/s3/bucket-store.ts';
import { serveBuckets } from '../../local/s3/server.ts';
import type { SearchEngine } from '../../local/search-engine/search-engine.ts';
import { describeWithEngine, startTestEngine } from './real-engine.ts';

jest.setTimeout(240_000);

const BUCKET = 'eks-telemetry-access-logs-111122223333-us-east-1';
const LINES_OF_FILE = 400;
const DAY = 'shop/AWSLogs/111122223333/elasticloadbalancing/us-east-1/2026/11/21';

const CONFIG = `version: 1
account: "111122223333"
region: us-east-1
clusters: [{ name: prod }]
sources:
  - { name: prod-application, cluster: prod, kind: application, route: direct, format: text }
loadBalancers:
  logs:
    - { name: shop, cluster: prod, kind: alb }
search:
  mode: managed
  defaults: { replicas: 0 }
  access: { admins: { roles: [arn:aws:iam::111122223333:role/platform-admin] } }
`;

/** A line of the archive: an application's JSON line in the collector's record. */
function archived(number: number): string {
  const timestamp = Date.UTC(2025, 2, 1, 10, 0, 0, number);
  const message = JSON.stringify({
    log: `{"level":"warn","msg":"order ${number}"}`,
    stream: 'stdout',
    time: `${new Date(timestamp).toISOString().slice(0, -1)}456789Z`,
    kubernetes: { pod_name: 'web-1', namespace_name: 'shop', container_name: 'web', docker_id: 'c'.repeat(64) },
  });
  return JSON.stringify({
    ...{
      event_id: String(number).padStart(56, '0'),
      timestamp,
      time: new Date(timestamp).toISOString(),
      account: '111122223333',
      region: 'us-east-1',
    },
    ...{ cluster: 'prod', kind: 'application', source: 'prod-application', log_group: '/aws/containerinsights/prod/application' },
    ...{ log_stream: 'node-1', application: '', message },
  });
}

describeWithEngine('a backfill into a real OpenSearch', () => {
  let engine: SearchEngine;
  let folder: string;
  let env: NodeJS.ProcessEnv;
  let closeS3: () => Promise<void>;

  beforeAll(async () => {
    engine = await startTestEngine();
    folder = mkdtempSync(join(tmpdir(), 'eks-telemetry-backfill-'));
    writeFileSync(join(folder, 'test.yaml'), CONFIG);
    const store = new BucketStore(join(folder, 'buckets'));
    store.create(BUCKET);
    // The second day is not of the range, and of the first one each file has lines of its own.
    const lines = albLines(LINES_OF_FILE * 10);
    for (let file = 0; file < 10; file++) {
      const text = `${lines.slice(file * LINES_OF_FILE, (file + 1) * LINES_OF_FILE).join('\n')}\n`;
      const name = `111122223333_elasticloadbalancing_us-east-1_app.shop.50dc6c495c0c9188_20261121T08${file * 5 < 10 ? '0' : ''}${file * 5}Z_192.0.2.10_5x8k.log.gz`;
      store.put(BUCKET, `${DAY}/${name}`, gzipSync(text));
    }
    store.put(BUCKET, `${DAY.slice(0, -2)}22/other_20261122T0800Z_x.log.gz`, gzipSync(lines.slice(0, 5).join('\n')));
    const s3 = await serveBuckets(store);
    closeS3 = () => s3.close();
    const { AWS_ENDPOINT_URL: _other, ...own } = process.env;
    env = {
      ...own,
      AWS_ENDPOINT_URL_S3: s3.url,
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'example',
      AWS_REGION: 'us-east-1',
    };
    const loaded = loadConfig(join(folder, 'test.yaml'));
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    const setup = searchSetupFor(loaded.config);
    await runSetup(
      { setup, templates: searchTemplates(setup), plugins: { ism: false, security: false }, nowMs: Date.now() },
      {
        request: createAdminRequest(engine.url, 'us-east-1', {}),
        sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
        remainingMs: () => 60_000,
        random: Math.random,
      },
    );
  });
  afterAll(async () => {
    await closeS3?.();
    await engine?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function start(...args: string[]): ChildProcess {
    const command = join(__dirname, '../../bin/eks-telemetry.ts');
    const all = [command, 'backfill', ...args, '--config', join(folder, 'test.yaml'), '--endpoint', engine.url, '--yes', '--json'];
    return spawn(process.execPath, all, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  async function finish(
    ...args: string[]
  ): Promise<{ code: number; result: Record<string, unknown>; lines: Record<string, unknown>[]; err: string }> {
    const child = start(...args);
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
    const code = await new Promise<number>((resolve) => child.on('close', (exit) => resolve(exit ?? -1)));
    const text = Buffer.concat(out).toString('utf8');
    const lines = text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    return { code, lines, result: lines.at(-1) ?? {}, err: Buffer.concat(err).toString('utf8') };
  }

  const states = (): BackfillState[] => {
    const path = join(folder, '.eks-telemetry/backfill');
    try {
      return readdirSync(path)
        .filter((name) => name.endsWith('.json'))
        .map((name) => JSON.parse(readFileSync(join(path, name), 'utf8')) as BackfillState);
    } catch {
      return [];
    }
  };

  async function search(index: string, body: object): Promise<{ total: number; sources: Record<string, unknown>[] }> {
    await fetch(`${engine.url}/${index}/_refresh`, { method: 'POST' });
    const answer = await fetch(`${engine.url}/${index}/_search`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ track_total_hits: true, ...body }),
    });
    const { hits } = (await answer.json()) as { hits: { total: { value: number }; hits: { _source: Record<string, unknown> }[] } };
    return { total: hits.total.value, sources: hits.hits.map(({ _source }) => _source) };
  }

  test('killed in the middle of a bucket’s files and called again: every line of the range is there once, and the counts say so', async () => {
    const args = ['shop', '--from', '2026-11-21', '--to', '2026-11-22', '--rate', '500'];
    const killed = start(...args);
    while ((states()[0]?.totals.files ?? 0) < 3 && killed.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 50));
    killed.kill('SIGKILL');
    await new Promise((resolve) => killed.on('close', resolve));
    const [half] = states();

    const { code, result, err } = await finish(...args.slice(0, -1), '0');

    expect(half).toMatchObject({ isDone: false });
    expect(half?.totals.files).toBeLessThan(10);
    expect(err).toContain('going on behind');
    expect({ code, result }).toMatchObject({ code: 0, result: { end: 'done', read: 4_000, files: 10, refused: {}, unreadable: {} } });
    // What the killed process sent of the file that it did not finish is there already.
    expect(Number(result['indexed']) + Number(result['duplicate'])).toBe(4_000);
    expect((await search('eks-alb-prod-*', { size: 0 })).total).toBe(4_000);
    expect(states()[0]).toMatchObject({ isDone: true });
    expect(readdirSync(join(folder, '.eks-telemetry/backfill')).filter((name) => !name.endsWith('.json'))).toEqual([]);
  });

  test('a year-old archive after a parser was mended: --overwrite writes the new reading over the old one, and adds no document', async () => {
    const key = 'archive/kind=application/cluster=prod/dt=2025-03-01/hr=10/stream-1.gz';
    mkdirSync(dirname(join(folder, key)), { recursive: true });
    writeFileSync(join(folder, key), gzipSync(`${Array.from({ length: 50 }, (_, number) => archived(number)).join('\n')}\n`));
    const args = ['prod-application', '--input', join(folder, 'archive')];
    const index = 'eks-application-prod-2025.03.01';

    const first = await finish(...args);
    const before = await search(index, { size: 1 });
    writeFileSync(join(folder, 'test.yaml'), CONFIG.replace('format: text', 'format: json'));
    const without = await finish(...args);
    const mended = await finish(...args, '--overwrite');
    const after = await search(index, { size: 50, query: { match: { 'log.level': 'warning' } } });

    expect(first).toMatchObject({ code: 0, result: { read: 50, indexed: 50 } });
    expect(before.sources[0]).not.toHaveProperty('log');
    expect(without).toMatchObject({ code: 0, result: { indexed: 0, duplicate: 50, overwritten: 0 } });
    expect(mended).toMatchObject({ code: 0, result: { indexed: 0, duplicate: 0, overwritten: 50 } });
    expect(after.total).toBe(50);
    expect((await search(index, { size: 0 })).total).toBe(50);
  });

  test('an index that is read-only is named before and after, the others are written, and the answer is 1', async () => {
    const index = 'eks-application-prod-2025.03.01';
    const blocked = await fetch(`${engine.url}/${index}/_settings`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: '{"index.blocks.write":true}',
    });
    const key = 'more/kind=application/cluster=prod/dt=2025-03-02/hr=10/stream-1.gz';
    mkdirSync(dirname(join(folder, key)), { recursive: true });
    const lines = [
      archived(7).replace('00007', '99999'),
      archived(8)
        .replaceAll('2025-03-01', '2025-03-02')
        .replace(/"timestamp":\d+/, `"timestamp":${Date.UTC(2025, 2, 2, 10)}`),
    ];
    writeFileSync(join(folder, key), gzipSync(lines.join('\n')));

    const { code, lines: told, result } = await finish('prod-application', '--input', join(folder, 'more'));

    expect(blocked.status).toBe(200);
    expect(code).toBe(1);
    expect(told[0]).toMatchObject({ type: 'estimate', readOnlyIndices: [index] });
    expect(told[1]).toMatchObject({ type: 'refused', index, reason: 'index-read-only' });
    expect(result).toMatchObject({ read: 2, indexed: 1, refused: { 'index-read-only': 1 }, readOnly: { [index]: 1 } });
  });
});

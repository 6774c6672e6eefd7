// Files as services write them, for the example answers of docs/athena.md and their test.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type DeadLetter, deadLetterKey, formatDeadLetters } from '../../lambdas/core/delivery/dead-letter.ts';
import { type ArchiveEvent, archiveLine } from '../../lambdas/core/firehose/archive-lines.ts';
import { controlPlaneKind } from '../../lambdas/core/parse/stream-kind.ts';
import type { Config } from '../../lib/config/load.ts';
import { accessLogRules } from '../../lib/config/load-balancers.ts';
import { archiveBucketName, deadLetterBucketName } from '../../lib/config/names.ts';
import { accessLogFiles } from '../../local/feed/access-logs.ts';
import { readFileEvents } from '../../local/feed/lines.ts';
import { groupsOf, sampleSources } from '../../local/feed/sources.ts';
import { OTHER_LINES, SHAPES } from './alb-shapes.ts';

/** An event of the archive, with what its key says. */
export interface Archived extends ArchiveEvent {
  readonly kind: string;
  readonly application: string;
  readonly time: string;
  readonly logStream: string;
}

/** What lies in the buckets, as it was before it was written: what the answers of queries are counted from. */
export interface World {
  /** Lines of files by the start of their names: `alb`, `conn_log`, `health_check_log`, `nlb`, `cloudfront`, `waf`. */
  readonly lines: { readonly [kind: string]: readonly string[] };
  readonly archive: readonly Archived[];
  readonly deadLetters: readonly DeadLetter[];
  readonly costs: readonly CostItem[];
}

/** A line of a cost report. */
export interface CostItem {
  readonly line_item_resource_id: string;
  readonly line_item_usage_type: string;
  readonly split_line_item_split_cost: number | null;
  readonly split_line_item_unused_cost: number | null;
}

const SAMPLES = 'samples';
const CLUSTER = 'local';
/** Trace ids of failed requests of the samples, which the application is made to have written. */
const TRACED = 3;

/** Writes the samples, every shape of ALB lines, an archive, dead letters and a cost report below `<folder>/<bucket>/<key>`. */
export async function makeWorld(folder: string, config: Config): Promise<World> {
  const put = (bucket: string, key: string, body: string | Buffer): void => {
    const path = join(folder, bucket, key);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof body === 'string' ? gzipSync(body) : body);
  };
  const lines: { [kind: string]: string[] } = { alb: [], conn_log: [], health_check_log: [], nlb: [], cloudfront: [], waf: [] };
  for (const { bucket, key, body } of accessLogFiles(SAMPLES, accessLogRules(config))) {
    put(bucket, key, body);
    const kind =
      /\/(conn_log|health_check_log)[^/]*$/.exec(key)?.[1] ??
      config.loadBalancers.logs.find(({ prefix, kind: k }) => key.startsWith(prefix) && (prefix !== '' || k === 'waf'))?.kind;
    const read = gunzipSync(body).toString('utf8').split('\n').slice(0, -1);
    lines[kind as string]?.push(...read.filter((line) => !line.startsWith('#')));
  }
  const alb = config.loadBalancers.logs.find(({ kind }) => kind === 'alb');
  const shapes = [...SHAPES.map(({ line }) => line), ...OTHER_LINES];
  put(
    alb?.bucket as string,
    `${alb?.prefix}AWSLogs/${config.account}/elasticloadbalancing/${config.region}/2026/11/21/${config.account}_elasticloadbalancing_${config.region}_app.shapes.0123456789abcdef_20261121T0835Z_192.0.2.12_shapes00.log.gz`,
    `${shapes.join('\n')}\n`,
  );
  lines['alb']?.push(...shapes);
  const archive = await makeArchive(lines['alb'] ?? []);
  writeArchive(archive, config, put);
  const deadLetters = makeDeadLetters(archive);
  for (const letter of deadLetters) {
    const parts = {
      source: letter.source,
      function: letter.function,
      timeMs: letter.timestamp,
      payloadHash: createHash('sha256').update(letter.id).digest('hex'),
    };
    put(deadLetterBucketName(config), deadLetterKey(parts), formatDeadLetters([letter]));
  }
  const costs = makeCosts();
  put('example-cost-reports', 'billing_period=2026-11/a.json.gz', costs.map((item) => `${JSON.stringify(item)}\n`).join(''));
  return { lines, archive, deadLetters, costs };
}

/** Events of the control plane, of containers and of Kubernetes; some of an earlier day, and some whose text is no JSON. */
async function makeArchive(alb: readonly string[]): Promise<Archived[]> {
  const found: Archived[] = [];
  const add = (kind: string, logStream: string, timestamp: number, message: string, application = ''): void => {
    const id = String(found.length).padStart(56, '0');
    found.push({ id, timestamp, message, kind, application, logStream, time: new Date(timestamp).toISOString() });
  };
  for (const source of await sampleSources(SAMPLES, groupsOf(CLUSTER))) {
    const kind = controlPlaneKind(source.logStream) ?? 'application';
    const application = /checkout|orders/.exec(source.file)?.[0] ?? '';
    for await (const { timestamp, message } of source.events()) add(kind, source.logStream, timestamp, message, application);
  }
  for (const file of readdirSync(join(SAMPLES, 'events')))
    for await (const event of readFileEvents(join(SAMPLES, 'events', file)))
      add('events', 'kubernetes-events', event.timeMs as number, event.text);
  const failed = alb.filter((line) => / 50\d \d+ \d+ \d+ "/.test(line) || / 50[234] - /.test(line));
  for (const line of failed.slice(0, TRACED)) {
    const [, root = '', id = ''] = /"Root=1-([0-9a-f]{8})-([0-9a-f]{24})"/.exec(line) ?? [];
    const log = JSON.stringify({ level: 'error', msg: 'order was lost', trace_id: root + id });
    const record = {
      log,
      stream: 'stderr',
      kubernetes: { namespace_name: 'prod-web', pod_name: 'checkout-1', container_name: 'checkout' },
    };
    add('application', 'application.checkout', Date.parse('2026-11-21T08:29:00.500Z'), JSON.stringify(record), 'checkout');
  }
  const first = found.find(({ kind }) => kind === 'application') as Archived;
  for (const message of [first.message, 'no JSON: ERROR at the border', '{"log":"cut in the mid'])
    add('application', first.logStream, Date.parse('2026-11-19T23:59:59.999Z'), message, 'orders');
  for (const message of ['not JSON at all', '{"kind":"Event","verb":"delete"'])
    add('audit', 'kube-apiserver-audit-0', Date.parse('2026-11-20T00:00:00Z'), message);
  return found;
}

function writeArchive(archive: readonly Archived[], config: Config, put: (bucket: string, key: string, body: string) => void): void {
  const files = new Map<string, string>();
  for (const event of archive) {
    const { kind, logStream, time } = event;
    const key = `kind=${kind}/cluster=${CLUSTER}/dt=${time.slice(0, 10)}/hr=${time.slice(11, 13)}/archive-1.gz`;
    const origin = {
      account: config.account,
      region: config.region,
      cluster: CLUSTER,
      kind,
      source: `local-${kind}`,
      logGroup: '/example',
      logStream,
    };
    files.set(key, (files.get(key) ?? '') + archiveLine(event, origin, event.application));
  }
  // A line that was cut, as a disk that is full leaves it: it must not fail the query, and is a row of NULLs.
  for (const [key, text] of files) put(archiveBucketName(config), key, `${text}{"event_id":"cut","mess\n`);
}

function makeDeadLetters(archive: readonly Archived[]): DeadLetter[] {
  return archive.slice(0, 7).map(
    ({ id, timestamp, message, logStream }, index): DeadLetter => ({
      version: 1,
      reason: index < 4 ? 'mapper-parsing' : 'index-read-only',
      detail: `failed to parse field [n] of type [long] ${index}`,
      source: index === 0 ? 'local-application' : 'local-control-plane',
      function: 'eks-telemetry-local-log-indexer-stream',
      account: '111122223333',
      region: 'us-east-1',
      logGroup: '/aws/eks/local/cluster',
      logStream,
      id,
      timestamp,
      message,
      deadLetteredAt: timestamp + 1000,
    }),
  );
}

function makeCosts(): CostItem[] {
  const item = (pod: string, type: string, cost: number | null, unused: number | null): CostItem => ({
    line_item_resource_id: `arn:aws:eks:us-east-1:111122223333:pod/${pod}`,
    line_item_usage_type: `USE1-EKS-EC2-${type}`,
    split_line_item_split_cost: cost,
    split_line_item_unused_cost: unused,
  });
  return [
    item('prod/shop/checkout-1/0a', 'vCPU-Hours', 1.25, 0.25),
    item('prod/shop/checkout-1/0a', 'GB-Hours', 0.5, 0.125),
    item('prod/shop/checkout-2/0b', 'vCPU-Hours', 2, null),
    item('prod/kube-system/coredns-1/0c', 'GB-Hours', 0.0625, 0),
    { ...item('x', 'vCPU-Hours', null, null), line_item_resource_id: 'i-0123456789abcdef0' },
  ];
}

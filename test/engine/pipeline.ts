import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAdminRequest } from '../../lambdas/clients/search-admin.ts';
import { runSetup } from '../../lambdas/clients/search-setup-run.ts';
import { addCounts, type Counts, emptyCounts } from '../../lambdas/core/delivery/counts.ts';
import { searchTemplates } from '../../lambdas/core/index/mappings/templates.ts';
import { transformBatch } from '../../lambdas/core/index/transform.ts';
import { compileRules } from '../../lambdas/core/rules/compile.ts';
import { openSubscription } from '../../lambdas/events/subscription.ts';
import { writeUtf8 } from '../../lambdas/events/utf8.ts';
import { NOW, RULES, SETUP } from './control-plane.ts';

/** The deployed handler, as Lambda calls it. */
export type Handler = (event: unknown, context: { getRemainingTimeInMillis(): number }) => Promise<unknown>;

/** A handler with its own cold start, and what its invocations counted. */
export interface Pipeline {
  readonly handler: Handler;
  /** Sum of the metrics of every invocation. */
  readonly counts: Counts;
  /** Lines of metrics that say that counts do not add up. */
  readonly unaccounted: unknown[];
  readonly invocations: () => number;
  dispose(): void;
}

/** Loads the entry with the environment that Lambda would give it. */
export function loadPipeline(route: 'direct' | 'stream', to: { search: string; letterBox: string; maxBytes?: number }): Pipeline {
  const root = mkdtempSync(join(tmpdir(), 'eks-telemetry-rules-'));
  writeFileSync(join(root, 'rules.json'), JSON.stringify(RULES));
  const before = { ...process.env };
  Object.assign(process.env, {
    LAMBDA_TASK_ROOT: root,
    SEARCH_ENDPOINT: to.search,
    DEAD_LETTER_BUCKET: 'dead-letters-111122223333',
    AWS_ENDPOINT_URL_S3: to.letterBox,
    ACCOUNT_ID: '111122223333',
    AWS_REGION: 'us-east-1',
    AWS_LAMBDA_FUNCTION_NAME: 'log-indexer',
    BULK_MAX_BYTES: String(to.maxBytes ?? 256 * 1024),
    BULK_MAX_DOCUMENTS: '1000',
    BULK_GZIP: '0',
    METRIC_NAMESPACE: 'EksTelemetry',
    SOURCE_ROUTE: route,
    EKS_TELEMETRY_LOCAL: '1',
    EKS_TELEMETRY_NOW_MS: String(NOW),
  });
  let handler: Handler | undefined;
  jest.isolateModules(() => {
    handler = (require('../../lambdas/log-indexer.ts') as { handler: Handler }).handler;
  });
  if (!handler) throw new Error('the entry has no handler');
  const counts = emptyCounts();
  const unaccounted: unknown[] = [];
  let lines = 0;
  const log = jest.spyOn(console, 'log').mockImplementation((line: string) => {
    const metrics = JSON.parse(line) as { [name: string]: number } & { excludedByRule: { [rule: string]: number } };
    lines++;
    if ('Unaccounted' in metrics) unaccounted.push(metrics);
    const count = (name: string): number => metrics[name] ?? 0;
    addCounts(counts, {
      received: count('Received'),
      indexed: count('Indexed'),
      duplicate: count('Duplicate'),
      deadLettered: count('DeadLettered'),
      excluded: metrics.excludedByRule,
      joined: count('Joined'),
      returned: count('Returned'),
      controlMessages: count('ControlMessages'),
    });
  });
  return {
    handler,
    counts,
    unaccounted,
    invocations: () => lines,
    dispose() {
      log.mockRestore();
      process.env = before;
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** A context whose time runs out. */
export function contextOf(timeMs: number): { getRemainingTimeInMillis(): number } {
  const until = Date.now() + timeMs;
  return { getRemainingTimeInMillis: () => until - Date.now() };
}

/** Lambda's asynchronous queue: invokes each payload, some at once, and again after an error, without end. Gives the number of invocations. */
export async function invokeAll(handler: Handler, payloads: readonly string[], timeMs: number): Promise<number> {
  const queue = [...payloads];
  let invocations = 0;
  const worker = async (): Promise<void> => {
    for (let data = queue.shift(); data !== undefined; data = queue.shift()) {
      invocations++;
      await handler({ awslogs: { data } }, contextOf(timeMs)).catch(() => {
        queue.push(data as string);
      });
    }
  };
  await Promise.all([worker(), worker()]);
  return invocations;
}

/** A shard and its event source mapping with partial batch responses: goes on behind what was done, or again from the lowest failed record. */
export async function drainShard(handler: Handler, payloads: readonly string[], batchSize: number, timeMs: number): Promise<number> {
  const records = payloads.map((data, position) => ({
    eventID: `shardId-000000000000:${position + 1}`,
    kinesis: { data, sequenceNumber: String(position + 1), approximateArrivalTimestamp: NOW / 1000 },
  }));
  let checkpoint = 0;
  let invocations = 0;
  while (checkpoint < records.length) {
    const batch = records.slice(checkpoint, checkpoint + batchSize);
    invocations++;
    const { batchItemFailures } = (await handler({ Records: batch }, contextOf(timeMs))) as {
      batchItemFailures: { itemIdentifier: string }[];
    };
    const failed = batchItemFailures.map(({ itemIdentifier }) => Number(itemIdentifier) - 1);
    checkpoint = failed.length > 0 ? Math.min(...failed) : checkpoint + batch.length;
  }
  return invocations;
}

/** What a perfect delivery of the payloads would leave: `<index>/<_id>` of every document, and how many events take part in it. */
export function expectedDocuments(payloads: readonly string[]): {
  readonly names: Set<string>;
  readonly events: number;
  readonly joined: number;
} {
  const rules = compileRules(RULES);
  const names = new Set<string>();
  let events = 0;
  let joined = 0;
  for (const data of payloads) {
    const opened = openSubscription(data);
    if (opened.kind !== 'data') continue;
    const bulk = transformBatch(opened.batch, rules, {
      nowMs: NOW,
      hash: (text) => createHash('sha256').update(text).digest('hex'),
      write: writeUtf8,
    });
    for (const { index, id } of bulk.documents) names.add(`${index}/${id}`);
    events += bulk.counts.received;
    joined += bulk.counts.joined;
  }
  return { names, events, joined };
}

/** Every document in the engine as `<index>/<_id>`, one by one: a count alone would not see a loss that a double makes up for. */
export async function storedDocuments(url: string): Promise<string[]> {
  const call = async (method: string, path: string, body?: object): Promise<Record<string, unknown>> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) throw new Error(`${path}: HTTP ${response.status} ${await response.text()}`);
    return (await response.json()) as Record<string, unknown>;
  };
  await call('POST', '/eks-*/_refresh');
  const names: string[] = [];
  type Page = { _scroll_id?: string; hits: { hits: { _index: string; _id: string }[] } };
  let page = (await call('POST', '/eks-*/_search?scroll=1m', { size: 5_000, _source: false, sort: ['_doc'] })) as unknown as Page;
  while (page.hits.hits.length > 0) {
    for (const { _index, _id } of page.hits.hits) names.push(`${_index}/${_id}`);
    page = (await call('POST', '/_search/scroll', { scroll: '1m', scroll_id: page._scroll_id })) as unknown as Page;
  }
  if (page._scroll_id) await call('DELETE', '/_search/scroll', { scroll_id: [page._scroll_id] });
  return names;
}

/** Writes the templates, as a deploy does. */
export async function prepare(url: string): Promise<void> {
  await runSetup(
    { setup: SETUP, templates: searchTemplates(SETUP), plugins: { ism: false, security: false }, nowMs: NOW },
    {
      request: createAdminRequest(url, 'us-east-1', {}),
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      remainingMs: () => 60_000,
      random: Math.random,
    },
  );
}

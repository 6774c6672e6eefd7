import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createPostBulk } from '../../lambdas/clients/bulk-request.ts';
import { sendBulk } from '../../lambdas/clients/bulk-sender.ts';
import { createEnrichment } from '../../lambdas/clients/line-enrichment.ts';
import { createPutRecords } from '../../lambdas/clients/put-record-batch.ts';
import { createHttpClient } from '../../lambdas/clients/signed-http.ts';
import { compileAccessLogRules } from '../../lambdas/core/access-logs/file-rules.ts';
import { lineAgain } from '../../lambdas/core/access-logs/line-again.ts';
import { isPastWarmAge } from '../../lambdas/core/delivery/index-age.ts';
import { transformBatch } from '../../lambdas/core/index/transform.ts';
import { type CompiledRules, compileRules } from '../../lambdas/core/rules/compile.ts';
import { writeUtf8 } from '../../lambdas/events/utf8.ts';
import type { Config } from '../../lib/config/load.ts';
import { accessLogRules } from '../../lib/config/load-balancers.ts';
import { rulesFor } from '../../lib/config/rules.ts';
import type { Io } from '../io.ts';
import { FILE_START } from './failures.ts';
import type { Options } from './options.ts';
import { accountCredentials, endpointOf } from './places.ts';
import type { ReplayPorts } from './replay.ts';

/** How long the documents of one object may take, in ms, pauses after a 429 included. */
const OBJECT_PATIENCE_MS = 5 * 60_000;
const REQUEST_TIMEOUT_MS = 60_000;

const text = {
  write: writeUtf8,
  readLatin1: (bytes: Uint8Array, from: number, to: number): string => Buffer.prototype.latin1Slice.call(bytes, from, to),
  readUtf8: (bytes: Uint8Array, from: number, to: number): string => Buffer.prototype.utf8Slice.call(bytes, from, to),
};

/** The deployed transform and sender, with the config's rules and the caller's credentials. */
export async function createReplayPorts(options: Options, config: Config, io: Io): Promise<ReplayPorts> {
  const lines = await createLineReplay(options, config, io);
  const compiled = config.clusters.map(({ name }) => compileRules(rulesFor(config, name)));
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
  const families = Object.fromEntries(
    config.families.map((family) => [family.name, family.warmAfterDays === undefined ? {} : { warmAfterDays: family.warmAfterDays }]),
  );
  // Made when the first document is sent: what goes into delivery streams needs no search.
  let made: Promise<ReplayPorts['send']> | undefined;
  const send: ReplayPorts['send'] = async (batches) => {
    if (options.dryRun || batches.length === 0) return [];
    made ??= createSend(options, config, families, io);
    return (await made)(batches);
  };
  return {
    transform(batch, failedMs) {
      if (batch.logGroup.startsWith(FILE_START)) return lines(batch, failedMs);
      const rules = compiled.find((one) => one.sourceOf(batch.logGroup) !== undefined);
      if (!rules) return undefined;
      // A local run has a clock of its own: its events are as old now as they were when they failed.
      if (options.local !== undefined) return transformBatch(batch, rules, { nowMs: failedMs, hash, write: writeUtf8 });
      const nowMs = io.now();
      return transformBatch(batch, boundsOfThen(rules, nowMs - failedMs), { nowMs, hash, write: writeUtf8 });
    },
    send,
    ...(options.local === undefined ? { putAgain: createPutAgain(options.region ?? config.region, io) } : {}),
    onProgress(done, all, failures) {
      if (io.isTty)
        io.stderr.write(`\r\x1b[K${bar(done / all)} ${done} of ${all} objects${failures > 0 ? `, ${failures} failed again` : ''}`);
    },
  };
}

/** Lines of access log files through the transform of alb-indexer. A letter's id is the `_id` that its line has. */
async function createLineReplay(options: Options, config: Config, io: Io): Promise<ReplayPorts['transform']> {
  const rules = accessLogRules(config);
  if (rules.sources.length === 0) return () => undefined;
  const compiled = compileAccessLogRules(rules);
  const enrichment = await createEnrichment(config.loadBalancers.geoIpFile, rules.sources);
  return ({ logGroup, logStream, events }, failedMs) => {
    const [event] = events;
    if (event === undefined) return undefined;
    const nowMs = options.local === undefined ? io.now() : failedMs;
    const { timeBounds } = boundsOfThen(compiled, nowMs - failedMs);
    const { id: documentId, message, timestamp: timeMs } = event;
    const line = { bucket: logGroup.slice(FILE_START.length), key: logStream, message, timeMs, documentId };
    return lineAgain(line, compiled, { text, nowMs, timeBounds, enrichment });
  };
}

/**
 * Time bounds as they were when the event failed: what was live then is admitted weeks later, and a time that was a year off then still is.
 * Retention is judged by today: an index that would be deleted tomorrow is not made.
 */
function boundsOfThen<T extends Pick<CompiledRules, 'timeBounds'>>(rules: T, ageMs: number): T {
  const { backMs, aheadMs } = rules.timeBounds;
  return { ...rules, timeBounds: { backMs: backMs + ageMs, aheadMs: aheadMs - ageMs } };
}

/** Puts records into delivery streams with the caller's credentials, which need `firehose:PutRecordBatch`. */
function createPutAgain(region: string, io: Io): NonNullable<ReplayPorts['putAgain']> {
  return async (records) => {
    if (records.length === 0) return [];
    const credentials = await accountCredentials(region);
    const until = io.now() + OBJECT_PATIENCE_MS;
    const endpoint = io.env['AWS_ENDPOINT_URL_FIREHOSE'] ?? io.env['AWS_ENDPOINT_URL'];
    const put = createPutRecords(
      { region, ...(endpoint === undefined ? {} : { endpoint }) },
      {
        http: createHttpClient({ service: 'firehose', region, credentials: () => credentials, now: io.now }),
        sleep: async (ms) => {
          await pause(ms);
        },
        random: Math.random,
        remainingMs: () => until - io.now(),
        reserveMs: 0,
        onRefused: (what) => io.stderr.write(`dead-letters: ${what}\n`),
      },
    );
    return put(records.map(({ stream, data }) => ({ stream, data, events: 0 })));
  };
}

async function createSend(
  options: Options,
  config: Config,
  families: { readonly [family: string]: { readonly warmAfterDays?: number } },
  io: Io,
): Promise<ReplayPorts['send']> {
  const endpoint = await endpointOf(options, config, io);
  const isLocal = new URL(endpoint).protocol === 'http:';
  const credentials = isLocal ? undefined : await accountCredentials(config.region);
  const http = createHttpClient({ service: 'es', region: config.region, credentials: () => credentials, now: io.now });
  const { maxBytes, maxDocuments, gzip } = config.delivery.bulk;
  const post = createPostBulk(http, { endpoint, gzip });
  const limits = { maxBytes, maxDocuments, connections: 2, requestTimeoutMs: REQUEST_TIMEOUT_MS, reserveMs: 0 };
  return async (batches) => {
    const until = io.now() + OBJECT_PATIENCE_MS;
    const ports = {
      post,
      sleep: async (ms: number) => {
        await pause(ms);
      },
      now: io.now,
      remainingMs: () => until - io.now(),
      random: Math.random,
      isPastWarmAge: (index: string) => isPastWarmAge(index, families, io.now()),
    };
    return (await sendBulk(batches, ports, limits)).outcomes;
  };
}

const BAR_WIDTH = 20;

function bar(share: number): string {
  const full = Math.round(share * BAR_WIDTH);
  return `[${'='.repeat(full)}${' '.repeat(BAR_WIDTH - full)}]`;
}

import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type DeliveryPorts, type DeliveryReport, deliver, type Payload } from '../core/delivery/deliver.ts';
import type { WarmAges } from '../core/delivery/index-age.ts';
import type { BulkBatch, SourceBatch } from '../core/index/types.ts';
import { credentialsFromEnvironment } from './aws-signature.ts';
import { createDeadLetterStore } from './dead-letter-store.ts';
import { type IndexerSettings, processingTimeMs } from './indexer-settings.ts';
import { printCounts } from './print-counts.ts';
import { createSearchSender } from './search-sender.ts';
import { createHttpClient } from './signed-http.ts';

/** What the entry brings: envelopes and rules are not a client's matter. */
export interface IndexerParts {
  readonly open: DeliveryPorts['open'];
  readonly transform: (batch: SourceBatch, nowMs: number) => BulkBatch;
  readonly sourceOf: (logGroup: string) => string;
  readonly families: WarmAges;
}

/** One invocation as the indexer sees it. */
export interface Invocation {
  /** Time that Lambda leaves, in ms. */
  readonly remainingMs: () => number;
}

/** Delivers the payloads of one invocation, prints its metrics and says what must come again. */
export type Indexer = (payloads: readonly Payload[], invocation: Invocation) => Promise<DeliveryReport>;

type Environment = { readonly [name: string]: string | undefined };

/** A tenth of the time, within these bounds, is kept for dead letters and the answer. */
const RESERVE_SHARE = 0.1;
const MIN_RESERVE_MS = 1_500;
const MAX_RESERVE_MS = 10_000;
/** Bulk text collected before it is sent: three requests of the planned size, so that two connections stay busy and memory stays small. */
const SLICE_REQUESTS = 3;
/** Less than this is not worth opening another payload for. */
const MIN_WORK_MS = 1_000;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Wires the steps together. Made once per cold start: connections, the learned body size and the signing key live in it. */
export function createIndexer(settings: IndexerSettings, parts: IndexerParts, env: Environment): Indexer {
  const now = (): number => Date.now();
  const credentials = () => credentialsFromEnvironment(env);
  const search = createHttpClient({ service: 'es', region: settings.region, credentials, now });
  const s3 = createHttpClient({ service: 's3', region: settings.region, credentials, now });
  const sleep = async (ms: number): Promise<void> => {
    await pause(ms);
  };
  const sender = createSearchSender(settings, { http: search, sleep, now, families: parts.families });
  const place = {
    bucket: settings.deadLetterBucket,
    region: settings.region,
    ...(settings.s3Endpoint === undefined ? {} : { endpoint: settings.s3Endpoint }),
  };

  return async (payloads, { remainingMs }) => {
    const nowMs = processingTimeMs(env, now());
    const reserveMs = Math.min(MAX_RESERVE_MS, Math.max(MIN_RESERVE_MS, remainingMs() * RESERVE_SHARE));
    const report = await deliver(
      payloads,
      {
        open: parts.open,
        transform: (batch) => parts.transform(batch, nowMs),
        send: sender({ remainingMs, reserveMs, nowMs }),
        keep: createDeadLetterStore(place, { http: s3, sleep, remainingMs }),
        sourceOf: parts.sourceOf,
        hash: sha256,
        hasTime: () => remainingMs() - reserveMs > MIN_WORK_MS,
      },
      {
        function: settings.functionName,
        account: settings.account,
        region: settings.region,
        nowMs,
        sliceBytes: settings.maxBytes * SLICE_REQUESTS,
      },
    );
    const { namespace, functionName } = settings;
    for (const [source, sourceReport] of report.sources) printCounts(source, sourceReport, { namespace, functionName, nowMs });
    return report;
  };
}

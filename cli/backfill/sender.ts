import { createPostBulk } from '../../lambdas/clients/bulk-request.ts';
import { sendBulk } from '../../lambdas/clients/bulk-sender.ts';
import { createHttpClient } from '../../lambdas/clients/signed-http.ts';
import type { Outcome } from '../../lambdas/core/delivery/outcome.ts';
import { overwriteAll } from '../../lambdas/core/index/overwrite.ts';
import type { BulkBatch } from '../../lambdas/core/index/types.ts';
import type { CallerCredentials } from './credentials.ts';

/** How long the documents of one batch may take, in ms, pauses after a 429 included: then the run ends, to be gone on with later. */
const BATCH_PATIENCE_MS = 5 * 60_000;
const REQUEST_TIMEOUT_MS = 60_000;
const CONNECTIONS = 2;

/** Settings of sending. */
export interface SenderSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly bulk: { readonly maxBytes: number; readonly maxDocuments: number; readonly gzip: boolean };
  readonly overwrite: boolean;
  /** Documents a second on average; 0 for as fast as the search takes them. */
  readonly rate: number;
}

/** The world as the sender sees it. */
export interface SenderWorld {
  readonly credentials: CallerCredentials;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Sends batches; outcomes by batch and document. Never throws for what the engine does. */
export type Send = (batches: readonly BulkBatch[]) => Promise<readonly (readonly Outcome[])[]>;

/** The functions' sender with the caller's credentials, no faster than the rate. */
export function createSend(settings: SenderSettings, { credentials, now, sleep }: SenderWorld): Send {
  const { endpoint, region, bulk, overwrite, rate } = settings;
  const http = createHttpClient({ service: 'es', region, credentials: credentials.current, now });
  const post = createPostBulk(http, { endpoint, gzip: bulk.gzip });
  // Sinks after a 413, and stays so.
  const limits = { ...bulk, connections: CONNECTIONS, requestTimeoutMs: REQUEST_TIMEOUT_MS, reserveMs: 0 };
  let freeAtMs = now();
  return async (batches) => {
    if (overwrite) for (const batch of batches) overwriteAll(batch);
    await credentials.refresh();
    await sleep(Math.max(0, freeAtMs - now()));
    const until = now() + BATCH_PATIENCE_MS;
    const documents = batches.reduce((sum, batch) => sum + batch.documents.length, 0);
    // Time that was not used is not saved up: after a pause of the source the search would get a burst.
    if (rate > 0) freeAtMs = Math.max(freeAtMs, now()) + (documents / rate) * 1_000;
    const ports = {
      ...{ post, now, sleep, random: Math.random },
      remainingMs: () => until - now(),
      // Whoever waits at a terminal is told of a read-only index at once, whatever made it so.
      isPastWarmAge: () => true,
    };
    return (await sendBulk(batches, ports, limits)).outcomes;
  };
}

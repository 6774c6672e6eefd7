import { isPastWarmAge, type WarmAges } from '../core/delivery/index-age.ts';
import type { Outcome } from '../core/delivery/outcome.ts';
import type { BulkBatch } from '../core/index/types.ts';
import { createPostBulk } from './bulk-request.ts';
import { type SenderLimits, sendBulk } from './bulk-sender.ts';
import type { HttpClient } from './signed-http.ts';

/** Longest wait for one answer: a healthy cluster takes under a second for 5 MiB, an overloaded one says 429. */
const REQUEST_TIMEOUT_MS = 30_000;
const CONNECTIONS = 2;

/** How documents are sent, as a function's environment says. */
export interface SearchSenderSettings {
  readonly endpoint: string;
  readonly gzip: boolean;
  readonly maxBytes: number;
  readonly maxDocuments: number;
}

/** What a sender needs of the world. */
export interface SearchSenderPorts {
  readonly http: HttpClient;
  readonly sleep: (ms: number) => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly families: WarmAges;
}

/** One invocation as the sender sees it. */
export interface SendingTime {
  /** Time that Lambda leaves, in ms. */
  readonly remainingMs: () => number;
  /** Time kept for dead letters and the answer, in ms. */
  readonly reserveMs: number;
  /** Processing time in ms since the epoch. */
  readonly nowMs: number;
}

/** Outcomes by batch and document; never throws for what the engine does. */
export type SendBatches = (batches: readonly BulkBatch[]) => Promise<readonly (readonly Outcome[])[]>;

/** Makes the sender of a function, once per cold start: connections and the learned body size live in it. */
export function createSearchSender(settings: SearchSenderSettings, ports: SearchSenderPorts): (time: SendingTime) => SendBatches {
  const { http, sleep, now, families } = ports;
  const post = createPostBulk(http, { endpoint: settings.endpoint, gzip: settings.gzip });
  // Sinks after a 413 and is remembered for the next invocations.
  const learned = { maxBytes: settings.maxBytes };
  return ({ remainingMs, reserveMs, nowMs }) => {
    const limits: SenderLimits = {
      get maxBytes() {
        return learned.maxBytes;
      },
      set maxBytes(bytes) {
        learned.maxBytes = bytes;
      },
      maxDocuments: settings.maxDocuments,
      connections: CONNECTIONS,
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      reserveMs,
    };
    const isOld = (index: string): boolean => isPastWarmAge(index, families, nowMs);
    return async (batches) =>
      (await sendBulk(batches, { post, sleep, now, remainingMs, random: Math.random, isPastWarmAge: isOld }, limits)).outcomes;
  };
}

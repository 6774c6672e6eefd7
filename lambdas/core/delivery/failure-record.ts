/**
 * What Lambda itself gave up on, as it writes it into the S3 bucket of an on-failure destination.
 * Asynchronous invocation: `aws/lambda/async/<function>/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<uuid>`, the event in `requestPayload`.
 * Stream: `aws/lambda/<mapping uuid>/<shard>/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<uuid>`, the whole event as JSON text in `payload`.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 * https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
export interface FailureRecord {
  readonly kind: 'async' | 'stream';
  /** Why Lambda gave up: `RetriesExhausted`, `EventAgeExceeded`, `RetryAttemptsExhausted` … */
  readonly reason: string;
  /** What the function said last, where it said something. */
  readonly detail?: string;
  /** Name of the function. */
  readonly function: string;
  /** When Lambda gave up, in ms since the epoch. */
  readonly timeMs: number;
  /** The event that the function got. */
  readonly event: unknown;
}

/** Where Lambda's own objects lie in the bucket. */
export const LAMBDA_FAILURE_PREFIX = 'aws/lambda/';

interface RawRecord {
  readonly timestamp?: unknown;
  readonly requestContext?: { readonly functionArn?: unknown; readonly condition?: unknown };
  readonly requestPayload?: unknown;
  readonly responsePayload?: { readonly errorMessage?: unknown } | null;
  readonly KinesisBatchInfo?: { readonly shardId?: unknown; readonly startSequenceNumber?: unknown; readonly batchSize?: unknown };
  readonly payload?: unknown;
}

/** A failure record, or why an object is none (or one that carries no event). */
export type ReadRecord = { readonly ok: true; readonly record: FailureRecord } | { readonly ok: false; readonly reason: string };

function functionName(arn: unknown): string {
  // arn:aws:lambda:<region>:<account>:function:<name>[:<version>]
  return typeof arn === 'string' ? (arn.split(':')[6] ?? 'unknown') : 'unknown';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reads one object of an on-failure destination. Never throws. */
export function readFailureRecord(text: string): ReadRecord {
  const raw = parse(text) as RawRecord | null | undefined;
  if (typeof raw !== 'object' || raw === null || typeof raw.requestContext !== 'object' || raw.requestContext === null) {
    return { ok: false, reason: 'not-an-invocation-record' };
  }
  const time = typeof raw.timestamp === 'string' ? Date.parse(raw.timestamp) : Number.NaN;
  const message = raw.responsePayload?.errorMessage;
  const base = {
    reason: typeof raw.requestContext.condition === 'string' ? raw.requestContext.condition : 'unknown',
    ...(typeof message === 'string' ? { detail: message } : {}),
    function: functionName(raw.requestContext.functionArn),
    timeMs: Number.isFinite(time) ? time : 0,
  };
  if (raw.KinesisBatchInfo !== undefined) {
    // A queue or topic as destination gets positions only; the records are then gone with the stream's retention.
    if (raw.payload === undefined) return { ok: false, reason: 'batch-without-records' };
    const event = typeof raw.payload === 'string' ? parse(raw.payload) : raw.payload;
    return event === undefined ? { ok: false, reason: 'payload-not-json' } : { ok: true, record: { ...base, kind: 'stream', event } };
  }
  if (raw.requestPayload === undefined) return { ok: false, reason: 'record-without-payload' };
  return { ok: true, record: { ...base, kind: 'async', event: raw.requestPayload } };
}

import { gunzipSync } from 'node:zlib';
import { DEAD_LETTER_PREFIX, type DeadLetter, parseDeadLetters } from '../../lambdas/core/delivery/dead-letter.ts';
import { type FailureRecord, LAMBDA_FAILURE_PREFIX, readFailureRecord } from '../../lambdas/core/delivery/failure-record.ts';
import type { SourceBatch } from '../../lambdas/core/index/types.ts';
import { directData, kinesisRecords } from '../../lambdas/events/kinesis.ts';
import { openSubscription } from '../../lambdas/events/subscription.ts';
import type { ObjectStore } from './object-store.ts';

/** What wrote an object: our functions, or Lambda giving up on an asynchronous invocation or a batch of a stream. */
export type FailureKind = 'dead-letter' | 'async' | 'stream';

/** One thing that failed: a dead letter (an event and what was joined to it), or a payload that Lambda gave up on. */
export interface Failure {
  readonly kind: FailureKind;
  /** `<key>#<number>`, numbers from 1; names it in `show` and `replay`. */
  readonly id: string;
  readonly reason: string;
  /** May quote the event. */
  readonly detail?: string;
  readonly source: string;
  readonly logGroup: string;
  /** When it failed, in ms since the epoch. */
  readonly failedMs: number;
  /** Events again as they came; absent where they cannot be read. */
  readonly batch?: SourceBatch;
  readonly index?: string;
  readonly documentId?: string;
  /** A payload that cannot be opened, base64 as it came. */
  readonly payload?: string;
}

/** An object of the bucket and what is in it. */
export interface FailedObject {
  readonly key: string;
  readonly kind: FailureKind;
  readonly failures: readonly Failure[];
}

/** Which failures are meant. */
export interface FailureFilter {
  readonly reason?: string;
  /** A source's name or a log group. */
  readonly source?: string;
  /** Objects that changed at or after this time, in ms. */
  readonly sinceMs?: number;
  /** Keys, or ids of single failures; empty means all. */
  readonly only: readonly string[];
}

/** Name of the source that owns a log group, where a config tells it. */
export type SourceNames = (logGroup: string) => string | undefined;

const GZIP = 0x1f8b;
/** What stands for the log group of lines of files: their bucket; the key is the stream. */
export const FILE_START = 's3://';

function textOf(bytes: Buffer): string {
  return (bytes.length > 2 && bytes.readUInt16BE(0) === GZIP ? gunzipSync(bytes) : bytes).toString('utf8');
}

function batchOfLetter(letter: DeadLetter): SourceBatch | undefined {
  if (letter.payload !== undefined) {
    const opened = openSubscription(letter.payload);
    return opened.kind === 'data' ? opened.batch : undefined;
  }
  // A file as a whole: its letter holds no line. `backfill` reads it again once it is mended.
  if (letter.logGroup.startsWith(FILE_START) && letter.index === undefined) return undefined;
  const { account, region, id, timestamp, message, joined = [] } = letter;
  const events = [{ id, timestamp, message, region }, ...joined];
  return { owner: account, logGroup: letter.logGroup, logStream: letter.logStream, events };
}

function failureOfLetter(letter: DeadLetter, id: string): Failure {
  const batch = batchOfLetter(letter);
  return {
    kind: 'dead-letter',
    id,
    reason: letter.reason,
    ...(letter.detail === undefined ? {} : { detail: letter.detail }),
    source: letter.source,
    logGroup: batch?.logGroup ?? letter.logGroup,
    failedMs: letter.deadLetteredAt,
    ...(batch ? { batch } : {}),
    ...(letter.payload === undefined || batch ? {} : { payload: letter.payload }),
    ...(letter.index === undefined ? {} : { index: letter.index }),
    ...(letter.documentId === undefined ? {} : { documentId: letter.documentId }),
  };
}

/** Subscription payloads inside an event that a function got. */
function payloadsOf(event: unknown): string[] {
  const direct = directData(event);
  return direct === undefined ? (kinesisRecords(event) ?? []).map(({ data }) => data) : [direct];
}

function failuresOfRecord(record: FailureRecord, key: string, names: SourceNames): Failure[] {
  const base = {
    kind: record.kind,
    reason: record.reason,
    ...(record.detail === undefined ? {} : { detail: record.detail }),
    failedMs: record.timeMs,
  };
  const failures: Failure[] = [];
  for (const [position, data] of payloadsOf(record.event).entries()) {
    const id = `${key}#${position + 1}`;
    const opened = openSubscription(data);
    // A control message holds no event: nothing of it was lost.
    if (opened.kind === 'control') continue;
    if (opened.kind === 'bad') {
      failures.push({ ...base, id, reason: opened.reason, detail: opened.detail, source: record.function, logGroup: '', payload: data });
    } else {
      const { logGroup } = opened.batch;
      failures.push({ ...base, id, source: names(logGroup) ?? record.function, logGroup, batch: opened.batch });
    }
  }
  return failures;
}

function unreadable(key: string, kind: FailureKind, reason: string): FailedObject {
  return { key, kind, failures: [{ kind, id: `${key}#1`, reason, source: '', logGroup: '', failedMs: 0 }] };
}

/** Reads one object; what is in it that cannot be read is a failure with that reason. */
export function readFailedObject(key: string, bytes: Buffer, names: SourceNames): FailedObject {
  const isLetter = key.includes(DEAD_LETTER_PREFIX);
  const kind = isLetter ? 'dead-letter' : /(?:^|\/)aws\/lambda\/async\//.test(key) ? 'async' : 'stream';
  let text: string;
  try {
    text = textOf(bytes);
  } catch {
    return unreadable(key, kind, 'bad-gzip');
  }
  if (isLetter) {
    const failures = parseDeadLetters(text).map((letter, position): Failure => {
      const id = `${key}#${position + 1}`;
      return letter ? failureOfLetter(letter, id) : { kind, id, reason: 'not-a-dead-letter', source: '', logGroup: '', failedMs: 0 };
    });
    return { key, kind, failures };
  }
  const read = readFailureRecord(text);
  return read.ok
    ? { key, kind: read.record.kind, failures: failuresOfRecord(read.record, key, names) }
    : unreadable(key, kind, read.reason);
}

/** Whether a filter means a failure. */
export function isMeant(failure: Failure, filter: FailureFilter): boolean {
  const { reason, source, only } = filter;
  if (reason !== undefined && failure.reason !== reason) return false;
  if (source !== undefined && failure.source !== source && failure.logGroup !== source) return false;
  return only.length === 0 || only.includes(failure.id) || only.includes(failure.id.slice(0, failure.id.lastIndexOf('#')));
}

/** Objects with at least one failure that is meant, in the order of their keys; each still with all of its failures. */
export async function* failedObjects(store: ObjectStore, filter: FailureFilter, names: SourceNames): AsyncGenerator<FailedObject> {
  const keys = new Set(filter.only.map((name) => name.replace(/#\d+$/, '')));
  for (const prefix of [DEAD_LETTER_PREFIX, LAMBDA_FAILURE_PREFIX]) {
    for await (const { key, changedMs } of store.list(prefix)) {
      if (filter.sinceMs !== undefined && changedMs < filter.sinceMs) continue;
      if (keys.size > 0 && !keys.has(key)) continue;
      const bytes = await store.get(key);
      // Expired or replayed by somebody else between the listing and now.
      if (!bytes) continue;
      const object = readFailedObject(key, bytes, names);
      if (object.failures.some((failure) => isMeant(failure, filter))) yield object;
    }
  }
}

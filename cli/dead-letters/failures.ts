import { gunzipSync } from 'node:zlib';
import { DEAD_LETTER_PREFIX, type DeadLetter, letterLines, readDeadLetter } from '../../lambdas/core/delivery/dead-letter.ts';
import { type FailureRecord, LAMBDA_FAILURE_PREFIX, readFailureRecord } from '../../lambdas/core/delivery/failure-record.ts';
import type { SourceBatch } from '../../lambdas/core/index/types.ts';
import { openSubscription, type Subscription } from '../../lambdas/events/subscription.ts';
import type { Failure, FailureKind, SourceNames } from './failure.ts';
import { ARCHIVE_ERROR_PREFIX, FIREHOSE_PREFIX, failuresOfFirehose, isFirehoseFailure } from './firehose-failures.ts';
import type { ObjectStore } from './object-store.ts';

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

/** A subscription payload of an event, opened, or the part of the event where one should be. */
interface Payload {
  readonly opened: Subscription | { readonly kind: 'odd'; readonly reason: string };
  /** As it came. */
  readonly text: string;
}

/** Subscription payloads inside an event that a function got. Each record is read for itself: one that is odd must not hide the others. */
function payloadsOf(event: unknown): Payload[] {
  const { awslogs, Records } = (typeof event === 'object' && event !== null ? event : {}) as {
    readonly awslogs?: { readonly data?: unknown } | null;
    readonly Records?: unknown;
  };
  if (Array.isArray(Records) && Records.length > 0) {
    return Records.map((record: { readonly kinesis?: { readonly data?: unknown } | null } | null) =>
      payloadOf(record?.kinesis?.data, 'record-without-data', record),
    );
  }
  return [payloadOf(awslogs?.data, 'not-an-event-of-logs', event)];
}

function payloadOf(data: unknown, reason: string, whole: unknown): Payload {
  if (typeof data === 'string') return { opened: openSubscription(data), text: data };
  return { opened: { kind: 'odd', reason }, text: JSON.stringify(whole) };
}

function failuresOfRecord(record: FailureRecord, key: string, names: SourceNames): Failure[] {
  const base = {
    kind: record.kind,
    reason: record.reason,
    ...(record.detail === undefined ? {} : { detail: record.detail }),
    failedMs: record.timeMs,
  };
  const failures: Failure[] = [];
  for (const [position, { opened, text }] of payloadsOf(record.event).entries()) {
    const id = `${key}#${position + 1}`;
    // A control message holds no event: nothing of it was lost.
    if (opened.kind === 'control') continue;
    if (opened.kind === 'data') {
      const { logGroup } = opened.batch;
      failures.push({ ...base, id, source: names(logGroup) ?? record.function, logGroup, batch: opened.batch });
    } else {
      const detail = opened.kind === 'bad' ? { detail: opened.detail } : {};
      failures.push({ ...base, id, reason: opened.reason, ...detail, source: record.function, logGroup: '', payload: text });
    }
  }
  return failures;
}

interface Unread {
  readonly reason: string;
  readonly detail?: string;
  readonly payload: string;
}

function unreadable(key: string, kind: FailureKind, what: Unread, position = 0): Failure {
  return { kind, id: `${key}#${position + 1}`, source: '', logGroup: '', failedMs: 0, ...what };
}

/** Reads one object; what is in it that cannot be read is a failure with that reason. Never throws. */
export function readFailedObject(key: string, bytes: Buffer, names: SourceNames): FailedObject {
  const isLetter = key.includes(DEAD_LETTER_PREFIX);
  const isFirehose = !isLetter && isFirehoseFailure(key);
  const isArchive = key.startsWith(ARCHIVE_ERROR_PREFIX);
  const kind = isLetter
    ? 'dead-letter'
    : isArchive
      ? 'archive'
      : isFirehose
        ? 'firehose'
        : /(?:^|\/)aws\/lambda\/async\//.test(key)
          ? 'async'
          : 'stream';
  let text: string;
  try {
    text = textOf(bytes);
  } catch {
    return { key, kind, failures: [unreadable(key, kind, { reason: 'bad-gzip', payload: bytes.toString('base64') })] };
  }
  if (isLetter) {
    const failures = letterLines(text).map((line, position): Failure => {
      const read = readDeadLetter(line);
      if (read.ok) return failureOfLetter(read.letter, `${key}#${position + 1}`);
      return unreadable(key, kind, { reason: 'not-a-dead-letter', detail: read.detail, payload: line }, position);
    });
    return { key, kind, failures };
  }
  if (isFirehose) return { key, kind, failures: failuresOfFirehose(text, key, names) };
  const read = readFailureRecord(text);
  return read.ok
    ? { key, kind: read.record.kind, failures: failuresOfRecord(read.record, key, names) }
    : { key, kind, failures: [unreadable(key, kind, { reason: read.reason, payload: text })] };
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
  for (const prefix of [DEAD_LETTER_PREFIX, LAMBDA_FAILURE_PREFIX, FIREHOSE_PREFIX, ARCHIVE_ERROR_PREFIX]) {
    for await (const { key, changedMs } of store.list(prefix)) {
      if (prefix === FIREHOSE_PREFIX && !isFirehoseFailure(key)) continue;
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

import { looksMarked } from '../../lambdas/core/firehose/mark.ts';
import { MAX_RECORD_BYTES } from '../../lambdas/core/firehose/record-plan.ts';
import { openSubscription } from '../../lambdas/events/subscription.ts';
import type { Again, Failure, SourceNames } from './failure.ts';

/** Where delivery streams to OpenSearch put what failed: `firehose/<delivery stream>/<type of the error>/…`. */
export const FIREHOSE_PREFIX = 'firehose/';
/** Folder of a backup of all documents, which lies beside what failed. */
const BACKUP_FOLDER = 'documents';

/** Where the delivery streams to the archive put what failed, in the archive bucket: `errors/<type of the error>/…`. */
export const ARCHIVE_ERROR_PREFIX = 'errors/';

/** A record that Firehose gave up on. */
export type FirehoseFailure = Failure & { readonly kind: 'firehose' | 'archive' };

/** Whether Firehose wrote an object because it gave up on records. */
export function isFirehoseFailure(key: string): boolean {
  if (key.startsWith(ARCHIVE_ERROR_PREFIX)) return true;
  const [folder, , type] = key.slice(Math.max(0, key.indexOf(FIREHOSE_PREFIX))).split('/');
  return folder === 'firehose' && type !== undefined && type !== BACKUP_FOLDER;
}

/** A line of what Firehose writes. https://docs.aws.amazon.com/firehose/latest/dev/basic-deliver.html */
interface FirehoseLine {
  readonly rawData?: unknown;
  readonly errorCode?: unknown;
  readonly errorMessage?: unknown;
  /** So it is called where a line could not be converted to Parquet. */
  readonly ErrorCode?: unknown;
  readonly ErrorMessage?: unknown;
  readonly arrivalTimestamp?: unknown;
}

/** Records that Firehose gave up on: payloads that its function failed, and documents that OpenSearch refused. Never throws. */
export function failuresOfFirehose(text: string, key: string, names: SourceNames): FirehoseFailure[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const isArchive = key.startsWith(ARCHIVE_ERROR_PREFIX);
  const stream = isArchive ? streamOfObject(key) : undefined;
  return lines.flatMap((line, position) =>
    failureOf(line, `${key}#${position + 1}`, names).map((failure): FirehoseFailure => {
      if (!isArchive) return failure;
      const again = stream === undefined ? undefined : againOf(line, stream);
      return { ...failure, kind: 'archive', ...(again === undefined ? {} : { again }) };
    }),
  );
}

/** The delivery stream that wrote an object: `<stream>-<version>-<year>-<month>-<day>-<hour>-<minute>-<second>-<unique>`. */
function streamOfObject(key: string): string | undefined {
  return /^(.+?)-\d+-\d{4}(?:-\d\d){5}-[^/]+$/.exec(key.slice(key.lastIndexOf('/') + 1))?.[1];
}

/**
 * The record of a line, where it is still what the stream took: a payload of CloudWatch Logs, or a record that firehose-transform had marked. What it has made
 * lines of already (a line that could not be converted) would get a second envelope, and a bare record of an agent cannot be told from such a line.
 */
function againOf(line: string, stream: string): Again | undefined {
  const { rawData } = JSON.parse(isJson(line) ? line : '{}') as FirehoseLine;
  if (typeof rawData !== 'string') return undefined;
  const data = Buffer.from(rawData, 'base64');
  const isPayload = data[0] === 0x1f && data[1] === 0x8b;
  return data.length <= MAX_RECORD_BYTES && (isPayload || looksMarked(data)) ? { stream, data } : undefined;
}

function isJson(line: string): boolean {
  try {
    return JSON.parse(line) !== null;
  } catch {
    return false;
  }
}

function failureOf(line: string, id: string, names: SourceNames): FirehoseFailure[] {
  let record: FirehoseLine = {};
  try {
    record = (JSON.parse(line) ?? {}) as FirehoseLine;
  } catch {
    // Named below as what it is.
  }
  const { arrivalTimestamp, rawData } = record;
  const errorCode = record.errorCode ?? record.ErrorCode;
  const errorMessage = record.errorMessage ?? record.ErrorMessage;
  const failedMs = typeof arrivalTimestamp === 'number' ? arrivalTimestamp : 0;
  const common = { kind: 'firehose' as const, id, failedMs };
  if (typeof rawData !== 'string') return [{ ...common, reason: 'not-a-firehose-record', source: '', logGroup: '', payload: line }];
  const reason = typeof errorCode === 'string' ? errorCode : 'unknown';
  const base = { ...common, reason, ...(typeof errorMessage === 'string' ? { detail: errorMessage } : {}) };
  const opened = openSubscription(rawData);
  // A test message holds no event: nothing of it was lost.
  if (opened.kind === 'control') return [];
  if (opened.kind === 'bad') return [{ ...base, source: '', logGroup: '', payload: rawData }];
  const { logGroup } = opened.batch;
  return [{ ...base, source: names(logGroup) ?? '', logGroup, batch: opened.batch }];
}

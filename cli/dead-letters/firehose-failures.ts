import type { SourceBatch } from '../../lambdas/core/index/types.ts';
import { openSubscription } from '../../lambdas/events/subscription.ts';

/** Where delivery streams to OpenSearch put what failed: `firehose/<delivery stream>/<type of the error>/…`. */
export const FIREHOSE_PREFIX = 'firehose/';
/** Folder of a backup of all documents, which lies beside what failed. */
const BACKUP_FOLDER = 'documents';

/** A record that Firehose gave up on, as failures.ts lists it. */
export interface FirehoseFailure {
  readonly kind: 'firehose';
  readonly id: string;
  readonly reason: string;
  readonly detail?: string;
  readonly source: string;
  readonly logGroup: string;
  /** When it arrived, in ms since the epoch. */
  readonly failedMs: number;
  readonly batch?: SourceBatch;
  readonly payload?: string;
}

type SourceNames = (logGroup: string) => string | undefined;

/** Whether Firehose wrote an object because it gave up on records. */
export function isFirehoseFailure(key: string): boolean {
  const [folder, , type] = key.slice(Math.max(0, key.indexOf(FIREHOSE_PREFIX))).split('/');
  return folder === 'firehose' && type !== undefined && type !== BACKUP_FOLDER;
}

/** A line of what Firehose writes. https://docs.aws.amazon.com/firehose/latest/dev/basic-deliver.html */
interface FirehoseLine {
  readonly rawData?: unknown;
  readonly errorCode?: unknown;
  readonly errorMessage?: unknown;
  readonly arrivalTimestamp?: unknown;
}

/** Records that Firehose gave up on: payloads that its function failed, and documents that OpenSearch refused. Never throws. */
export function failuresOfFirehose(text: string, key: string, names: SourceNames): FirehoseFailure[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.flatMap((line, position) => failureOf(line, `${key}#${position + 1}`, names));
}

function failureOf(line: string, id: string, names: SourceNames): FirehoseFailure[] {
  let record: FirehoseLine = {};
  try {
    record = (JSON.parse(line) ?? {}) as FirehoseLine;
  } catch {
    // Named below as what it is.
  }
  const { arrivalTimestamp, errorCode, errorMessage, rawData } = record;
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

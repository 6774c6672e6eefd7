import { type Counts, emptyCounts } from '../delivery/counts.ts';
import type { DeadLetter } from '../delivery/dead-letter.ts';
import { type Delay, noDelay, type Tally } from '../delivery/settle.ts';
import type { PartitionKeys } from './partition.ts';

/** Largest record that a delivery stream takes, in bytes before base64. PutRecordBatch, API reference of 2026. */
export const MAX_RECORD_BYTES = 1_000 * 1024;
/** Most records and bytes of one PutRecordBatch call. */
export const MAX_BATCH_RECORDS = 500;
export const MAX_BATCH_BYTES = 4 * 1024 * 1024;
/** Bytes of base64 and JSON that an answer may have: Lambda takes 6 MB, and the rest of the answer needs a little. */
export const MAX_ANSWER_BYTES = 5_900_000;
/** Longest document or line that an answer has room for when it holds nothing else: what is longer would come back for ever. */
export const MAX_BODY_BYTES = 4_400_000;

/** A record that goes into a delivery stream again. */
export interface Entry {
  readonly stream: string;
  readonly data: Uint8Array;
  /** Source events in it that were counted as received; 0 for a record that goes back as it came. */
  readonly events: number;
}

/** What is to become of one record, if all its entries are accepted. */
export interface RecordPlan {
  /** For counts; undefined where none of its events is counted here. */
  readonly source: string | undefined;
  /** What is certain already: received, excluded, joined, dead letters, control messages. */
  readonly counts: Counts;
  readonly letters: readonly DeadLetter[];
  readonly wouldExclude: Tally;
  readonly delay: Delay;
  readonly entries: readonly Entry[];
  /** What the record itself is answered with; absent for Dropped. */
  readonly answer?: { readonly data: Uint8Array; readonly partition?: PartitionKeys; readonly events: number };
  /** Why it fails, whatever becomes of others. The delivery stream keeps the original under its error prefix. */
  readonly failure?: { readonly reason: string; readonly detail?: string };
}

/** A plan that does nothing yet. */
export function emptyPlan(source?: string): RecordPlan {
  return { source, counts: emptyCounts(), letters: [], wouldExclude: {}, delay: noDelay(), entries: [] };
}

/** A record that fails as a whole. How many events it holds is not known where it could not be opened: then it counts as one. */
export function failedPlan(
  reason: string,
  { detail, source = 'unknown', events = 1 }: { detail?: string; source?: string; events?: number } = {},
): RecordPlan {
  const counts = { ...emptyCounts(), received: events, deadLettered: events };
  return { ...emptyPlan(source), counts, failure: { reason, ...(detail === undefined ? {} : { detail }) } };
}

/** A record that goes back as it came, for another invocation: its time or the answer's room is used up. It is not counted: it was not read. */
export function requeuedPlan(stream: string, data: Uint8Array, reason: string): RecordPlan {
  if (data.length > MAX_RECORD_BYTES) return { ...emptyPlan(), failure: { reason } };
  return { ...emptyPlan(), entries: [{ stream, data, events: 0 }] };
}

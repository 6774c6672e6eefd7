import type { Counts } from '../delivery/counts.ts';
import type { EventBytes } from '../lines/event-bytes.ts';
import type { ReadLatin1 } from '../lines/line-block.ts';

/** One event of a subscription payload. */
export interface SourceEvent {
  /** CloudWatch's event id, up to 56 digits; the same when a payload is delivered again. */
  readonly id: string;
  /** CloudWatch time in ms since the epoch. */
  readonly timestamp: number;
  readonly message: string;
  /** Where the event came from, when its log group is a central one that other accounts or Regions write to. */
  readonly account?: string;
  readonly region?: string;
}

/** The events of a payload as its bytes, for formats that are read without making texts of them. */
export interface BatchBytes {
  readonly events: EventBytes;
  readonly readLatin1: ReadLatin1;
  /** The event at a position, as a text. */
  event(position: number): SourceEvent;
}

/** Events of one log stream, as one subscription payload carries them. */
export interface SourceBatch {
  readonly owner: string;
  readonly logGroup: string;
  readonly logStream: string;
  /** In a batch of bytes these are made when they are asked for, all at once: for what is rare. */
  readonly events: readonly SourceEvent[];
  readonly bytes?: BatchBytes;
}

/** One document inside `BulkBatch.body`. */
export interface BulkDocument {
  /** Byte range of its action line and source line in the body, newlines included. */
  readonly start: number;
  readonly end: number;
  readonly index: string;
  readonly id: string;
  /** Position of its first event in the batch, and how many further events were joined to it. */
  readonly event: number;
  readonly joined: number;
  /** Positions of the joined events where they do not simply follow `event`: streams of several containers interleave. */
  readonly joinedEvents?: readonly number[];
}

/** An event (or a whole record) that cannot be indexed, with its reason and its original. */
export interface RejectedEvent {
  /** Position in the batch; -1 for a record that could not be opened at all. */
  readonly event: number;
  readonly reason: string;
  readonly detail?: string;
  /** Index name and `_id` where they are known: a replay uses the same ones. */
  readonly index?: string;
  readonly id?: string;
  /** Positions of further events that were joined to it: a dead letter keeps their originals too. */
  readonly joinedEvents?: readonly number[];
}

/** What the transform makes of one batch. */
export interface BulkBatch {
  /** `_bulk` body in UTF-8: action and source lines, each ended by a newline; `create`, or `index` with a version (bulk-action.ts). */
  readonly body: Uint8Array;
  readonly documents: readonly BulkDocument[];
  readonly rejected: readonly RejectedEvent[];
  /** Events that dry-run exclusions (`countOnly`) would have dropped, by rule; absent where there are none. */
  readonly wouldExclude?: { readonly [rule: string]: number };
  /** received, excluded and joined are final here; the sender adds what became of the documents. */
  readonly counts: Counts;
}

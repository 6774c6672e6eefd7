import type { Counts } from '../delivery/counts.ts';
import type { DeadLetter } from '../delivery/dead-letter.ts';
import type { Outcome } from '../delivery/outcome.ts';
import type { Delay, Tally } from '../delivery/settle.ts';
import type { BulkBatch } from '../index/types.ts';
import type { LineEnrichment } from '../parse/access-fields.ts';
import type { FilePart } from './file-part.ts';
import type { FileTransformPorts } from './file-transform.ts';
import type { MetricGroups } from './metric-groups.ts';
import type { AccessLogSource } from './rules.ts';

/** A file to be delivered. */
export interface FileTask {
  readonly bucket: string;
  readonly key: string;
  /** Unpacked bytes that an earlier invocation sent. */
  readonly offset: number;
  /** When S3 noticed it, in ms: the time of a file whose name has none. */
  readonly eventMs: number | undefined;
}

/** What the reading of a file may end with, as a value: the entry translates its errors. */
export type ReadEnd =
  | { readonly kind: 'end' }
  /** Nothing will ever read it: what it held up to here was sent. */
  | { readonly kind: 'bad'; readonly reason: string; readonly detail: string }
  /** Another attempt may read it. */
  | { readonly kind: 'later'; readonly reason: string };

/** A file that is open. */
export interface OpenedFile {
  readonly etag: string;
  /** The next part, or how the reading ended. A part is used again when the one after the next is asked for. */
  next(): Promise<FilePart | ReadEnd>;
  close(): Promise<void>;
}

/** A line that goes to a log group. */
export interface OutgoingLine {
  readonly timeMs: number;
  readonly text: string;
}

/** The world of a delivery. */
export interface FilePorts {
  readonly open: (task: FileTask) => Promise<OpenedFile | Exclude<ReadEnd, { kind: 'end' }>>;
  readonly send: (batches: readonly BulkBatch[]) => Promise<readonly (readonly Outcome[])[]>;
  readonly keep: (key: string, letters: readonly DeadLetter[]) => Promise<void>;
  /** Puts lines into a log group; resolves with a reason where they are not there. */
  readonly putLines: (logGroup: string, stream: string, lines: readonly OutgoingLine[]) => Promise<string | undefined>;
  /** Asks for an invocation that goes on at that position of the unpacked file. */
  readonly goOn: (task: FileTask, offset: number) => Promise<void>;
  readonly text: FileTransformPorts;
  readonly hash: (text: string) => string;
  /** Whether there is time for another part. */
  readonly hasTime: () => boolean;
  /** Tells the operator what became of a file that is not as it should be. */
  readonly tell: (what: { readonly [name: string]: string | number }) => void;
}

/** Settings of a delivery. */
export interface FileDeliverySettings {
  readonly function: string;
  readonly nowMs: number;
  readonly enrichment: (source: AccessLogSource) => LineEnrichment;
  readonly groups: MetricGroups;
}

/** What became of one file. */
export interface FileReport {
  readonly source: string;
  readonly counts: Counts;
  readonly delay: Delay;
  readonly wouldExclude: Tally;
  readonly deadLettered: Tally;
  /** Why it must come again; empty where it need not. */
  readonly returned: Tally;
  /** Lines that no parser understood. */
  readonly failed: number;
}

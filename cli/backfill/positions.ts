import type { SourceEvent } from '../../lambdas/core/index/types.ts';

/** A place in what is read: of files a key and the number of a line in it, of a log group a time in ms with an empty key. */
export interface Position {
  readonly key: string;
  readonly line: number;
}

/** An event as it was read, with the place that it was read from. */
export interface ReadEvent extends SourceEvent {
  readonly owner: string;
  readonly logGroup: string;
  readonly logStream: string;
  readonly at: Position;
}

/** Some events in the order of their positions. */
export interface EventPage {
  readonly events: readonly ReadEvent[];
  /** Every event before this place was given. */
  readonly next: Position;
  /** Lines that are no events: they cannot be indexed. */
  readonly unreadable: number;
  /** Bytes of the source that were read since the page before, as its listing counts them. */
  readonly bytes: number;
}

/** Reads events from a place on, or from the beginning. */
export interface EventReader {
  pages(from: Position | undefined): AsyncGenerator<EventPage>;
}

/** In the order in which S3 lists keys: by their bytes in UTF-8. */
export function compareKeys(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Below zero where `a` comes before `b`. */
export function comparePositions(a: Position, b: Position): number {
  return compareKeys(a.key, b.key) || a.line - b.line;
}

/** Events that were read and not sent yet, because lines that belong to them may follow: read again from there, these alone. */
export interface Carry {
  readonly from: Position;
  readonly ids: readonly string[];
}

/** Where a backfill goes on: everything before `next` is done, but for what is carried. */
export interface Checkpoint {
  readonly next: Position;
  readonly carry?: Carry;
}

/** Leaves out of a page what an earlier run has done. */
export function undone(page: EventPage, checkpoint: Checkpoint | undefined): EventPage {
  if (checkpoint === undefined) return page;
  const carried = new Set(checkpoint.carry?.ids);
  const events = page.events.filter((event) => comparePositions(event.at, checkpoint.next) >= 0 || carried.has(event.id));
  // Lines before the place were counted by the run before.
  const isBefore = comparePositions(page.next, checkpoint.next) <= 0;
  return { ...page, events, unreadable: isBefore ? 0 : page.unreadable };
}

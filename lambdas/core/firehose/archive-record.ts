import { emptyCounts } from '../delivery/counts.ts';
import { noDelay } from '../delivery/settle.ts';
import type { ArchiveSet } from './archive-sets.ts';
import type { PartitionKeys } from './partition.ts';
import { type Entry, failedPlan, MAX_BODY_BYTES, MAX_RECORD_BYTES, type RecordPlan } from './record-plan.ts';

/**
 * Lines of one re-ingested record, in bytes before gzip: three of them fit into one answer, and an invocation gets some 200 KB of records, so that what is
 * sent back once is not sent back for its size again.
 */
export const CHUNK_BYTES = 1_500_000;

/** What the archive mode needs. */
export interface ArchiveRecordPorts {
  /** Wraps lines so that they pass as they are next time. */
  readonly mark: (
    lines: Uint8Array,
    header: { readonly partition: PartitionKeys; readonly events: number; readonly source: string },
  ) => Uint8Array;
  /** Whether so many bytes fit into what is left of the answer. */
  readonly hasRoom: (bytes: number) => boolean;
}

/**
 * What becomes of a payload on its way to the archive: a record has one set of partition keys, so the first partition is the answer and the others go into
 * the stream again; so does the first one where the answer has no room for it.
 */
export function planArchive(sets: readonly ArchiveSet[], source: string, stream: string, ports: ArchiveRecordPorts): RecordPlan {
  const [first, ...others] = sets;
  const received = sets.reduce((sum, { ends }) => sum + ends.length, 0);
  const counts = { ...emptyCounts(), received };
  const plan = { source, counts, letters: [], wouldExclude: {}, delay: noDelay() };
  if (first === undefined) return { ...plan, entries: [] };
  const isAnswered = ports.hasRoom(first.lines.length);
  const entries: Entry[] = [];
  for (const set of isAnswered ? others : sets) {
    if (!addEntries(set, 0, set.ends.length, { source, stream, ports, entries }))
      return failedPlan('too-large', { source, events: received });
  }
  if (!isAnswered) return { ...plan, entries };
  return { ...plan, entries, answer: { data: first.lines, partition: first.partition, events: first.ends.length } };
}

interface Adding {
  readonly source: string;
  readonly stream: string;
  readonly ports: ArchiveRecordPorts;
  readonly entries: Entry[];
}

/** Adds the lines from one position until before another as records; false where a single line is too large for any. */
function addEntries(set: ArchiveSet, from: number, to: number, adding: Adding): boolean {
  const { ends } = set;
  let first = from;
  for (let line = from; line < to; line++) {
    const isLast = line + 1 === to;
    if (!isLast && (ends[line + 1] as number) - startOf(set, first) <= CHUNK_BYTES) continue;
    if (!addEntry(set, first, line + 1, adding)) return false;
    first = line + 1;
  }
  return true;
}

function addEntry(set: ArchiveSet, from: number, to: number, adding: Adding): boolean {
  const lines = set.lines.subarray(startOf(set, from), set.ends[to - 1]);
  if (lines.length > MAX_BODY_BYTES) return false;
  const data = adding.ports.mark(lines, { partition: set.partition, events: to - from, source: adding.source });
  if (data.length <= MAX_RECORD_BYTES) {
    adding.entries.push({ stream: adding.stream, data, events: to - from });
    return true;
  }
  if (to - from === 1) return false;
  // Lines that gzip makes little of.
  const middle = from + Math.ceil((to - from) / 2);
  return addEntry(set, from, middle, adding) && addEntry(set, middle, to, adding);
}

function startOf({ ends }: ArchiveSet, line: number): number {
  return line === 0 ? 0 : (ends[line - 1] as number);
}

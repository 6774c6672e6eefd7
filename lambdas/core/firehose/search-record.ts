import { addCounts, emptyCounts } from '../delivery/counts.ts';
import type { DeadLetter } from '../delivery/dead-letter.ts';
import { splitTransform } from '../delivery/deliver.ts';
import { INDEXED, type Outcome } from '../delivery/outcome.ts';
import { addDelay, addTally, noDelay, type Origin, settle, type Tally } from '../delivery/settle.ts';
import type { BulkBatch, SourceBatch } from '../index/types.ts';
import { type Entry, MAX_BODY_BYTES, MAX_RECORD_BYTES, type RecordPlan } from './record-plan.ts';

/** Delivery stream of an index family: what the names of its indices start with, and the stream's name. */
export interface FamilyStream {
  /** `<family>-<cluster>-` */
  readonly indexStart: string;
  readonly stream: string;
}

/** Where a batch came from, and where its documents go. */
export interface SearchSettings extends Origin {
  /** The delivery stream that asks. */
  readonly stream: string;
  readonly families: readonly FamilyStream[];
}

/** What the search mode needs. */
export interface SearchPorts {
  readonly transform: (batch: SourceBatch) => BulkBatch;
  /** Wraps a document so that it passes as it is next time. */
  readonly mark: (document: Uint8Array, stream: string, source: string) => Uint8Array;
  /** Whether so many bytes fit into what is left of the answer. */
  readonly hasRoom: (bytes: number) => boolean;
}

const LINE_FEED = 10;
const TOO_LARGE: Outcome = {
  kind: 'final',
  reason: 'too-large',
  detail: `a record of a delivery stream has at most ${MAX_RECORD_BYTES} bytes`,
};

/**
 * What becomes of a batch on its way to OpenSearch. A delivery stream has one index and takes one document a record, so each document becomes a record of
 * its own in the stream of its family; only a batch that is one document of this very stream is answered at once, where the answer has room for it.
 */
export function planSearch(batch: SourceBatch, settings: SearchSettings, ports: SearchPorts): RecordPlan {
  const parts = splitTransform(batch, ports.transform);
  const isAlone = parts.length === 1 && parts[0]?.bulk.documents.length === 1;
  const counts = emptyCounts();
  const delay = noDelay();
  const wouldExclude: Tally = {};
  const letters: DeadLetter[] = [];
  const entries: Entry[] = [];
  let answer: RecordPlan['answer'];
  for (const { batch: part, bulk } of parts) {
    const outcomes = bulk.documents.map(({ index, start, end }): Outcome => {
      const document = bulk.body.subarray(bulk.body.indexOf(LINE_FEED, start) + 1, end - 1);
      const stream = streamOf(index, settings);
      if (document.length > MAX_BODY_BYTES) return TOO_LARGE;
      if (isAlone && stream === settings.stream && ports.hasRoom(document.length)) {
        answer = { data: document, events: 1 };
        return INDEXED;
      }
      const data = ports.mark(document, stream, settings.source);
      if (data.length > MAX_RECORD_BYTES) return TOO_LARGE;
      entries.push({ stream, data, events: 1 });
      return INDEXED;
    });
    const settled = settle(part, bulk, outcomes, settings);
    addCounts(counts, settled.counts);
    addDelay(delay, settled.delay);
    addTally(wouldExclude, settled.wouldExclude);
    letters.push(...settled.letters);
  }
  // `settle` takes them for indexed; they are handed on, and only once the stream has accepted them.
  counts.indexed = 0;
  return { source: settings.source, counts, letters, wouldExclude, delay, entries, ...(answer === undefined ? {} : { answer }) };
}

/** The stream of the family that an index belongs to: the longest start decides, as with index templates. */
function streamOf(index: string, { families, stream }: SearchSettings): string {
  let best: FamilyStream | undefined;
  for (const family of families)
    if (index.startsWith(family.indexStart) && family.indexStart.length > (best?.indexStart.length ?? 0)) best = family;
  return best?.stream ?? stream;
}

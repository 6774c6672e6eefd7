import { following, type Grouped, groupContainers, groupLines } from '../../lambdas/core/index/group.ts';
import type { SourceBatch } from '../../lambdas/core/index/types.ts';
import { controlPlaneKind } from '../../lambdas/core/parse/stream-kind.ts';
import type { CompiledSource } from '../../lambdas/core/rules/compile.ts';
import { type Carry, comparePositions, type EventPage, type ReadEvent } from './positions.ts';
import { isWithin, type TimeRange } from './time-range.ts';

/** Lines of a record are written within so many ms; the live way waits for no longer either. Read on both sides of the range, for records that lie across its ends. */
export const RECORD_MS = 10_000;

/** Events that can be sent, and what waits for its next lines. */
export interface ReadyEvents {
  readonly batches: readonly SourceBatch[];
  /** Absent where nothing waits. */
  readonly carry: Carry | undefined;
}

/**
 * Cuts pages of events into batches of whole records: the last record of each stream waits for the next page, because its next lines may stand there. A record
 * belongs to the range by its first line. So no border of a page cuts one in two, and no double of a live record is made of its rest.
 */
export class RecordBatches {
  readonly #source: CompiledSource;
  readonly #range: TimeRange;
  #waiting = new Map<string, ReadEvent[]>();

  constructor(source: CompiledSource, range: TimeRange) {
    this.#source = source;
    this.#range = range;
  }

  /** Takes a page; `isLast` lets go of everything. */
  add(page: Pick<EventPage, 'events'>, isLast: boolean): ReadyEvents {
    const streams = this.#waiting;
    let latestMs = Number.NEGATIVE_INFINITY;
    for (const event of page.events) {
      latestMs = Math.max(latestMs, event.timestamp);
      const key = `${event.owner} ${event.region ?? ''} ${event.logStream}`;
      const events = streams.get(key);
      if (events === undefined) streams.set(key, [event]);
      else events.push(event);
    }
    const batches: SourceBatch[] = [];
    this.#waiting = new Map();
    for (const [key, events] of streams) {
      const { ready, waiting } = this.#split(events, isLast ? undefined : latestMs - RECORD_MS);
      if (ready !== undefined) batches.push(ready);
      if (waiting.length > 0) this.#waiting.set(key, waiting);
    }
    return { batches, carry: this.#carry() };
  }

  #split(events: ReadEvent[], waitFromMs: number | undefined): { readonly ready: SourceBatch | undefined; readonly waiting: ReadEvent[] } {
    // Objects of the archive are not in the order of time; the sort keeps equal times as they came.
    events.sort((a, b) => a.timestamp - b.timestamp);
    const { owner, logGroup, logStream } = events[0] as ReadEvent;
    const batch: SourceBatch = { owner, logGroup, logStream, events };
    const isReady = new Uint8Array(events.length);
    const isWaiting = new Uint8Array(events.length);
    for (const { positions, isOpen } of recordsOf(batch, this.#source)) {
      const first = events[positions[0] as number] as ReadEvent;
      const waits =
        isOpen && waitFromMs !== undefined && positions.some((position) => (events[position] as ReadEvent).timestamp > waitFromMs);
      const marks = waits ? isWaiting : isReady;
      if (waits || isWithin(this.#range, first.timestamp)) for (const position of positions) marks[position] = 1;
    }
    const ready = events.filter((_, position) => isReady[position] === 1);
    return {
      ready: ready.length === 0 ? undefined : { owner, logGroup, logStream, events: ready },
      waiting: events.filter((_, position) => isWaiting[position] === 1),
    };
  }

  #carry(): Carry | undefined {
    const events = [...this.#waiting.values()].flat();
    const [first] = events;
    if (first === undefined) return undefined;
    const from = events.reduce((least, { at }) => (comparePositions(at, least) < 0 ? at : least), first.at);
    return { from, ids: events.map(({ id }) => id) };
  }
}

interface RecordOfBatch {
  readonly positions: readonly number[];
  /** Whether it is the last one of its stream. */
  isOpen: boolean;
}

/** The records of a batch, by the very code that joins lines in the deployed function. */
function recordsOf(batch: SourceBatch, source: CompiledSource): RecordOfBatch[] {
  const records: RecordOfBatch[] = [];
  const last = new Map<string, RecordOfBatch>();
  const take = ({ event, joined, joinedEvents, record }: Grouped): void => {
    const positions = [event, ...(joinedEvents ?? following(event, joined))];
    const taken = { positions, isOpen: false };
    records.push(taken);
    last.set(
      record === undefined ? '' : `${record.containerId} ${record.namespace}/${record.pod}/${record.container} ${record.stream}`,
      taken,
    );
  };
  if (source.rule.kind === 'controlPlane') {
    const kind = controlPlaneKind(batch.logStream);
    groupLines(batch, (kind && source.controlPlane[kind]) ?? source.reader, take);
  } else groupContainers(batch, source, take);
  for (const record of last.values()) record.isOpen = true;
  return records;
}

import type { Ledger } from '../account/ledger.ts';
import type { RunClock } from '../clock/run-clock.ts';
import type { InputEvent } from '../logs/log-group.ts';
import { type Batch, batches } from './batcher.ts';
import type { FeedSource } from './sources.ts';

/** Where batches go. */
export type PutEvents = (logGroup: string, logStream: string, events: readonly InputEvent[]) => void;

/** What the feeder needs and tells. */
export interface FeedPorts {
  readonly clock: RunClock;
  readonly ledger: Ledger;
  readonly put: PutEvents;
  /** Called after each batch. */
  readonly onBatch: (source: FeedSource, events: number) => void;
}

/** Sends each source's batches at their time on the run's clock; reads no further ahead than one batch per source, however large a file is. */
export async function startFeed(sources: readonly FeedSource[], ports: FeedPorts): Promise<void> {
  const started = sources.map((source) => ({ source, iterator: batches(source.events()) }));
  await Promise.all(started.map(({ source, iterator }) => scheduleNext(source, iterator, ports)));
}

/** Time of the first event among the sources: the run's clock starts there. Undefined where no source has any event. */
export async function firstEventTime(sources: readonly FeedSource[]): Promise<number | undefined> {
  let first: number | undefined;
  for (const source of sources) {
    for await (const { timestamp } of source.events()) {
      first = Math.min(first ?? timestamp, timestamp);
      break;
    }
  }
  return first;
}

async function scheduleNext(source: FeedSource, iterator: AsyncGenerator<Batch>, ports: FeedPorts): Promise<void> {
  const next = await iterator.next();
  if (next.done) return;
  const batch = next.value;
  ports.clock.at(batch.sendAtMs, () => {
    const counts = ports.ledger.group(source.logGroup);
    counts.read += batch.events.length + batch.empty;
    counts.cut += batch.cut;
    counts.empty += batch.empty;
    if (batch.events.length > 0) ports.put(source.logGroup, source.logStream, batch.events);
    ports.onBatch(source, batch.events.length);
    ports.clock.track(scheduleNext(source, iterator, ports));
  });
}

import { cutToBytes, EVENT_OVERHEAD_BYTES, MAX_BATCH_BYTES, MAX_BATCH_EVENTS, MAX_EVENT_BYTES } from '../logs/limits.ts';
import type { InputEvent } from '../logs/log-group.ts';

/** How long an agent collects before it sends (Fluent Bit's and the CloudWatch agent's `flush` of 5 s), on the run's clock. */
export const FLUSH_MS = 5_000;

/** A batch that PutLogEvents takes. */
export interface Batch {
  readonly events: readonly InputEvent[];
  /** When the agent sends it, on the run's clock. */
  readonly sendAtMs: number;
  /** Events whose text was cut to CloudWatch's 1 MB. */
  readonly cut: number;
  /** Events without any text: PutLogEvents refuses them, so an agent leaves them out. */
  readonly empty: number;
}

/** Collects events as an agent does: for 5 seconds of event time or until a limit of PutLogEvents, each batch sorted by time. */
export async function* batches(events: AsyncIterable<InputEvent> | Iterable<InputEvent>): AsyncGenerator<Batch> {
  let held: InputEvent[] = [];
  let bytes = 0;
  let cut = 0;
  let empty = 0;
  let firstMs = 0;
  let lastMs = 0;
  const flush = (): Batch => {
    // Stable: lines of one time stay in the order of the file, so what belongs together stays together.
    const batch = { events: held.sort((a, b) => a.timestamp - b.timestamp), sendAtMs: lastMs, cut, empty };
    held = [];
    bytes = cut = empty = 0;
    return batch;
  };
  for await (const event of events) {
    if (event.message === '') {
      empty++;
      continue;
    }
    const message = cutToBytes(event.message, MAX_EVENT_BYTES);
    const size = Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES;
    const isOver = Math.abs(event.timestamp - firstMs) > FLUSH_MS || bytes + size > MAX_BATCH_BYTES || held.length === MAX_BATCH_EVENTS;
    if (held.length > 0 && isOver) yield flush();
    if (held.length === 0) firstMs = lastMs = event.timestamp;
    if (message !== event.message) cut++;
    held.push(message === event.message ? event : { ...event, message });
    bytes += size;
    lastMs = Math.max(lastMs, event.timestamp);
  }
  if (held.length > 0 || empty > 0) yield flush();
}

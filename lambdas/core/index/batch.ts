import type { SourceBatch, SourceEvent } from './types.ts';

// What may be asked of every batch without making texts of one that is bytes.

/** Events of a batch. */
export function eventCount(batch: SourceBatch): number {
  return batch.bytes === undefined ? batch.events.length : batch.bytes.events.count;
}

/** CloudWatch time in ms of the event at a position; undefined where there is none. */
export function eventTimeMs(batch: SourceBatch, position: number): number | undefined {
  return batch.bytes === undefined ? batch.events[position]?.timestamp : batch.bytes.events.timestamps[position];
}

/** The event at a position, which is in the batch. */
export function eventAt(batch: SourceBatch, position: number): SourceEvent {
  return batch.bytes === undefined ? (batch.events[position] as SourceEvent) : batch.bytes.event(position);
}

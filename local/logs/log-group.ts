import { createHash } from 'node:crypto';
import type { SourceEvent } from '../../lambdas/core/index/types.ts';
import {
  EVENT_OVERHEAD_BYTES,
  MAX_AGE_MS,
  MAX_AHEAD_MS,
  MAX_BATCH_BYTES,
  MAX_BATCH_EVENTS,
  MAX_BATCH_SPAN_MS,
  MAX_EVENT_BYTES,
} from './limits.ts';

/** An event as an agent puts it. */
export interface InputEvent {
  readonly timestamp: number;
  readonly message: string;
}

/** Events that PutLogEvents accepted, and how many it refused by their time. */
export interface PutResult {
  readonly events: readonly SourceEvent[];
  readonly tooOld: number;
  readonly tooNew: number;
}

/** A log group: gives ids to events and checks what PutLogEvents checks. */
export class LogGroup {
  readonly name: string;
  retentionDays: number | undefined;
  kmsKeyArn: string | undefined;
  deletionProtection = false;
  /** Its field index policy, JSON. */
  indexPolicy: string | undefined;
  tags: { [name: string]: string } = {};
  /** Events put so far, by stream: part of the ids, so that two equal lines get two. */
  readonly #positions = new Map<string, number>();

  constructor(name: string) {
    this.name = name;
  }

  /**
   * Puts a batch of one stream. Throws where PutLogEvents answers InvalidParameterException, which loses the whole batch: size, count, span, order,
   * an empty message. Events more than 14 days old or 2 hours ahead are left out and counted, as there.
   */
  put(stream: string, batch: readonly InputEvent[], nowMs: number): PutResult {
    this.#check(stream, batch);
    const events: SourceEvent[] = [];
    let tooOld = 0;
    let tooNew = 0;
    for (const { timestamp, message } of batch) {
      const position = this.#positions.get(stream) ?? 0;
      this.#positions.set(stream, position + 1);
      if (timestamp < nowMs - MAX_AGE_MS) tooOld++;
      else if (timestamp > nowMs + MAX_AHEAD_MS) tooNew++;
      else events.push({ id: eventId(this.name, stream, position, timestamp, message), timestamp, message });
    }
    return { events, tooOld, tooNew };
  }

  #check(stream: string, batch: readonly InputEvent[]): void {
    const fail = (what: string): never => {
      throw new Error(`PutLogEvents ${this.name} ${stream}: ${what}`);
    };
    if (batch.length === 0 || batch.length > MAX_BATCH_EVENTS)
      fail(`a batch has 1 to ${MAX_BATCH_EVENTS} events, this one ${batch.length}`);
    let bytes = 0;
    let before = Number.NEGATIVE_INFINITY;
    for (const { timestamp, message } of batch) {
      const size = Buffer.byteLength(message);
      if (size === 0) fail('an event has no text');
      if (size > MAX_EVENT_BYTES) fail(`an event has at most ${MAX_EVENT_BYTES} bytes, this one ${size}`);
      if (timestamp < before) fail('the events of a batch must be in the order of their time');
      before = timestamp;
      bytes += size + EVENT_OVERHEAD_BYTES;
    }
    if (bytes > MAX_BATCH_BYTES) fail(`a batch has at most ${MAX_BATCH_BYTES} bytes, this one ${bytes}`);
    const spanMs = (batch.at(-1)?.timestamp ?? 0) - (batch[0]?.timestamp ?? 0);
    if (spanMs > MAX_BATCH_SPAN_MS) fail('a batch spans at most 24 hours');
  }
}

/** 56 digits like CloudWatch's: the time in front, so that ids sort by it, then a hash; the same event gets the same id in every run. */
function eventId(group: string, stream: string, position: number, timestamp: number, message: string): string {
  const hash = createHash('sha256').update(`${group}\0${stream}\0${position}\0`).update(message).digest('hex');
  const low = BigInt(`0x${hash.slice(0, 36)}`) >> 1n;
  return String((BigInt(Math.max(0, timestamp)) << 143n) | low).padStart(56, '0');
}

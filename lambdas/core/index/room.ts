import { eventCount } from './batch.ts';
import type { SourceBatch } from './types.ts';

/** An envelope of some 700 bytes and a line whose fields are kept besides its text. */
const FIRST_BYTES_PER_EVENT = 1_000;
/** What the encoder wants to see free before a chunk, and then leaves. */
const SLACK_BYTES = 131_072;

/** How large the bodies of a source get. Memory is cleared before it is given out, so asking for twice as much costs as much as writing half of it. */
export class Room {
  #bytesPerEvent = FIRST_BYTES_PER_EVENT;
  #characters = 0;

  /** Bytes that the body of a batch will probably need: its text, and per event what the batches before had on top of theirs. */
  forBatch(batch: SourceBatch): number {
    const characters = batch.bytes === undefined ? charactersOf(batch.events) : (batch.bytes.events.ends[eventCount(batch) - 1] ?? 0);
    this.#characters = characters;
    return Math.ceil(characters + eventCount(batch) * this.#bytesPerEvent * 1.05) + SLACK_BYTES;
  }

  /** Notes what the batch of the last `forBatch` needed. */
  learn(events: number, bytes: number): void {
    if (events < 100) return;
    const onTop = (bytes - this.#characters) / events;
    // Up at once, down slowly: growing in the middle of a body costs more than some unused bytes.
    this.#bytesPerEvent = Math.max(100, onTop, this.#bytesPerEvent * 0.9);
  }
}

function charactersOf(events: SourceBatch['events']): number {
  let characters = 0;
  for (let event = 0; event < events.length; event++) characters += (events[event] as { readonly message: string }).message.length;
  return characters;
}

const rooms = new WeakMap<object, Room>();

/** The room of a source; kept while the source is. */
export function roomOf(source: object): Room {
  const known = rooms.get(source);
  if (known !== undefined) return known;
  const room = new Room();
  rooms.set(source, room);
  return room;
}

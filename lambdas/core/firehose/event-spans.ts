import { isAt } from '../lines/ascii-line.ts';
import { stringEnd } from '../lines/event-bytes.ts';
import { piece } from '../lines/piece.ts';

/** Where the parts of a payload's events are in its bytes. Nothing is moved and no text is made: the archive keeps the JSON text of a message as it came. */
export interface EventSpans {
  readonly count: number;
  /** Where `id":"…","timestamp":…` begins and ends. */
  readonly heads: Int32Array;
  readonly headEnds: Int32Array;
  /** Where the JSON text of each message begins, and its closing quote. */
  readonly messages: Int32Array;
  readonly messageEnds: Int32Array;
  /** CloudWatch times in ms since the epoch. */
  readonly timestamps: Float64Array;
}

const ID = piece('{"id":"');
const TIMESTAMP = piece('","timestamp":');
const MESSAGE = piece(',"message":"');
/** `{"` before the part of an event that the archive's line begins with, too. */
const OPENING = 2;
/** What an event has besides its text, and CloudWatch's id. */
const EVENT_BYTES = 114;
/** Digits of a time that a number holds exactly. */
const MAX_DIGITS = 15;

/**
 * Finds the events of `[{"id":"…","timestamp":1763700000000,"message":"…"},…]}`, whose first one is at `from`; undefined where the bytes are not exactly that,
 * down to the escapes of each string: then they are to be read as JSON. `bytes` must be UTF-8.
 */
export function findEvents(bytes: Uint8Array, from: number): EventSpans | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  // One more than could be there: an event is longer than this without its text.
  const capacity = Math.floor(bytes.length / (ID.size + TIMESTAMP.size + MESSAGE.size)) + 1;
  const spans = new Spans(Math.min(capacity, Math.ceil(bytes.length / EVENT_BYTES) + 16));
  let at = from;
  for (;;) {
    if (bytes.length - at < ID.size + TIMESTAMP.size + MESSAGE.size + 6 || !isAt(view, ID, at)) return undefined;
    const head = at + OPENING;
    const idStart = at + ID.size;
    at = digitsEnd(bytes, idStart);
    // Other ids than CloudWatch's own are JSON strings like any other.
    if (bytes[at] !== 34 || at === idStart) at = stringEnd(bytes, view, idStart);
    if (at < 0 || bytes.length - at < TIMESTAMP.size + MESSAGE.size + 5 || at === idStart || !isAt(view, TIMESTAMP, at)) return undefined;
    const timeStart = at + TIMESTAMP.size;
    at = digitsEnd(bytes, timeStart);
    const digits = at - timeStart;
    // JSON has no zero in front; more digits could be rounded.
    if (digits === 0 || digits > MAX_DIGITS || (bytes[timeStart] === 48 && digits > 1)) return undefined;
    if (bytes.length - at < MESSAGE.size + 4 || !isAt(view, MESSAGE, at)) return undefined;
    const headEnd = at;
    const message = at + MESSAGE.size;
    at = stringEnd(bytes, view, message);
    if (at < 0 || bytes[at + 1] !== 125) return undefined;
    spans.add(head, headEnd, message, at, numberOf(bytes, timeStart, headEnd));
    const next = bytes[at + 2];
    at += 3;
    if (next === 44) continue;
    return next === 93 && bytes[at] === 125 && at + 1 === bytes.length ? spans : undefined;
  }
}

function digitsEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  for (let c = bytes[at] as number; c >= 48 && c <= 57; c = bytes[++at] as number);
  return at;
}

function numberOf(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) value = value * 10 + ((bytes[i] as number) - 48);
  return value;
}

class Spans implements EventSpans {
  count = 0;
  heads: Int32Array<ArrayBuffer>;
  headEnds: Int32Array<ArrayBuffer>;
  messages: Int32Array<ArrayBuffer>;
  messageEnds: Int32Array<ArrayBuffer>;
  timestamps: Float64Array<ArrayBuffer>;

  constructor(capacity: number) {
    this.heads = new Int32Array(capacity);
    this.headEnds = new Int32Array(capacity);
    this.messages = new Int32Array(capacity);
    this.messageEnds = new Int32Array(capacity);
    this.timestamps = new Float64Array(capacity);
  }

  add(head: number, headEnd: number, message: number, messageEnd: number, timeMs: number): void {
    if (this.count === this.heads.length) this.#grow();
    const at = this.count++;
    this.heads[at] = head;
    this.headEnds[at] = headEnd;
    this.messages[at] = message;
    this.messageEnds[at] = messageEnd;
    this.timestamps[at] = timeMs;
  }

  #grow(): void {
    const capacity = this.heads.length * 2;
    this.heads = grown(this.heads, new Int32Array(capacity));
    this.headEnds = grown(this.headEnds, new Int32Array(capacity));
    this.messages = grown(this.messages, new Int32Array(capacity));
    this.messageEnds = grown(this.messageEnds, new Int32Array(capacity));
    this.timestamps = grown(this.timestamps, new Float64Array(capacity));
  }
}

function grown<T extends Int32Array | Float64Array>(from: T, into: T): T {
  into.set(from);
  return into;
}

import { isAt } from './ascii-line.ts';
import { BACKSLASHES, BLANKS, HIGH_BITS, ONES, QUOTES } from './four-bytes.ts';
import { OVERSHOOT, piece } from './piece.ts';

/** The events of a payload in its own bytes, where their messages now follow each other, each ended by a 0. */
export interface EventBytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly count: number;
  /** Where each message begins and ends. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /**
   * Where the rest of a message begins that is still JSON text, because it holds more than ASCII or an escape of something else than a quote, a backslash or
   * a slash; -1 for a message that is plain.
   */
  readonly rests: Int32Array;
  /** CloudWatch times in ms since the epoch. */
  readonly timestamps: Float64Array;
  /** JSON texts of the ids, one after the other; that of an event begins at its position in `idStarts` and ends where the next one begins. */
  readonly ids: Uint8Array;
  readonly idsView: DataView;
  readonly idStarts: Int32Array;
  /** Whether all ids are decimal digits and nothing else, like all that CloudWatch gives. */
  readonly areIdsDigits: boolean;
}

const ID = piece('{"id":"');
const TIMESTAMP = piece('","timestamp":');
const MESSAGE = piece(',"message":"');
/** What an event has besides its text, and CloudWatch's id. */
const EVENT_BYTES = 114;
const ID_BYTES = 56;
/** Bytes before the first event at least, so that what is moved never runs into what is still to be read. */
const MIN_HEADER = 64;

/**
 * Reads `[{"id":"…","timestamp":1763700000000,"message":"…"},…]}`, whose first event is at `from`, in one pass and without making texts: messages are moved to
 * the front of `bytes` without their escapes. Undefined where the bytes are not exactly that: members in another order or more of them, blanks between them,
 * or what is no JSON at all; they are of no use then.
 */
export function takeEvents(bytes: Uint8Array, from: number): EventBytes | undefined {
  return from < MIN_HEADER ? undefined : new EventReader(bytes).read(from);
}

class EventReader implements EventBytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  count = 0;
  starts: Int32Array<ArrayBuffer>;
  ends: Int32Array<ArrayBuffer>;
  rests: Int32Array<ArrayBuffer>;
  timestamps: Float64Array<ArrayBuffer>;
  ids: Uint8Array<ArrayBuffer>;
  idsView: DataView;
  idStarts: Int32Array<ArrayBuffer>;
  areIdsDigits = true;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const capacity = Math.ceil(bytes.length / EVENT_BYTES) + 16;
    this.starts = new Int32Array(capacity);
    this.ends = new Int32Array(capacity);
    this.rests = new Int32Array(capacity);
    this.timestamps = new Float64Array(capacity);
    this.idStarts = new Int32Array(capacity + 1);
    this.ids = new Uint8Array(capacity * ID_BYTES + OVERSHOOT);
    this.idsView = new DataView(this.ids.buffer);
  }

  read(from: number): EventBytes | undefined {
    const { bytes, view } = this;
    let at = from;
    let to = 0;
    for (;;) {
      // The shortest event is longer; from here on nothing reads behind the last byte.
      if (bytes.length - at < ID.size + TIMESTAMP.size + MESSAGE.size + 6) return undefined;
      const { count } = this;
      if (count === this.starts.length) this.#grow();
      if (!isAt(view, ID, at)) return undefined;
      at = this.#takeId(at + ID.size);
      if (at < 0 || bytes.length - at < TIMESTAMP.size + MESSAGE.size + 5 || !isAt(view, TIMESTAMP, at)) return undefined;
      at = this.#takeTime(at + TIMESTAMP.size);
      if (at < 0 || bytes.length - at < MESSAGE.size + 4 || !isAt(view, MESSAGE, at)) return undefined;
      at = this.#takeMessage(at + MESSAGE.size, to);
      if (at < 0 || bytes[at + 1] !== 125) return undefined;
      to = (this.ends[count] as number) + 1;
      this.count = count + 1;
      const next = bytes[at + 2];
      at += 3;
      if (next === 44) continue;
      return next === 93 && bytes[at] === 125 && at + 1 === bytes.length ? this : undefined;
    }
  }

  /** Keeps the id at `from` and returns the position of its closing quote; -1 where it is none. */
  #takeId(from: number): number {
    const { bytes, view, count } = this;
    let to = this.idStarts[count] as number;
    if (this.ids.length - to < ID_BYTES + OVERSHOOT) this.#growIds(ID_BYTES);
    const { idsView } = this;
    const last = Math.min(bytes.length - 4, from + ID_BYTES - 4);
    let i = from;
    for (; i <= last; i += 4, to += 4) {
      const four = view.getInt32(i, true);
      idsView.setInt32(to, four, true);
      // A byte below `0` borrows, one above `9` carries: either sets its high bit.
      if ((((four - 0x30303030) | (four + 0x46464646) | four) & HIGH_BITS) !== 0) break;
    }
    for (let c = bytes[i] as number; c >= 48 && c <= 57 && i < from + ID_BYTES; c = bytes[++i] as number) to++;
    if (bytes[i] !== 34 || i === from) {
      this.areIdsDigits = false;
      i = stringEnd(bytes, view, from);
      if (i < 0) return -1;
      to = this.idStarts[count] as number;
      if (this.ids.length - to < i - from + OVERSHOOT) this.#growIds(i - from);
      this.ids.set(bytes.subarray(from, i), to);
      to += i - from;
    }
    this.idStarts[count + 1] = to;
    return i;
  }

  /** Keeps the time at `from` and returns the position behind it; -1 where it is no whole number of at most fifteen digits. */
  #takeTime(from: number): number {
    const { bytes } = this;
    let at = from;
    let time = 0;
    for (let c = bytes[at] as number; c >= 48 && c <= 57; c = bytes[++at] as number) time = time * 10 + (c - 48);
    this.timestamps[this.count] = time;
    // JSON has no zero in front; more digits could be rounded otherwise.
    return at === from || at - from > 15 || (bytes[from] === 48 && at - from > 1) ? -1 : at;
  }

  /** Moves the message at `from` to `to` and returns the position of its closing quote; -1 where it is none. */
  #takeMessage(from: number, to: number): number {
    const { bytes, view, count } = this;
    const last = bytes.length - 4;
    let i = from;
    let o = to;
    this.starts[count] = to;
    this.rests[count] = -1;
    while (i <= last) {
      const four = view.getInt32(i, true);
      const quotes = four ^ QUOTES;
      const backslashes = four ^ BACKSLASHES;
      const hits = (((quotes - ONES) & ~quotes) | ((backslashes - ONES) & ~backslashes) | ((four - BLANKS) & ~four) | four) & HIGH_BITS;
      view.setInt32(o, four, true);
      if (hits === 0) {
        i += 4;
        o += 4;
        continue;
      }
      const plain = (31 - Math.clz32(hits & -hits)) >> 3;
      i += plain;
      o += plain;
      const c = bytes[i];
      if (c === 34) return this.#endMessage(i, o);
      const escaped = bytes[i + 1] as number;
      if (c !== 92 || (escaped !== 34 && escaped !== 92 && escaped !== 47)) {
        const end = stringEnd(bytes, view, i);
        if (end < 0) return -1;
        this.rests[count] = o;
        bytes.copyWithin(o, i, end);
        return this.#endMessage(end, o + end - i);
      }
      bytes[o++] = escaped;
      i += 2;
    }
    return -1;
  }

  #endMessage(quote: number, end: number): number {
    this.ends[this.count] = end;
    this.bytes[end] = 0;
    return quote;
  }

  #grow(): void {
    const capacity = this.starts.length * 2;
    this.starts = grown(this.starts, new Int32Array(capacity));
    this.ends = grown(this.ends, new Int32Array(capacity));
    this.rests = grown(this.rests, new Int32Array(capacity));
    this.timestamps = grown(this.timestamps, new Float64Array(capacity));
    this.idStarts = grown(this.idStarts, new Int32Array(capacity + 1));
  }

  #growIds(missing: number): void {
    this.ids = grown(this.ids, new Uint8Array(this.ids.length * 2 + missing + OVERSHOOT));
    this.idsView = new DataView(this.ids.buffer);
  }
}

function grown<T extends Int32Array | Float64Array | Uint8Array>(from: T, into: T): T {
  into.set(from);
  return into;
}

/** Position of the quote that closes the JSON string whose text goes on at `from`; -1 where it is not closed, or is no JSON. */
export function stringEnd(bytes: Uint8Array, view: DataView, from: number): number {
  const last = bytes.length - 4;
  let i = from;
  while (i <= last) {
    const four = view.getInt32(i, true);
    const quotes = four ^ QUOTES;
    const backslashes = four ^ BACKSLASHES;
    const hits = (((quotes - ONES) & ~quotes) | ((backslashes - ONES) & ~backslashes) | ((four - BLANKS) & ~four)) & HIGH_BITS;
    if (hits === 0) {
      i += 4;
      continue;
    }
    i += (31 - Math.clz32(hits & -hits)) >> 3;
    const c = bytes[i] as number;
    if (c === 34) return i;
    if (c !== 92) return -1;
    const size = escapeSize(bytes, i);
    if (size === 0) return -1;
    i += size;
  }
  return -1;
}

const isShortEscape = new Uint8Array(256);
for (const letter of '"\\/bfnrt') isShortEscape[letter.charCodeAt(0)] = 1;

/** Bytes of the escape at `at`; 0 where it is none of JSON's. */
function escapeSize(bytes: Uint8Array, at: number): number {
  const c = bytes[at + 1] as number;
  if (isShortEscape[c] === 1) return 2;
  if (c !== 117) return 0;
  for (let i = at + 2; i < at + 6; i++) if (!isHexDigit(bytes[i] as number)) return 0;
  return 6;
}

function isHexDigit(c: number): boolean {
  return (c >= 48 && c <= 57) || ((c | 32) >= 97 && (c | 32) <= 102);
}

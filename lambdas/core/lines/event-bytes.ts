import { isAt } from './ascii-line.ts';
import { piece } from './piece.ts';

/** Where the events of a payload are in its bytes. */
export interface EventBytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly count: number;
  /** Positions behind the opening quotes of ids and messages, and of the quotes that close them. */
  readonly idStarts: Int32Array;
  readonly idEnds: Int32Array;
  readonly messageStarts: Int32Array;
  readonly messageEnds: Int32Array;
  /** CloudWatch times in ms since the epoch. */
  readonly timestamps: Float64Array;
  /** Whether all ids are decimal digits and nothing else, like all that CloudWatch gives. */
  readonly areIdsDigits: boolean;
  /** Bytes of all messages as they stand in the payload. */
  readonly messageBytes: number;
}

const ID = piece('{"id":"');
const TIMESTAMP = piece('","timestamp":');
const MESSAGE = piece(',"message":"');
/** An event without a text takes this much, with CloudWatch's ids of 56 digits. */
const EVENT_BYTES = 114;

// Four bytes at once, as in ascii-line.ts.
const ONES = 0x01010101;
const HIGH_BITS = 0x80808080;
const BLANKS = 0x20202020;
const QUOTES = 0x22222222;
const BACKSLASHES = 0x5c5c5c5c;

/**
 * Finds the events of `[{"id":"…","timestamp":1763700000000,"message":"…"},…]}`, whose first one is at `from`, without making texts of them. Undefined
 * where the bytes are not exactly that: members in another order or more of them, blanks between them, or what is no JSON at all.
 */
export function scanEvents(bytes: Uint8Array, from: number): EventBytes | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let capacity = Math.ceil((bytes.length - from) / EVENT_BYTES) + 16;
  let idStarts = new Int32Array(capacity);
  let idEnds = new Int32Array(capacity);
  let messageStarts = new Int32Array(capacity);
  let messageEnds = new Int32Array(capacity);
  let timestamps = new Float64Array(capacity);
  let count = 0;
  let messageBytes = 0;
  let areIdsDigits = true;
  let at = from;
  for (;;) {
    // The shortest event is longer; from here on nothing reads behind the last byte.
    if (bytes.length - at < ID.size + TIMESTAMP.size + MESSAGE.size + 6) return undefined;
    if (count === capacity) {
      capacity *= 2;
      idStarts = grown(idStarts, new Int32Array(capacity));
      idEnds = grown(idEnds, new Int32Array(capacity));
      messageStarts = grown(messageStarts, new Int32Array(capacity));
      messageEnds = grown(messageEnds, new Int32Array(capacity));
      timestamps = grown(timestamps, new Float64Array(capacity));
    }
    if (!isAt(view, ID, at)) return undefined;
    idStarts[count] = at += ID.size;
    at = behindDigits(bytes, view, at);
    if (bytes[at] !== 34) {
      areIdsDigits = false;
      at = stringEnd(bytes, view, idStarts[count] as number);
    } else if (at === idStarts[count]) areIdsDigits = false;
    idEnds[count] = at;
    if (at < 0 || bytes.length - at < TIMESTAMP.size + MESSAGE.size + 5 || !isAt(view, TIMESTAMP, at)) return undefined;
    at += TIMESTAMP.size;
    const digits = at;
    let time = 0;
    for (let c = bytes[at] as number; c >= 48 && c <= 57; c = bytes[++at] as number) time = time * 10 + (c - 48);
    // JSON has no zero in front; sixteen digits and more could be rounded otherwise.
    if (at === digits || at - digits > 15 || (bytes[digits] === 48 && at - digits > 1)) return undefined;
    if (bytes.length - at < MESSAGE.size + 4 || !isAt(view, MESSAGE, at)) return undefined;
    messageStarts[count] = at += MESSAGE.size;
    messageEnds[count] = at = stringEnd(bytes, view, at);
    if (at < 0) return undefined;
    timestamps[count] = time;
    messageBytes += at - (messageStarts[count] as number);
    count++;
    if (bytes[at + 1] !== 125) return undefined;
    const next = bytes[at + 2];
    at += 3;
    if (next === 44) continue;
    if (next !== 93 || bytes[at] !== 125 || at + 1 !== bytes.length) return undefined;
    return { bytes, view, count, idStarts, idEnds, messageStarts, messageEnds, timestamps, messageBytes, areIdsDigits };
  }
}

function grown<T extends Int32Array | Float64Array>(from: T, into: T): T {
  into.set(from);
  return into;
}

/** Position of the quote that closes the JSON string whose text begins at `from`; -1 where it is not closed, or is no JSON. */
function stringEnd(bytes: Uint8Array, view: DataView, from: number): number {
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

/** Position behind the decimal digits at `from`. */
function behindDigits(bytes: Uint8Array, view: DataView, from: number): number {
  const last = bytes.length - 4;
  let i = from;
  for (; i <= last; i += 4) {
    const four = view.getInt32(i, true);
    // A byte below `0` borrows, one above `9` carries: either sets its high bit.
    if ((((four - 0x30303030) | (four + 0x46464646) | four) & HIGH_BITS) !== 0) break;
  }
  for (let c = bytes[i] as number; c >= 48 && c <= 57; c = bytes[++i] as number);
  return i;
}

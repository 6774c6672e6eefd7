import { behindString, hasEscapes, isAt, lines, linesView, lineText } from './ascii-line.ts';
import { type Piece, piece } from './piece.ts';

/** A key that occurred in a line. */
export interface LineKey {
  /** The key as it stands in a line, with its equals sign. */
  readonly written: Piece;
  /** `"key":` */
  readonly member: Piece;
  /** What a format does with the key beyond keeping it; 0 for nothing. */
  readonly role: number;
  /** The key that followed it last: programs write the same keys in the same order, and a compare is cheaper than a look-up. */
  next: LineKey | undefined;
  /** The one before that: two kinds of lines may take turns. */
  other: LineKey | undefined;
  /** Number of the line that it occurred in last: a second time in one line is a duplicate. */
  lastLine: number;
}

/** How a bare value ends: at the next blank, or (klog) at a blank that a `word=` follows. */
export type BareEnd = 'blank' | 'key';

const SLOTS = 4_096;
const MAX_KEYS = 2_000;
const MAX_KEY_CHARS = 200;
const MAX_PAIRS = 200;

/** The keys of one format: the same few hundred occur in all lines of a program. */
export class LineKeys {
  /** By the hash of their bytes, open addressing: texts of keys are made only once. */
  readonly #slots = new Array<LineKey | undefined>(SLOTS).fill(undefined);
  #count = 0;
  readonly #roles: { readonly [name: string]: number };
  /** What stands before a line's first key. */
  readonly start: LineKey = newKey('', 0);

  constructor(roles: { readonly [name: string]: number }) {
    this.#roles = roles;
  }

  /** The key whose name is from `start` to the equals sign at `end`; undefined where there are too many to remember another one. */
  at(start: number, end: number, hash: number): LineKey | undefined {
    let slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    for (let key = this.#slots[slot]; key !== undefined; key = this.#slots[slot]) {
      if (key.written.size === end - start + 1 && isAt(linesView, key.written, start)) return key;
      slot = (slot + 1) & (SLOTS - 1);
    }
    if (this.#count === MAX_KEYS) return undefined;
    this.#count++;
    const name = lineText(start, end);
    const key = newKey(name, Object.hasOwn(this.#roles, name) ? (this.#roles[name] as number) : 0);
    this.#slots[slot] = key;
    return key;
  }
}

function newKey(name: string, role: number): LineKey {
  return { written: piece(`${name}=`), member: piece(`"${name}":`), role, next: undefined, other: undefined, lastLine: 0 };
}

/** The pairs that were read last. A value is a JSON string with its quotes where its first byte is a quote, and a bare word otherwise. */
export const linePairs = {
  count: 0,
  keys: [] as LineKey[],
  starts: new Int32Array(MAX_PAIRS),
  ends: new Int32Array(MAX_PAIRS),
  /** 1 for a value that is a string with escapes. */
  isEscaped: new Uint8Array(MAX_PAIRS),
};

let lineNumber = 0;

/**
 * Reads `key=value key="value" …` of a loaded line, from `from` to its `end`. False where it is not exactly that, or where a value needs more than a
 * copy (Go's own escapes, values of several words, keys that occur twice): such lines are read as text.
 */
export function scanLinePairs(known: LineKeys, from: number, end: number, bareEnd: BareEnd): boolean {
  const { keys, starts, ends, isEscaped } = linePairs;
  const number = ++lineNumber;
  let count = 0;
  let previous = known.start;
  let at = from;
  for (;;) {
    while (lines[at] === 32) at++;
    if (at >= end) break;
    let key = previous.next;
    if (key === undefined || !isAt(linesView, key.written, at)) {
      key = previous.other;
      if (key === undefined || !isAt(linesView, key.written, at)) {
        key = keyAt(known, at);
        if (key === undefined) return false;
        previous.other = previous.next;
        previous.next = key;
      }
    }
    if (key.lastLine === number || count === MAX_PAIRS) return false;
    key.lastLine = number;
    previous = key;
    const start = at + key.written.size;
    const isQuoted = lines[start] === 34;
    at = isQuoted ? behindString(start) : bareValueEnd(start, bareEnd);
    isEscaped[count] = isQuoted && hasEscapes ? 1 : 0;
    if (at < 0 || (at < end && lines[at] !== 32)) return false;
    keys[count] = key;
    starts[count] = start;
    ends[count++] = at;
  }
  linePairs.count = count;
  return true;
}

/** The key that is read at `at`; undefined where there is none. */
function keyAt(known: LineKeys, at: number): LineKey | undefined {
  let i = at;
  let hash = 0;
  for (let c = lines[i] as number; c !== 61; c = lines[++i] as number) {
    if (c === 32 || c === 34 || c === 92 || c === 0) return undefined;
    hash = (Math.imul(hash, 31) + c) | 0;
  }
  return i > at && i - at <= MAX_KEY_CHARS ? known.at(at, i, hash) : undefined;
}

const BARE_STOPS = new Uint8Array(256);
for (const character of '\0 "\\') BARE_STOPS[character.charCodeAt(0)] = 1;

/** Position behind the value without quotes at `start`; -1 where it is not copied as it is. */
function bareValueEnd(start: number, bareEnd: BareEnd): number {
  const bytes = lines;
  const first = bytes[start];
  if (bareEnd === 'key' && (first === 123 || first === 91 || first === 60)) return -1;
  let i = start;
  while (BARE_STOPS[bytes[i] as number] === 0) i++;
  const c = bytes[i];
  if (c === 34 || c === 92) return -1;
  return bareEnd === 'key' && c === 32 && !isKeyAt(i + 1) ? -1 : i;
}

/** Bytes that no key behind a bare value holds. */
const NO_KEY = new Uint8Array(256);
for (const character of '\0 ="\\[]{}()<>') NO_KEY[character.charCodeAt(0)] = 1;

function isKeyAt(at: number): boolean {
  let i = at;
  while (NO_KEY[lines[i] as number] === 0) i++;
  return i > at && lines[i] === 61;
}

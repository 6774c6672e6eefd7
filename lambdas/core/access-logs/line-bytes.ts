import { BACKSLASHES, BLANKS, HIGH_BITS, ONES } from '../lines/four-bytes.ts';

/** What {@link readLine} found out. One for all: a line is done with before the next one is read. */
export const line = {
  /** Position behind the last byte that is neither the line break nor a carriage return before it. */
  end: 0,
  /** Where the next line starts. */
  next: 0,
  /** ASCII without control characters and backslashes: such a line needs no decoding and no escapes beyond those of its quotes. */
  isPlain: false,
  /** 64 bits of a hash of the line's bytes. */
  hashA: 0,
  hashB: 0,
};

/** Bytes behind the data that reading several at once may touch. A line break must stand in the first of them. */
export const SLACK = 16;

const LINE_FEED = 10;
const RETURN = 13;

/**
 * Finds the end of the line at `start`, whether it is plain, and its hash, in one pass of eight bytes at a time: the hash is of multiply-and-rotate like
 * `textHash`, two lanes that feed each other. It is part of `_id`, so what it makes of a line must never change.
 */
export function readLine(bytes: Uint8Array, view: DataView, start: number): void {
  let a = 0x2545f491;
  let b = 0x9e3779b9 | 0;
  let odd = 0;
  let i = start;
  for (;;) {
    const v = view.getInt32(i, true);
    const w = view.getInt32(i + 4, true);
    if (((((v - BLANKS) & ~v) | ((w - BLANKS) & ~w)) & HIGH_BITS) !== 0) break;
    const x = v ^ BACKSLASHES;
    const y = w ^ BACKSLASHES;
    odd |= v | w | ((x - ONES) & ~x) | ((y - ONES) & ~y);
    a = Math.imul(a ^ v, 0x01000193) + b;
    a = (a << 13) | (a >>> 19);
    b = Math.imul(b ^ w, 0x85ebca6b) ^ a;
    b = (b << 17) | (b >>> 15);
    i += 8;
  }
  let isPlain = (odd & HIGH_BITS) === 0;
  let c = bytes[i] as number;
  for (; c !== LINE_FEED; c = bytes[++i] as number) {
    if (c < 32 || c > 126 || c === 92) isPlain &&= c === RETURN && bytes[i + 1] === LINE_FEED;
    a = Math.imul(a ^ c, 0x01000193) + b;
    a = (a << 13) | (a >>> 19);
    b = Math.imul(b ^ a, 0x85ebca6b);
    b = (b << 17) | (b >>> 15);
  }
  line.end = i > start && bytes[i - 1] === RETURN ? i - 1 : i;
  line.next = i + 1;
  line.isPlain = isPlain;
  line.hashA = finish(a ^ (i - start));
  line.hashB = finish(b ^ Math.imul(a, 0xc2b2ae35));
}

function finish(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Two digits for each byte. */
const HEX = new Uint16Array(256);
for (let byte = 0; byte < 256; byte++)
  HEX[byte] = ('0123456789abcdef'.charCodeAt(byte >> 4) << 8) | '0123456789abcdef'.charCodeAt(byte & 15);

/** Writes the eight hexadecimal digits of 32 bits. */
export function putHex(out: DataView, at: number, value: number): number {
  out.setUint16(at, HEX[value >>> 24] as number);
  out.setUint16(at + 2, HEX[(value >>> 16) & 255] as number);
  out.setUint16(at + 4, HEX[(value >>> 8) & 255] as number);
  out.setUint16(at + 6, HEX[value & 255] as number);
  return at + 8;
}

/** The same as text. */
export function hexText(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}

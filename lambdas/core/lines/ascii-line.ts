import type { WriteUtf8 } from '../index/body-writer.ts';
import type { Piece } from './piece.ts';

/** Longest line, in characters, that is read as bytes; what is longer costs so much elsewhere that reading it as text does not matter. */
const MAX_LINE = 8_192;

/** The line that is read, one byte a character, ended by a 0; one for all, because a line is done with before the next one is loaded. */
export const line = new Uint8Array(MAX_LINE * 3 + 16);
/** The same bytes, for reading several at once. */
export const lineView = new DataView(line.buffer);

// Four bytes at once: the high bit of a byte of `(x - 0x01010101) & ~x & 0x80808080` is set where that byte of x is 0 (and no byte before it is wrong).
const ONES = 0x01010101;
const HIGH_BITS = 0x80808080;
const BLANKS = 0x20202020;
const QUOTES = 0x22222222;
const BACKSLASHES = 0x5c5c5c5c;

/** Loads a text of one line of ASCII without control characters and returns its length; -1 for any other text, which is then read as text. */
export function loadLine(text: string, write: WriteUtf8): number {
  const size = text.length;
  if (size > MAX_LINE || write(text, line, 0) !== size) return -1;
  lineView.setInt32(size, BLANKS, true);
  for (let i = 0; i < size; i += 4) {
    const four = lineView.getInt32(i, true);
    if (((four - BLANKS) & ~four & HIGH_BITS) !== 0) return -1;
  }
  line[size] = 0;
  return size;
}

/** Whether the loaded line holds the piece at `at`. */
export function isAt({ view, size, tailMask }: Piece, at: number): boolean {
  let i = 0;
  for (; i + 4 <= size; i += 4) if (lineView.getInt32(at + i, true) !== view.getInt32(i, true)) return false;
  return ((lineView.getInt32(at + i, true) ^ view.getInt32(i, true)) & tailMask) === 0;
}

/** Position behind the string whose opening quote is at `at`, if all its escapes are JSON's too (`\"`, `\\`, `\n`, `\r`, `\t`); -1 otherwise. */
export function behindString(at: number): number {
  let i = at + 1;
  for (;;) {
    const four = lineView.getInt32(i, true);
    const quotes = four ^ QUOTES;
    const backslashes = four ^ BACKSLASHES;
    const hits = (((quotes - ONES) & ~quotes) | ((backslashes - ONES) & ~backslashes) | ((four - ONES) & ~four)) & HIGH_BITS;
    if (hits === 0) {
      i += 4;
      continue;
    }
    i += (31 - Math.clz32(hits & -hits)) >> 3;
    if (line[i] === 34) return i + 1;
    if (line[i] === 0) return -1;
    const c = line[i + 1];
    if (c !== 34 && c !== 92 && c !== 110 && c !== 114 && c !== 116) return -1;
    i += 2;
  }
}

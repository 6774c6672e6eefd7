import type { WriteUtf8 } from '../index/body-writer.ts';
import type { Piece } from './piece.ts';

/** Bytes of lines that are read together: enough that handing their text to a search costs nothing, few enough for the processor's nearest memory. */
const BLOCK_BYTES = 49_152;
/** Longest line, in bytes, that is read as bytes; what is longer costs so much elsewhere that reading it as text does not matter. */
const MAX_LINE = 8_192;
/** Behind the block: one line that was redacted. */
export const SPARE_LINE = BLOCK_BYTES + MAX_LINE + 64;
/** Lines of one block at most. */
export const MAX_BLOCK_LINES = 1_024;

/** The lines of the block that is read, one byte a character, each ended by a 0; one for all, because a block is done with before the next one is loaded. */
export const lines = new Uint8Array(BLOCK_BYTES + 4 * MAX_LINE + 128);
/** The same bytes, for reading several at once. */
export const linesView = new DataView(lines.buffer);

// Four bytes at once: the high bit of a byte of `(x - 0x01010101) & ~x & 0x80808080` is set where that byte of x is 0 (and no byte before it is wrong).
const ONES = 0x01010101;
const HIGH_BITS = 0x80808080;
const QUOTES = 0x22222222;
const BACKSLASHES = 0x5c5c5c5c;

/** Whether a block whose lines end at `at` takes no further line. */
export function isFull(at: number): boolean {
  return at > BLOCK_BYTES;
}

/**
 * Loads the text of a valid JSON string, whose bytes are from `start` to `end`, to `at` and returns the position behind it, where a 0 is; -1 for a text
 * that is not one line of ASCII without control characters. A line break at its end is left out.
 */
export function loadLine(view: DataView, start: number, end: number, at: number): number {
  if (end - start > MAX_LINE) return -1;
  // The payload goes on behind the closing quote by at least three bytes, so four can always be read.
  let i = start;
  let to = at;
  while (i < end) {
    const four = view.getInt32(i, true);
    const backslashes = four ^ BACKSLASHES;
    const hits = (((backslashes - ONES) & ~backslashes) | four) & HIGH_BITS;
    linesView.setInt32(to, four, true);
    if (hits === 0) {
      i += 4;
      to += 4;
      continue;
    }
    const skipped = (31 - Math.clz32(hits & -hits)) >> 3;
    i += skipped;
    to += skipped;
    if (i >= end) break;
    if (view.getUint8(i) !== 92) return -1;
    const c = view.getUint8(i + 1);
    i += 2;
    if (c === 34 || c === 92 || c === 47) lines[to++] = c;
    else if (c !== 110 || i !== end) return -1;
  }
  to -= i - end;
  lines[to] = 0;
  return to;
}

/** Loads the text of a line as `SPARE_LINE` and returns the position behind it; -1 where it is not ASCII. */
export function loadText(text: string, write: WriteUtf8): number {
  const size = text.length;
  if (size > MAX_LINE || write(text, lines, SPARE_LINE) !== size) return -1;
  lines[SPARE_LINE + size] = 0;
  return SPARE_LINE + size;
}

/** Whether the bytes of a view hold the piece at `at`. */
export function isAt(bytes: DataView, { view, size, tailMask }: Piece, at: number): boolean {
  let i = 0;
  for (; i + 4 <= size; i += 4) if (bytes.getInt32(at + i, true) !== view.getInt32(i, true)) return false;
  return tailMask === 0 || ((bytes.getInt32(at + i, true) ^ view.getInt32(i, true)) & tailMask) === 0;
}

/** The text of a part of a line: for what is read once and remembered. */
export function lineText(start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++) text += String.fromCharCode(lines[i] as number);
  return text;
}

/** Whether the string that `behindString` found the end of last has escapes. */
export let hasEscapes = false;

/** Position behind the string whose opening quote is at `at`, if all its escapes are JSON's too (`\"`, `\\`, `\n`, `\r`, `\t`); -1 otherwise. */
export function behindString(at: number): number {
  let i = at + 1;
  hasEscapes = false;
  for (;;) {
    const four = linesView.getInt32(i, true);
    const quotes = four ^ QUOTES;
    const backslashes = four ^ BACKSLASHES;
    const hits = (((quotes - ONES) & ~quotes) | ((backslashes - ONES) & ~backslashes) | ((four - ONES) & ~four)) & HIGH_BITS;
    if (hits === 0) {
      i += 4;
      continue;
    }
    i += (31 - Math.clz32(hits & -hits)) >> 3;
    if (lines[i] === 34) return i + 1;
    if (lines[i] === 0) return -1;
    const c = lines[i + 1];
    if (c !== 34 && c !== 92 && c !== 110 && c !== 114 && c !== 116) return -1;
    hasEscapes = true;
    i += 2;
  }
}

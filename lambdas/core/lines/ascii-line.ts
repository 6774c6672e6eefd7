import type { WriteUtf8 } from '../index/body-writer.ts';
import { BACKSLASHES, HIGH_BITS, ONES, QUOTES } from './four-bytes.ts';
import type { Piece } from './piece.ts';

/** Longest line, in bytes, that is read as bytes; what is longer costs so much elsewhere that reading it as text does not matter. */
export const MAX_LINE = 8_192;

/** The bytes that lines are read from, one byte a character, each line ended by a 0. */
export let lines: Uint8Array = new Uint8Array(0);
/** The same bytes, for reading several at once. */
export let linesView: DataView = new DataView(lines.buffer);

/** Lines are read from these bytes from now on; a few more than the last line has can be read. */
export function readLinesFrom(bytes: Uint8Array, view: DataView): void {
  lines = bytes;
  linesView = view;
}

const spare = new Uint8Array(MAX_LINE * 3 + 64);
const spareView = new DataView(spare.buffer);

/** Reads from the bytes of a text, from their first one on, until `readLinesFrom` says otherwise; returns their number, -1 where the text is not ASCII. */
export function readText(text: string, write: WriteUtf8): number {
  const size = text.length;
  if (size > MAX_LINE || write(text, spare, 0) !== size) return -1;
  spare[size] = 0;
  readLinesFrom(spare, spareView);
  return size;
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

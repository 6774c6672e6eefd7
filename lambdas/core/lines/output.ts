import { lines, linesView } from './ascii-line.ts';
import type { Piece } from './piece.ts';

// All copying is of ASCII and eight bytes at once, as floating-point numbers, which engines move without boxing them; no ASCII is a NaN, whose bits could
// change on the way. Byte by byte takes five times as long (docs/performance.md). What is copied too much is written over next.

/** Copies a piece to `at` and returns the position behind it. */
export function put(out: DataView, at: number, { view, size }: Piece): number {
  for (let i = 0; i < size; i += 8) out.setFloat64(at + i, view.getFloat64(i, true), true);
  return at + size;
}

/** The same for pieces of some sixty bytes and more: from there on it pays to hand the copying over. */
export function putLong(out: Uint8Array, at: number, { bytes }: Piece): number {
  out.set(bytes, at);
  return at + bytes.length;
}

/** Copies a part of a loaded line to `at` and returns the position behind it. */
export function putLine(out: DataView, at: number, start: number, end: number): number {
  let to = at;
  for (let i = start; i < end; i += 8, to += 8) out.setFloat64(to, linesView.getFloat64(i, true), true);
  return at + end - start;
}

/** Copies the bytes of another view; eight can be read from any of them on. */
export function putFrom(out: DataView, at: number, from: DataView, start: number, end: number): number {
  let to = at;
  for (let i = start; i < end; i += 8, to += 8) out.setFloat64(to, from.getFloat64(i, true), true);
  return at + end - start;
}

/** Writes a part of a loaded line as a JSON string with its quotes; quotes and backslashes are escaped. */
export function putQuoted(out: DataView, at: number, start: number, end: number): number {
  let to = at;
  out.setUint8(to++, 34);
  for (let i = start; i < end; i++) {
    const c = lines[i] as number;
    if (c === 34 || c === 92) out.setUint8(to++, 92);
    out.setUint8(to++, c);
  }
  out.setUint8(to, 34);
  return to + 1;
}

/** Writes an ASCII text character by character: for short ones. */
export function putText(out: DataView, at: number, text: string): number {
  for (let i = 0; i < text.length; i++) out.setUint8(at + i, text.charCodeAt(i));
  return at + text.length;
}

/** A constant part of documents, or a part of lines that is looked for. */
export interface Piece {
  /** The text's bytes alone. */
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Bytes of the text; the view is longer, so that it can be read eight bytes at once. */
  readonly size: number;
  /** Bits of the last four bytes, from `size` rounded down to a multiple of four on, that belong to the text. */
  readonly tailMask: number;
}

/** Bytes beyond a piece or a line that copying may read, and beyond its copy that it may write: eight are moved at once. */
export const OVERSHOOT = 8;

/** A piece of an ASCII text. */
export function piece(text: string): Piece {
  const bytes = new Uint8Array(text.length + OVERSHOOT);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  const rest = text.length & 3;
  return {
    bytes: bytes.subarray(0, text.length),
    view: new DataView(bytes.buffer),
    size: text.length,
    tailMask: rest === 0 ? 0 : (1 << (rest * 8)) - 1,
  };
}

/** Whether a text is all ASCII. */
export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

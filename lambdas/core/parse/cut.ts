/**
 * Longest term of Lucene in UTF-8 bytes. A flat_object stores each leaf as `field.field.path=value` (measured on OpenSearch 3.5: the field's
 * name counts twice), so path and value together must stay under it; one byte more is a 400 for the document.
 */
export const FLAT_OBJECT_MAX_BYTES = 32_766;

/** Put where text was cut, so that a reader does not take the rest for the whole. */
const CUT_MARK = '…[cut]';

const CUT_MARK_BYTES = 8;

/** Length of `text` in UTF-8 bytes; a lone surrogate counts as U+FFFD (3 bytes), as encoders write it. */
export function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 0x80) continue;
    if (c < 0x800) bytes += 1;
    else if (c >= 0xd800 && c <= 0xdbff && isLow(text.charCodeAt(i + 1))) {
      bytes += 2;
      i++;
    } else bytes += 2;
  }
  return bytes;
}

/**
 * The longest start of `text` that fits into `maxBytes` of UTF-8 with the mark that says so; `text` itself where it fits. Never splits a character.
 */
export function cutUtf8(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes || utf8Bytes(text) <= maxBytes) return text;
  const room = maxBytes - CUT_MARK_BYTES;
  if (room <= 0) return '';
  let bytes = 0;
  let i = 0;
  while (i < text.length) {
    const c = text.charCodeAt(i);
    const isPair = c >= 0xd800 && c <= 0xdbff && isLow(text.charCodeAt(i + 1));
    const size = c < 0x80 ? 1 : c < 0x800 ? 2 : isPair ? 4 : 3;
    if (bytes + size > room) break;
    bytes += size;
    i += isPair ? 2 : 1;
  }
  return text.slice(0, i) + CUT_MARK;
}

function isLow(c: number): boolean {
  return c >= 0xdc00 && c <= 0xdfff;
}

/**
 * One pass over JSON text that validates it and notes what would make OpenSearch refuse it, so that the text itself can be reused. About twice as
 * fast as JSON.parse, because nothing is built (docs/performance.md).
 */

/** Two keys of one object may be equal: same hash, an escape that could hide it, or an object too large to compare. */
export const MAYBE_DUPLICATE = 1;
/** A flat_object leaf could pass FLAT_OBJECT_MAX_BYTES, or a key Jackson's 50,000 characters. */
export const LONG_TERM = 2;
/** A number of more than 300 characters; Jackson refuses more than 1,000. */
export const LONG_NUMBER = 4;
/** Nested deeper than MAX_DEPTH. */
export const DEEP = 8;
/** A line break between tokens: valid JSON, but it would end the line of a bulk body. */
export const LINE_BREAK = 16;
/** An escaped surrogate without its other half. */
export const LONE_SURROGATE = 32;
/** More members at the first two levels than the table of positions holds. */
export const TABLE_FULL = 64;

/** Deepest nesting that is sent as it is. OpenSearch 3.5 took 700 levels in a flat_object; at 990 its write thread died of a stack overflow. */
export const MAX_DEPTH = 100;

// Three bytes a character is the worst case of UTF-8; 200 covers twice the name of the longest flat field and the separators.
const SAFE_TERM_CHARS = 10_800;
const MAX_COMPARED_KEYS = 96;
const MAX_STACK = 1 << 21;
const MAX_MEMBERS = 512;

/** Numbers per entry of `memberTable`: key start, key end, value start, value end (all without quotes), depth (1 or 2). */
export const ENTRY = 5;
/** Members at depth 1 and 2 of the object scanned last, in the order of the text. Overwritten by the next scan. */
export const memberTable = new Int32Array(MAX_MEMBERS * ENTRY);
/** Entries of `memberTable` that the last scan filled, and the position after the value. */
export const lastScan = { members: 0, end: 0 };

const kinds = new Uint8Array(MAX_STACK);
const firstKey = new Int32Array(MAX_DEPTH + 2);
const pathChars = new Int32Array(MAX_DEPTH + 2);
const entryAt = new Int32Array(MAX_DEPTH + 2);
const hashes = new Int32Array((MAX_DEPTH + 2) * MAX_COMPARED_KEYS);

const OBJECT = 1;
const ARRAY = 2;

/**
 * Scans the JSON value at `start` (white space before it allowed). Returns the flags above or'ed together, or -1 where the text is not valid JSON by
 * RFC 8259. `lastScan.end` is the position after the value; the caller decides whether more may follow.
 */
export function scanJson(text: string, start: number): number {
  let i = start;
  let c = text.charCodeAt(i);
  // An object that is cut rarely ends in a brace; without this look the loops below would run behind its end.
  if (c === 123 && !mayEndObject(text.charCodeAt(text.length - 1))) return -1;
  let flags = 0;
  let depth = 0;
  let hashTop = 0;
  let members = 0;
  let keyChars = 0;
  let entry = -1;
  lastScan.members = 0;
  for (;;) {
    while (c <= 32) {
      if (c === 10 || c === 13) flags |= LINE_BREAK;
      else if (c !== 32 && c !== 9) return -1;
      c = text.charCodeAt(++i);
    }
    if (depth > 0 && kinds[depth] === OBJECT) {
      if (c !== 34) return -1;
      const keyStart = ++i;
      let hash = 0;
      for (c = text.charCodeAt(i); c !== 34; c = text.charCodeAt(++i)) {
        if (c === 92) {
          const escaped = text.charCodeAt(++i);
          if (escaped === 117) {
            const surrogate = checkUnicodeEscape(text, i);
            if (surrogate < 0) return -1;
            flags |= surrogate | MAYBE_DUPLICATE;
            i += 4;
          } else if (escaped === 47) flags |= MAYBE_DUPLICATE;
          else if (!isSimpleEscape(escaped)) return -1;
          hash = (hash * 31 + escaped + 1000) | 0;
        } else if (c >= 32) hash = (hash * 31 + c) | 0;
        else return -1;
        // Past the end charCodeAt gives NaN, which fails every comparison above.
      }
      keyChars = i - keyStart;
      // Whatever the value is: a number's leaf has its path in the term too.
      if (keyChars > 64 && keyChars + (pathChars[depth <= MAX_DEPTH ? depth : 0] as number) > SAFE_TERM_CHARS) flags |= LONG_TERM;
      entry = -1;
      if (depth <= MAX_DEPTH) {
        const first = firstKey[depth] as number;
        if (hashTop - first >= MAX_COMPARED_KEYS) flags |= MAYBE_DUPLICATE;
        else {
          for (let k = first; k < hashTop; k++) if (hashes[k] === hash) flags |= MAYBE_DUPLICATE;
          hashes[hashTop++] = hash;
        }
        if (depth <= 2) {
          if (members === MAX_MEMBERS) flags |= TABLE_FULL;
          else {
            entry = members++ * ENTRY;
            memberTable[entry] = keyStart;
            memberTable[entry + 1] = i;
            memberTable[entry + 4] = depth;
          }
        }
      }
      c = text.charCodeAt(++i);
      while (c <= 32) {
        if (c === 10 || c === 13) flags |= LINE_BREAK;
        else if (c !== 32 && c !== 9) return -1;
        c = text.charCodeAt(++i);
      }
      if (c !== 58) return -1;
      c = text.charCodeAt(++i);
      while (c <= 32) {
        if (c === 10 || c === 13) flags |= LINE_BREAK;
        else if (c !== 32 && c !== 9) return -1;
        c = text.charCodeAt(++i);
      }
    } else {
      keyChars = 0;
      entry = -1;
    }
    if (entry >= 0) memberTable[entry + 2] = i;
    if (c === 34) {
      const valueStart = i + 1;
      for (c = text.charCodeAt(++i); c !== 34; c = text.charCodeAt(++i)) {
        if (c === 92) {
          const escaped = text.charCodeAt(++i);
          if (escaped === 117) {
            const surrogate = checkUnicodeEscape(text, i);
            if (surrogate < 0) return -1;
            flags |= surrogate;
            i += 4;
            if (surrogate === 0 && isHighEscape(text, i - 3)) i += 6;
          } else if (!isSimpleEscape(escaped)) return -1;
        } else if (!(c >= 32)) return -1;
      }
      if (i - valueStart + keyChars + (pathChars[depth <= MAX_DEPTH ? depth : 0] as number) > SAFE_TERM_CHARS) flags |= LONG_TERM;
      c = text.charCodeAt(++i);
    } else if (c === 123 || c === 91) {
      if (++depth >= MAX_STACK) return -1;
      kinds[depth] = c === 123 ? OBJECT : ARRAY;
      if (depth <= MAX_DEPTH) {
        firstKey[depth] = hashTop;
        pathChars[depth] = (depth > 1 ? (pathChars[depth - 1] as number) : 0) + keyChars + 1;
        if ((pathChars[depth] as number) > SAFE_TERM_CHARS) flags |= LONG_TERM;
        entryAt[depth] = entry;
      } else flags |= DEEP;
      const close = c + 2;
      c = text.charCodeAt(++i);
      while (c <= 32) {
        if (c === 10 || c === 13) flags |= LINE_BREAK;
        else if (c !== 32 && c !== 9) return -1;
        c = text.charCodeAt(++i);
      }
      if (c !== close) continue;
      // Not behind the text's end: that would make V8 give up on fast reads at this place for good.
      c = ++i < text.length ? text.charCodeAt(i) : 0;
      depth--;
    } else if (c === 45 || (c >= 48 && c <= 57)) {
      const end = scanNumber(text, i);
      if (end < 0) return -1;
      if (end - i > 300) flags |= LONG_NUMBER;
      i = end;
      c = text.charCodeAt(i);
    } else {
      const word = c === 116 ? 'true' : c === 102 ? 'false' : c === 110 ? 'null' : '';
      if (word === '' || !text.startsWith(word, i)) return -1;
      i += word.length;
      c = text.charCodeAt(i);
    }
    if (entry >= 0) memberTable[entry + 3] = i;
    for (;;) {
      if (depth === 0) {
        lastScan.members = members;
        lastScan.end = i;
        return flags;
      }
      while (c <= 32) {
        if (c === 10 || c === 13) flags |= LINE_BREAK;
        else if (c !== 32 && c !== 9) return -1;
        c = text.charCodeAt(++i);
      }
      if (c === 44) {
        c = text.charCodeAt(++i);
        break;
      }
      if (c !== (kinds[depth] === OBJECT ? 125 : 93)) return -1;
      if (depth <= MAX_DEPTH) {
        hashTop = firstKey[depth] as number;
        const open = entryAt[depth] as number;
        if (open >= 0) memberTable[open + 3] = i + 1;
      }
      // Not behind the text's end: that would make V8 give up on fast reads at this place for good.
      c = ++i < text.length ? text.charCodeAt(i) : 0;
      depth--;
    }
  }
}

/** A brace, or blanks behind it; whatever else follows an object, no caller takes it. */
function mayEndObject(c: number): boolean {
  return c === 125 || c <= 32;
}

function isSimpleEscape(c: number): boolean {
  return c === 34 || c === 92 || c === 110 || c === 116 || c === 114 || c === 47 || c === 98 || c === 102;
}

/** `at` is the position of the `u`. -1: not four hex digits; LONE_SURROGATE: half a pair; 0: fine, a high half being followed by its low one. */
function checkUnicodeEscape(text: string, at: number): number {
  for (let k = 1; k <= 4; k++) if (!isHex(text.charCodeAt(at + k))) return -1;
  const c = text.charCodeAt(at + 1) | 32;
  if (c !== 100 || text.charCodeAt(at + 2) < 56) return 0;
  if (!isHighEscape(text, at + 1)) return LONE_SURROGATE;
  return text.charCodeAt(at + 5) === 92 && text.charCodeAt(at + 6) === 117 && isLowEscape(text, at + 7) ? 0 : LONE_SURROGATE;
}

/** Whether the four digits at `at` are a high surrogate, D800 to DBFF. */
function isHighEscape(text: string, at: number): boolean {
  const second = text.charCodeAt(at + 1) | 32;
  return (text.charCodeAt(at) | 32) === 100 && (second === 56 || second === 57 || second === 97 || second === 98);
}

/** Whether the four digits at `at` are a low surrogate, DC00 to DFFF. */
function isLowEscape(text: string, at: number): boolean {
  const second = text.charCodeAt(at + 1) | 32;
  if ((text.charCodeAt(at) | 32) !== 100 || second < 99 || second > 102) return false;
  return isHex(text.charCodeAt(at + 2)) && isHex(text.charCodeAt(at + 3));
}

function isHex(c: number): boolean {
  const lower = c | 32;
  return (c >= 48 && c <= 57) || (lower >= 97 && lower <= 102);
}

/** Position after the number at `at`, or -1 where JSON has no such number (`01`, `1.`, `-`). */
function scanNumber(text: string, at: number): number {
  let i = at;
  let c = text.charCodeAt(i);
  if (c === 45) c = text.charCodeAt(++i);
  if (c === 48) c = text.charCodeAt(++i);
  else {
    if (!(c >= 49 && c <= 57)) return -1;
    do c = text.charCodeAt(++i);
    while (c >= 48 && c <= 57);
  }
  if (c === 46) {
    c = text.charCodeAt(++i);
    if (!(c >= 48 && c <= 57)) return -1;
    do c = text.charCodeAt(++i);
    while (c >= 48 && c <= 57);
  }
  if ((c | 32) === 101) {
    c = text.charCodeAt(++i);
    if (c === 43 || c === 45) c = text.charCodeAt(++i);
    if (!(c >= 48 && c <= 57)) return -1;
    do c = text.charCodeAt(++i);
    while (c >= 48 && c <= 57);
  }
  return i;
}

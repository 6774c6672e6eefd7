/** Sorted, disjoint, inclusive ranges of code points: [low, high, low, high, …]. */
export type Charset = readonly number[];

const MAX_CODE_POINT = 0x10ffff;

/** Sorts and merges ranges that touch. */
export function normalizeCharset(ranges: Charset): Charset {
  const pairs: [number, number][] = [];
  for (let at = 0; at + 1 < ranges.length; at += 2) pairs.push([ranges[at] as number, ranges[at + 1] as number]);
  pairs.sort((a, b) => a[0] - b[0]);
  const merged: number[] = [];
  for (const [low, high] of pairs) {
    const last = merged.length - 1;
    if (last > 0 && low <= (merged[last] as number) + 1) merged[last] = Math.max(merged[last] as number, high);
    else merged.push(low, high);
  }
  return merged;
}

/** Everything that the set does not hold. */
export function negateCharset(set: Charset): Charset {
  const result: number[] = [];
  let next = 0;
  for (let at = 0; at < set.length; at += 2) {
    if ((set[at] as number) > next) result.push(next, (set[at] as number) - 1);
    next = (set[at + 1] as number) + 1;
  }
  if (next <= MAX_CODE_POINT) result.push(next, MAX_CODE_POINT);
  return result;
}

/** Whether a code point is in the set. */
export function charsetHas(set: Charset, code: number): boolean {
  for (let at = 0; at < set.length; at += 2) if (code >= (set[at] as number) && code <= (set[at + 1] as number)) return true;
  return false;
}

/** Whether two sets share a code point. */
export function charsetsOverlap(a: Charset, b: Charset): boolean {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if ((a[i + 1] as number) < (b[j] as number)) i += 2;
    else if ((b[j + 1] as number) < (a[i] as number)) j += 2;
    else return true;
  }
  return false;
}

/** Adds the other case of every member, one code point to one (ß stays ß). Ranges over 3,000 code points are taken as already holding both cases. */
export function foldCharset(set: Charset): Charset {
  const more: number[] = [...set];
  for (let at = 0; at < set.length; at += 2) {
    const low = set[at] as number;
    const high = set[at + 1] as number;
    if (high - low > 3000) {
      // A range this wide holds whole alphabets; only Latin letters are looked at one by one.
      more.push(...foldedLatin(low, high));
      continue;
    }
    for (let code = low; code <= high; code++) for (const other of otherCases(code)) more.push(other, other);
  }
  return normalizeCharset(more);
}

function foldedLatin(low: number, high: number): number[] {
  const more: number[] = [];
  for (let code = Math.max(low, 0x41); code <= Math.min(high, 0x24f); code++) for (const other of otherCases(code)) more.push(other, other);
  return more;
}

function otherCases(code: number): number[] {
  // Below the Latin letters nothing has a case, and the Kelvin and long-s signs are left out on purpose: nobody means them.
  if (code < 0x41 || (code > 0x5a && code < 0x61) || (code >= 0xd800 && code <= 0xdfff)) return [];
  const text = String.fromCodePoint(code);
  const result: number[] = [];
  for (const other of [text.toLowerCase(), text.toUpperCase()]) {
    const first = other.codePointAt(0) as number;
    if (first !== code && String.fromCodePoint(first) === other) result.push(first);
  }
  return result;
}

export const DIGIT: Charset = [0x30, 0x39];
export const WORD: Charset = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a];
/** RE2's `\s` with the vertical tab that Java adds: both engines of AWS agree on the rest. */
export const SPACE: Charset = [0x09, 0x0d, 0x20, 0x20];
export const ANY: Charset = [0, MAX_CODE_POINT];
export const NOT_NEWLINE: Charset = [0, 9, 11, MAX_CODE_POINT];

/** POSIX classes `[:alpha:]` of ASCII. */
export const POSIX: { readonly [name: string]: Charset } = {
  alnum: [0x30, 0x39, 0x41, 0x5a, 0x61, 0x7a],
  alpha: [0x41, 0x5a, 0x61, 0x7a],
  ascii: [0, 0x7f],
  blank: [9, 9, 32, 32],
  cntrl: [0, 31, 127, 127],
  digit: DIGIT,
  graph: [33, 126],
  lower: [0x61, 0x7a],
  print: [32, 126],
  punct: [33, 47, 58, 64, 91, 96, 123, 126],
  space: SPACE,
  upper: [0x41, 0x5a],
  word: WORD,
  xdigit: [0x30, 0x39, 0x41, 0x46, 0x61, 0x66],
};

const propertyCache = new Map<string, Charset>();

/** Code points of a Unicode property such as `L`, `Lu` or `Greek`; undefined when there is no such property. */
export function unicodeProperty(name: string): Charset | undefined {
  const cached = propertyCache.get(name);
  if (cached) return cached;
  if (!/^[A-Za-z_]{1,40}$/.test(name)) return undefined;
  let probe: RegExp;
  try {
    probe = new RegExp(`^\\p{${name}}$`, 'u');
  } catch {
    try {
      probe = new RegExp(`^\\p{Script=${name}}$`, 'u');
    } catch {
      return undefined;
    }
  }
  const ranges: number[] = [];
  let open = -1;
  for (let code = 0; code <= MAX_CODE_POINT + 1; code++) {
    const inside = code <= MAX_CODE_POINT && (code < 0xd800 || code > 0xdfff) && probe.test(String.fromCodePoint(code));
    if (inside && open < 0) open = code;
    if (!inside && open >= 0) {
      ranges.push(open, code - 1);
      open = -1;
    }
  }
  propertyCache.set(name, ranges);
  return ranges;
}

import { cutUtf8, FLAT_OBJECT_MAX_BYTES, utf8Bytes } from './cut.ts';
import { closingQuote, goQuotedToJson, lastQuoted } from './go-quote.ts';
import { detached, quoteJson } from './json-text.ts';

/** A key that occurred, with what is the same each time it occurs. */
export interface Key {
  readonly name: string;
  /** The key as JSON with its colon. */
  readonly json: string;
  /** The key as it stands in a line, with its equals sign. */
  readonly written: string;
  /** What a parser does with the key beyond keeping it; 0 for nothing. */
  readonly role: number;
  /** The key that followed it last: programs write the same keys in the same order, and a compare is cheaper than a look-up. */
  next: Key | undefined;
  /** Number of the line that it occurred in last: a second time in one line is a duplicate. */
  line: number;
}

/** What tells one format's pairs from another's. */
export interface PairOptions {
  readonly cache: KeyCache;
  readonly bareEnd: BareEnd;
  /** Pairs before this one are left out of `pairs.members`. */
  readonly from: number;
  /** Bits of the roles whose pairs are left out of `pairs.members`, because they have fields of their own. */
  readonly without: number;
}

/** How a bare value ends: at the next blank, or (klog's `%+v`) at a blank that a `word=` follows. */
export type BareEnd = 'blank' | 'key';

const MAX_CACHED_KEYS = 2_000;
const KEY = /^[^\s="\\]{1,200}$/;
const KV_TERM_BYTES = FLAT_OBJECT_MAX_BYTES - 2 * 3 - 1;
const MAX_PAIRS = 1_000;

/** Remembers keys: the same few hundred occur in all lines of a program. One per parser, as roles differ. */
export class KeyCache {
  readonly #keys = new Map<string, Key>();
  readonly #roles: { readonly [name: string]: number };
  /** What stands before a line's first key. */
  readonly start: Key = newKey('', 0);
  isFull = false;

  constructor(roles: { readonly [name: string]: number }) {
    this.#roles = roles;
  }

  /** The key of that name, or undefined where no logger writes such a key. */
  get(name: string): Key | undefined {
    const known = this.#keys.get(name);
    if (known) return known;
    if (!KEY.test(name)) return undefined;
    const own = detached(name);
    const key = newKey(own, Object.hasOwn(this.#roles, name) ? (this.#roles[name] ?? 0) : 0);
    if (this.#keys.size < MAX_CACHED_KEYS) this.#keys.set(own, key);
    else this.isFull = true;
    return key;
  }
}

function newKey(name: string, role: number): Key {
  return { name, json: `${quoteJson(name)}:`, written: `${name}=`, role, next: undefined, line: 0 };
}

/**
 * Pairs that `scanPairs` read last: `values` are JSON strings, `members` the text of an object of all pairs from `from` on. Reused, because a line's
 * own arrays would cost more than its parsing.
 */
export const pairs: { count: number; truncated: boolean; members: string; readonly keys: Key[]; readonly values: string[] } = {
  count: 0,
  truncated: false,
  members: '',
  keys: [],
  values: [],
};

let lineNumber = 0;

/**
 * Reads `key=value key="value" …` from `at` to the end of `text` into `pairs`; the first `from` pairs are left out of `members`. `isClean` says that the
 * text holds no control character. Returns whether all of it was such pairs.
 */
export function scanPairs(text: string, at: number, options: PairOptions, isClean: boolean): boolean {
  const { cache, bareEnd, from, without } = options;
  const size = text.length;
  const line = ++lineNumber;
  let i = at;
  let count = 0;
  let members = '';
  let hasDuplicates = false;
  let previous = cache.start;
  let escapeAt = text.indexOf('\\', at);
  pairs.count = 0;
  pairs.truncated = false;
  while (i < size) {
    const c = text.charCodeAt(i);
    if (c === 32 || c === 10 || c === 9 || c === 13) {
      i++;
      continue;
    }
    let key = previous.next;
    if (key === undefined || !text.startsWith(key.written, i)) {
      const equals = text.indexOf('=', i);
      if (equals < 0 || count === MAX_PAIRS || equals - i > 200) return false;
      key = cache.get(text.slice(i, equals));
      if (key === undefined) return false;
      previous.next = key;
    }
    previous = key;
    const start = i + key.written.length;
    const first = text.charCodeAt(start);
    let value: string;
    if (first === 34) {
      let close = text.indexOf('"', start + 1);
      if (escapeAt >= 0 && escapeAt < start) escapeAt = text.indexOf('\\', start);
      const isPlain = escapeAt < 0 || escapeAt > close;
      if (!isPlain) close = closingQuote(text, start);
      const next = text.charCodeAt(close + 1);
      if (close < 0 || (close + 1 < size && next !== 32 && next !== 10 && next !== 13 && next !== 9)) return false;
      value = isClean && (isPlain || lastQuoted.isJson) ? text.slice(start, close + 1) : goQuotedToJson(text, start, close);
      i = close + 1;
    } else if (first === 60 && bareEnd === 'key' && text.charCodeAt(start + 1) === 10) {
      const close = text.indexOf('\n >', start + 1);
      const end = close < 0 ? size : close;
      value = quoteJson(unindent(text.slice(start + 2, end)));
      i = close < 0 ? size : close + 3;
    } else {
      const end = bareEnd === 'blank' ? endAtBlank(text, start, isClean) : endAtKey(text, start);
      value = bareToJson(text, start, end, isClean);
      i = end;
    }
    if (value.length > 10_000) value = cutValue(key, value);
    pairs.keys[count] = key;
    pairs.values[count] = value;
    if (key.line === line) hasDuplicates = true;
    key.line = line;
    if (count++ >= from && (without & (1 << key.role)) === 0)
      members = members === '' ? key.json + value : `${members},${key.json}${value}`;
  }
  pairs.count = count;
  pairs.members = hasDuplicates || cache.isFull ? uniqueMembers(options) : members;
  return true;
}

/** Of a key that occurs twice the last value is kept: a flat_object with equal keys is refused. */
function uniqueMembers({ from, without }: PairOptions): string {
  const unique = new Map<string, string>();
  for (let k = from; k < pairs.count; k++) {
    const key = pairs.keys[k] as Key;
    if ((without & (1 << key.role)) === 0) unique.set(key.json, pairs.values[k] as string);
  }
  let members = '';
  for (const [key, value] of unique) members += (members === '' ? '' : ',') + key + value;
  return members;
}

function bareToJson(text: string, start: number, end: number, isClean: boolean): string {
  const bare = text.slice(start, end);
  return isClean && !bare.includes('"') && !bare.includes('\\') ? `"${bare}"` : quoteJson(bare);
}

function endAtBlank(text: string, start: number, isClean: boolean): number {
  if (isClean) {
    const blank = text.indexOf(' ', start);
    return blank < 0 ? text.length : blank;
  }
  let i = start;
  for (let c = text.charCodeAt(i); i < text.length && c !== 32 && c !== 10 && c !== 9 && c !== 13; c = text.charCodeAt(i)) i++;
  return i;
}

const NEXT_KEY = /[ \n][^\s="[\]{}()<>]{1,200}=/g;

/** JSON and `%+v` values hold blanks: a bracket is followed to its partner first, then the value goes on to the next ` word=`. */
function endAtKey(text: string, start: number): number {
  const first = text.charCodeAt(start);
  const from = first === 123 || first === 91 ? afterBrackets(text, start) : start;
  const blank = text.indexOf(' ', from);
  if (blank < 0 && !text.includes('\n', from)) return text.length;
  NEXT_KEY.lastIndex = from;
  const next = NEXT_KEY.exec(text);
  return next ? next.index : text.length;
}

/** Position after the bracket that closes the one at `start`, quoted text inside skipped; `start` where none does. */
function afterBrackets(text: string, start: number): number {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 34) {
      // By character: a search for the next backslash from each quote on would be quadratic.
      for (i++; i < text.length && text.charCodeAt(i) !== 34; i++) if (text.charCodeAt(i) === 92) i++;
    } else if (c === 123 || c === 91) depth++;
    else if ((c === 125 || c === 93) && --depth === 0) return i + 1;
  }
  return start;
}

function unindent(block: string): string {
  return block.replace(/^\t/gm, '');
}

function cutValue(key: Key, json: string): string {
  const value = JSON.parse(json) as string;
  const cut = cutUtf8(value, KV_TERM_BYTES - utf8Bytes(key.name));
  if (cut === value) return json;
  pairs.truncated = true;
  return quoteJson(cut);
}

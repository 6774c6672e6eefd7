import { cutUtf8, FLAT_OBJECT_MAX_BYTES, utf8Bytes } from './cut.ts';
import { closingQuote, goQuotedToJson } from './go-quote.ts';
import { quoteJson } from './json-text.ts';

/** A key that occurred, with what is the same each time it occurs. */
export interface Key {
  readonly name: string;
  /** The key as JSON with its colon. */
  readonly json: string;
  /** What a parser does with the key beyond keeping it; 0 for nothing. */
  readonly role: number;
}

/** How a bare value ends: at the next blank, or (klog's `%+v`) at a blank that a `word=` follows. */
export type BareEnd = 'blank' | 'key';

const MAX_CACHED_KEYS = 2_000;
const KEY = /^[^\s="\\]{1,200}$/;
const KV_TERM_BYTES = FLAT_OBJECT_MAX_BYTES - 2 * 3 - 1;

/** Remembers keys: the same few hundred occur in all lines of a program. One per parser, as roles differ. */
export class KeyCache {
  readonly #keys = new Map<string, Key>();
  readonly #roles: { readonly [name: string]: number };

  constructor(roles: { readonly [name: string]: number }) {
    this.#roles = roles;
  }

  /** The key of that name, or undefined where no logger writes such a key. */
  get(name: string): Key | undefined {
    const known = this.#keys.get(name);
    if (known) return known;
    if (!KEY.test(name)) return undefined;
    const role = Object.hasOwn(this.#roles, name) ? (this.#roles[name] ?? 0) : 0;
    const key: Key = { name, json: `${quoteJson(name)}:`, role };
    if (this.#keys.size < MAX_CACHED_KEYS) this.#keys.set(name, key);
    return key;
  }
}

/** Pairs that `scanPairs` read last: `values` are JSON strings. Reused, because a line's arrays would cost more than its parsing. */
export const pairs: { count: number; truncated: boolean; readonly keys: Key[]; readonly values: string[] } = {
  count: 0,
  truncated: false,
  keys: [],
  values: [],
};

const MAX_PAIRS = 1_000;

/**
 * Reads `key=value key="value" …` from `at` to the end of `text` into `pairs`. `isClean` says that the text holds no control character. Returns
 * whether all of it was such pairs.
 */
export function scanPairs(text: string, at: number, cache: KeyCache, bareEnd: BareEnd, isClean: boolean): boolean {
  const size = text.length;
  let i = at;
  let count = 0;
  pairs.count = 0;
  pairs.truncated = false;
  while (i < size) {
    const c = text.charCodeAt(i);
    if (c === 32 || c === 10 || c === 9 || c === 13) {
      i++;
      continue;
    }
    const equals = text.indexOf('=', i);
    if (equals < 0 || count === MAX_PAIRS) return false;
    const key = equals - i <= 200 ? cache.get(text.slice(i, equals)) : undefined;
    if (!key) return false;
    const start = equals + 1;
    const first = text.charCodeAt(start);
    let value: string;
    if (first === 34) {
      const close = closingQuote(text, start);
      const next = text.charCodeAt(close + 1);
      if (close < 0 || (close + 1 < size && next !== 32 && next !== 10 && next !== 13 && next !== 9)) return false;
      value = isClean && !hasEscape(text, start, close) ? text.slice(start, close + 1) : goQuotedToJson(text, start, close);
      i = close + 1;
    } else if (first === 60 && bareEnd === 'key' && text.charCodeAt(start + 1) === 10) {
      const close = text.indexOf('\n >', start + 1);
      const end = close < 0 ? size : close;
      value = quoteJson(unindent(text.slice(start + 2, end)));
      i = close < 0 ? size : close + 3;
    } else {
      const end = bareEnd === 'blank' ? endAtBlank(text, start) : endAtKey(text, start, cache);
      value = quoteJson(text.slice(start, end));
      i = end;
    }
    if (value.length > 10_000) value = cutValue(key, value);
    pairs.keys[count] = key;
    pairs.values[count] = value;
    count++;
  }
  pairs.count = count;
  return true;
}

/** The pairs read last as the text of an object without braces; of a key that occurs twice the last value is kept. */
export function pairsToMembers(from: number): string {
  const { keys, values, count } = pairs;
  let members = '';
  for (let k = from; k < count; k++) {
    const key = keys[k] as Key;
    let isLast = true;
    for (let later = k + 1; later < count; later++) if ((keys[later] as Key).name === key.name) isLast = false;
    if (isLast) members += (members === '' ? '' : ',') + key.json + (values[k] as string);
  }
  return members;
}

function hasEscape(text: string, start: number, close: number): boolean {
  const escaped = text.indexOf('\\', start);
  return escaped >= 0 && escaped < close;
}

function endAtBlank(text: string, start: number): number {
  let i = start;
  for (let c = text.charCodeAt(i); i < text.length && c !== 32 && c !== 10 && c !== 9; c = text.charCodeAt(i)) i++;
  return i;
}

const NEXT_KEY = /[ \n]+[^\s="[\]{}()<>]{1,200}=/g;

/** JSON and `%+v` values hold blanks: a bracket is followed to its partner first, then the value goes on to the next ` word=`. */
function endAtKey(text: string, start: number, _cache: KeyCache): number {
  const first = text.charCodeAt(start);
  const from = first === 123 || first === 91 ? afterBrackets(text, start) : start;
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
      i = closingQuote(text, i);
      if (i < 0) return start;
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

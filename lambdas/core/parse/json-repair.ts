import { cutUtf8, FLAT_OBJECT_MAX_BYTES, utf8Bytes } from './cut.ts';
import { MAX_DEPTH } from './json-scan.ts';
import { quoteJson, unquoteJson } from './json-text.ts';

/** Values of an object by key, as positions in its text; of keys that occur twice the last one counts, as in JSON.parse. */
export type Spans = Map<string, { readonly start: number; readonly end: number }>;

/** Jackson refuses names over 50,000 characters, Lucene a path over its term limit. */
const MAX_KEY_BYTES = 1_000;
const MAX_NUMBER_CHARS = 300;

/** Members of the object at `start` of `text`, which must be valid JSON (scanJson). */
export function objectSpans(text: string, start: number): Spans {
  const spans: Spans = new Map();
  let i = skipSpace(text, start) + 1;
  for (;;) {
    i = skipSpace(text, i);
    const c = text.charCodeAt(i);
    if (c === 125 || i >= text.length) return spans;
    if (c === 44) {
      i++;
      continue;
    }
    const keyEnd = skipString(text, i);
    const key = unquoteJson(text, i, keyEnd);
    const valueStart = skipSpace(text, skipSpace(text, keyEnd) + 1);
    i = skipValue(text, valueStart);
    // A later duplicate takes the earlier one's place, its position included.
    spans.set(key, { start: valueStart, end: i });
  }
}

/** Items of the list at `start` of `text`, which must be valid JSON. */
export function arraySpans(text: string, start: number): { readonly start: number; readonly end: number }[] {
  const items: { readonly start: number; readonly end: number }[] = [];
  let i = skipSpace(text, start) + 1;
  for (;;) {
    i = skipSpace(text, i);
    const c = text.charCodeAt(i);
    if (c === 93 || i >= text.length) return items;
    if (c === 44) {
      i++;
      continue;
    }
    const end = skipValue(text, i);
    items.push({ start: i, end });
    i = end;
  }
}

/** What a repair gives: JSON text that OpenSearch takes, and whether something was cut for it. */
export interface Repaired {
  readonly text: string;
  readonly truncated: boolean;
}

/**
 * Rewrites valid JSON text for a flat_object field: equal keys become one (the last), long leaves are cut, what is nested deeper than MAX_DEPTH
 * becomes text, long numbers become strings, half surrogates become U+FFFD. Numbers keep every digit. `field` is the field's full name; `key` is given
 * where the value is a member of it and not the whole.
 */
export function repairJson(text: string, start: number, field: string, key = ''): Repaired {
  const state: State = { text, at: start, termBytes: FLAT_OBJECT_MAX_BYTES - 2 * (utf8Bytes(field) + 1) - 1, truncated: false };
  const repaired = repairValue(state, 1, key === '' ? 0 : utf8Bytes(key) + 1);
  return { text: repaired, truncated: state.truncated };
}

interface State {
  readonly text: string;
  at: number;
  /** Bytes that path and value of one leaf may have together. */
  readonly termBytes: number;
  truncated: boolean;
}

function repairValue(state: State, depth: number, pathBytes: number): string {
  const { text } = state;
  state.at = skipSpace(text, state.at);
  const start = state.at;
  const c = text.charCodeAt(start);
  if (c === 123 || c === 91) {
    if (depth > MAX_DEPTH) {
      state.at = skipValue(text, start);
      state.truncated = true;
      return leaf(state, text.slice(start, state.at), pathBytes);
    }
    return c === 123 ? repairObject(state, depth, pathBytes) : repairArray(state, depth, pathBytes);
  }
  if (c === 34) {
    state.at = skipString(text, start);
    return leaf(state, unquoteJson(text, start, state.at), pathBytes);
  }
  state.at = skipScalar(text, start);
  const scalar = text.slice(start, state.at);
  return scalar.length > MAX_NUMBER_CHARS ? leaf(state, scalar, pathBytes) : scalar;
}

function leaf(state: State, value: string, pathBytes: number): string {
  const cut = cutUtf8(value, state.termBytes - pathBytes);
  if (cut !== value) state.truncated = true;
  return quoteJson(cut);
}

function repairObject(state: State, depth: number, pathBytes: number): string {
  const { text } = state;
  const members = new Map<string, string>();
  state.at++;
  for (;;) {
    state.at = skipSpace(text, state.at);
    const c = text.charCodeAt(state.at);
    if (c === 125) break;
    if (c === 44) {
      state.at++;
      continue;
    }
    const keyEnd = skipString(text, state.at);
    const key = shortKey(state, unquoteJson(text, state.at, keyEnd), pathBytes);
    state.at = skipSpace(text, keyEnd) + 1;
    members.set(key, repairValue(state, depth + 1, pathBytes + utf8Bytes(key) + 1));
  }
  state.at++;
  let joined = '';
  for (const [key, value] of members) joined += `${joined === '' ? '' : ','}${quoteJson(key)}:${value}`;
  return `{${joined}}`;
}

function repairArray(state: State, depth: number, pathBytes: number): string {
  const { text } = state;
  const items: string[] = [];
  state.at++;
  for (;;) {
    state.at = skipSpace(text, state.at);
    const c = text.charCodeAt(state.at);
    if (c === 93) break;
    if (c === 44) state.at++;
    else items.push(repairValue(state, depth + 1, pathBytes));
  }
  state.at++;
  return `[${items.join(',')}]`;
}

function shortKey(state: State, key: string, pathBytes: number): string {
  // 100 levels of full-length keys would pass the term limit alone: from half the room on, keys shrink.
  const room = Math.min(MAX_KEY_BYTES, Math.max(16, (state.termBytes >> 1) - pathBytes));
  const cut = cutUtf8(key, room);
  if (cut !== key) state.truncated = true;
  return cut.toWellFormed();
}

function skipSpace(text: string, at: number): number {
  let i = at;
  while (text.charCodeAt(i) <= 32) i++;
  return i;
}

/** Position after the string whose opening quote is at `at`. */
function skipString(text: string, at: number): number {
  let i = at + 1;
  for (let c = text.charCodeAt(i); c !== 34 && i < text.length; c = text.charCodeAt(i)) i += c === 92 ? 2 : 1;
  return i + 1;
}

function skipScalar(text: string, at: number): number {
  let i = at;
  for (let c = text.charCodeAt(i); c > 32 && c !== 44 && c !== 93 && c !== 125; c = text.charCodeAt(i)) i++;
  return i;
}

/** Position after the value at `at`; counts brackets instead of recursing, so depth does not matter. */
function skipValue(text: string, at: number): number {
  const first = text.charCodeAt(at);
  if (first === 34) return skipString(text, at);
  if (first !== 123 && first !== 91) return skipScalar(text, at);
  let depth = 0;
  let i = at;
  while (i < text.length) {
    const c = text.charCodeAt(i);
    if (c === 34) {
      i = skipString(text, i);
      continue;
    }
    i++;
    if (c === 123 || c === 91) depth++;
    else if ((c === 125 || c === 93) && --depth === 0) return i;
  }
  return i;
}

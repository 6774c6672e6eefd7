import { opensString, quotedEnd, singleQuotedEnd } from './quoted.ts';
import { MARK_START } from './rule-names.ts';
import { isSecretName, isWeakWord } from './secret-words.ts';

/** A part of a text that must go; `mark` is what JSON allows in its place where it is no text. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly literal?: string;
  /** A quoted value behind a name without quotes: in JSON its quotes may be those of the text around it. */
  readonly isLoose?: true;
}

const AFTER_NAME = /\d*(\\*["'])?[ \t]*(=>|[:=])[ \t]*/y;
const ENV_VALUE = /\d*(\\*)"\s*,\s*\1"value\1"\s*:\s*(?=\1")/y;
// Longer than any token; the bound keeps a text of nothing but names from being read again for each of them.
const BARE = /[^\s"'\\,;&<>(){}[\]]{1,8192}/y;
const BARE_START = /[^\s"'\\,;&<>(){}[\]]{1,128}/y;
const LITERAL = /(?:true|false|null)\b/y;
const NUMBER = /-?\d+(?:\.\d+)?(?=[\s,}\]])/y;
const OBJECT_REFERENCE = /^[a-z0-9.-]+\/[a-z0-9.-]+$/;

/** The secrets that the name ending at `nameEnd` gives a value to; empty where it gives none. */
export function assignedSpans(text: string, name: string, nameEnd: number): Span[] {
  const value = valueStart(text, nameEnd);
  if (value === undefined) return [];
  const { at, depth, isColon } = value;
  const quote = openingQuote(text, at);
  if (quote >= 0) {
    // A quoted name and its value are quoted alike; a quote behind a bare name may end the text around it.
    if (depth >= 0) return quote - at === depth ? quotedSpan(text, quote, /secret$/i.test(name)) : [];
    return opensString(text, quote) ? loose(quotedSpan(text, quote, /secret$/i.test(name))) : [];
  }
  const c = text.charCodeAt(at);
  if (c === 39) return loose(spanOf(text, at + 1, singleQuotedEnd(text, at)));
  if (c === 91) return listSpans(text, at + 1, depth);
  LITERAL.lastIndex = at;
  if (c === 123 || LITERAL.test(text)) return [];
  NUMBER.lastIndex = at;
  if (depth >= 0 && NUMBER.test(text)) return [{ start: at, end: NUMBER.lastIndex, literal: 'null' }];
  if (/pwd$/i.test(name) && c === 47) return [];
  // Its beginning decides, so that `token:token:token:…` is not read to its end from each of its names.
  if (isColon && depth < 0 && isWeakWord(name) && !looksRandom(matchAt(BARE_START, text, at))) return [];
  const bare = matchAt(BARE, text, at);
  if (bare === '') return [];
  const end = at + bare.length;
  if (/secret$/i.test(name) && OBJECT_REFERENCE.test(bare)) return [];
  return spanOf(text, at, end);
}

function matchAt(what: RegExp, text: string, at: number): string {
  what.lastIndex = at;
  return what.test(text) ? text.slice(at, what.lastIndex) : '';
}

interface ValueStart {
  readonly at: number;
  /** Backslashes before the quote that ends the name; -1 where it has none. */
  readonly depth: number;
  readonly isColon: boolean;
}

function valueStart(text: string, nameEnd: number): ValueStart | undefined {
  AFTER_NAME.lastIndex = nameEnd;
  const after = AFTER_NAME.exec(text);
  if (after) return { at: AFTER_NAME.lastIndex, depth: nameDepth(after[1]), isColon: after[2] === ':' };
  // An environment variable of a pod: {"name":"DB_PASSWORD","value":"…"}.
  ENV_VALUE.lastIndex = nameEnd;
  const variable = ENV_VALUE.exec(text);
  return variable ? { at: ENV_VALUE.lastIndex, depth: (variable[1] as string).length, isColon: true } : undefined;
}

/** Backslashes before the double quote that ends a name; -1 for a name without one. */
export function nameDepth(quote: string | undefined): number {
  return quote?.endsWith('"') ? quote.length - 1 : -1;
}

const VALUE_THEN_NAME = /(\\*)"\s*,\s*\1"name\1"\s*:\s*\1"([^"\\]{1,256})\1"/y;

/** The same variable with its members the other way round: {"value":"…","name":"DB_PASSWORD"}; `at` is where the value's quote or its backslashes are. */
export function valueBeforeName(text: string, at: number): Span[] {
  const quote = openingQuote(text, at);
  if (quote < 0) return [];
  const end = quotedEnd(text, quote);
  VALUE_THEN_NAME.lastIndex = end;
  const after = VALUE_THEN_NAME.exec(text);
  if (after === null || (after[1] as string).length !== quote - at) return [];
  return isSecretName(after[2] as string) ? spanOf(text, quote + 1, end) : [];
}

/** Position of the double quote that opens at `at`, after backslashes of nested JSON; -1 where none does. */
function openingQuote(text: string, at: number): number {
  let i = at;
  while (text.charCodeAt(i) === 92) i++;
  return text.charCodeAt(i) === 34 ? i : -1;
}

function quotedSpan(text: string, quote: number, mayBeReference: boolean): Span[] {
  const end = quotedEnd(text, quote);
  // klog writes secret="namespace/name": the name of an object, not what is in it.
  if (mayBeReference && OBJECT_REFERENCE.test(text.slice(quote + 1, end))) return [];
  return spanOf(text, quote + 1, end);
}

/** Every string of a list, `["…","…"]`, whose quotes have `depth` backslashes. */
function listSpans(text: string, from: number, depth: number): Span[] {
  const spans: Span[] = [];
  for (let i = from; ; ) {
    while (/[\s,]/.test(text.charAt(i))) i++;
    const quote = openingQuote(text, i);
    if (quote < 0 || quote - i !== depth) return spans;
    const end = quotedEnd(text, quote);
    spans.push(...spanOf(text, quote + 1, end));
    i = afterQuote(text, end, depth);
    if (i < 0) return spans;
  }
}

/** Strings that are members of the object which opens before `from`, until it closes, with quotes of `depth` backslashes: the data of a Secret. */
export function memberSpans(text: string, from: number, depth: number): Span[] {
  const spans: Span[] = [];
  for (let i = from; ; ) {
    while (/[\s,]/.test(text.charAt(i))) i++;
    const key = openingQuote(text, i);
    if (key < 0 || key - i !== depth) return spans;
    i = afterQuote(text, quotedEnd(text, key), depth);
    if (i < 0) return spans;
    while (/\s/.test(text.charAt(i))) i++;
    if (text.charCodeAt(i) !== 58) return spans;
    i++;
    while (/\s/.test(text.charAt(i))) i++;
    const value = openingQuote(text, i);
    if (value < 0 || value - i !== depth) return spans;
    const end = quotedEnd(text, value);
    spans.push(...spanOf(text, value + 1, end));
    i = afterQuote(text, end, depth);
    if (i < 0) return spans;
  }
}

/** Position behind the closing quote of a string whose value ends at `end`; -1 where it is not closed by one of its own depth. */
function afterQuote(text: string, end: number, depth: number): number {
  const quote = openingQuote(text, end);
  return quote - end === depth ? quote + 1 : -1;
}

/** Marks spans whose ends only plain text makes certain. */
export function loose(spans: readonly Span[]): Span[] {
  return spans.map((span) => ({ ...span, isLoose: true }));
}

function spanOf(text: string, start: number, end: number): Span[] {
  return end <= start || text.startsWith(MARK_START, start) ? [] : [{ start, end }];
}

function looksRandom(word: string): boolean {
  return word.length >= 12 && /\d/.test(word) && /[A-Za-z]/.test(word);
}

import { quotedEnd, singleQuotedEnd } from './quoted.ts';
import { MARK_START } from './rule-names.ts';
import { isSecretName, isWeakWord } from './secret-words.ts';

/** A part of a text that must go; `mark` is what JSON allows in its place where it is no text. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly literal?: string;
}

const AFTER_NAME = /\d*(\\*["'])?[ \t]*(=>|[:=])[ \t]*/y;
const ENV_VALUE = /\d*\\*"\s*,\s*\\*"value\\*"\s*:\s*(?=\\*")/y;
const BARE = /[^\s"'\\,;&<>(){}[\]]+/y;
const LITERAL = /(?:true|false|null)\b/y;
const NUMBER = /-?\d+(?:\.\d+)?(?=[\s,}\]])/y;
const OBJECT_REFERENCE = /^[a-z0-9.-]+\/[a-z0-9.-]+$/;

/** The secrets that the name ending at `nameEnd` gives a value to; empty where it gives none. */
export function assignedSpans(text: string, name: string, nameEnd: number): Span[] {
  const value = valueStart(text, nameEnd);
  if (value === undefined) return [];
  const { at, isQuotedName, isColon } = value;
  const quote = openingQuote(text, at);
  if (quote >= 0) return quotedSpan(text, quote, /secret$/i.test(name));
  const c = text.charCodeAt(at);
  if (c === 39) return spanOf(text, at + 1, singleQuotedEnd(text, at));
  if (c === 91) return listSpans(text, at + 1);
  LITERAL.lastIndex = at;
  if (c === 123 || LITERAL.test(text)) return [];
  NUMBER.lastIndex = at;
  if (isQuotedName && NUMBER.test(text)) return [{ start: at, end: NUMBER.lastIndex, literal: 'null' }];
  BARE.lastIndex = at;
  if (!BARE.test(text)) return [];
  const end = BARE.lastIndex;
  const bare = text.slice(at, end);
  if (/pwd$/i.test(name) && c === 47) return [];
  if (isColon && !isQuotedName && isWeakWord(name) && !looksRandom(bare)) return [];
  if (/secret$/i.test(name) && OBJECT_REFERENCE.test(bare)) return [];
  return spanOf(text, at, end);
}

function valueStart(
  text: string,
  nameEnd: number,
): { readonly at: number; readonly isQuotedName: boolean; readonly isColon: boolean } | undefined {
  AFTER_NAME.lastIndex = nameEnd;
  const after = AFTER_NAME.exec(text);
  if (after) return { at: AFTER_NAME.lastIndex, isQuotedName: after[1] !== undefined, isColon: after[2] === ':' };
  // An environment variable of a pod: {"name":"DB_PASSWORD","value":"…"}.
  ENV_VALUE.lastIndex = nameEnd;
  return ENV_VALUE.test(text) ? { at: ENV_VALUE.lastIndex, isQuotedName: true, isColon: true } : undefined;
}

const VALUE_THEN_NAME = /\\*"\s*,\s*\\*"name\\*"\s*:\s*\\*"([^"\\]{1,256})\\*"/y;

/** The same variable with its members the other way round: {"value":"…","name":"DB_PASSWORD"}; `at` is where the value's quote or its backslashes are. */
export function valueBeforeName(text: string, at: number): Span[] {
  const quote = openingQuote(text, at);
  if (quote < 0) return [];
  const end = quotedEnd(text, quote);
  VALUE_THEN_NAME.lastIndex = end;
  const name = VALUE_THEN_NAME.exec(text)?.[1];
  return name !== undefined && isSecretName(name) ? spanOf(text, quote + 1, end) : [];
}

/** Position of the double quote that opens at `at`, after backslashes of nested JSON; -1 where none does. */
export function openingQuote(text: string, at: number): number {
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

/** Every string of a list, `["…","…"]`, at any level of nesting in JSON strings. */
function listSpans(text: string, from: number): Span[] {
  const spans: Span[] = [];
  let i = from;
  for (;;) {
    while (/[\s,]/.test(text.charAt(i))) i++;
    const quote = openingQuote(text, i);
    if (quote < 0) return spans;
    const end = quotedEnd(text, quote);
    spans.push(...spanOf(text, quote + 1, end));
    i = text.indexOf('"', end) + 1;
    if (i === 0) return spans;
  }
}

/** Strings that are members of the object which opens before `from`, until it closes: the data of a Secret. */
export function memberSpans(text: string, from: number): Span[] {
  const spans: Span[] = [];
  let i = from;
  for (;;) {
    while (/[\s,]/.test(text.charAt(i))) i++;
    const key = openingQuote(text, i);
    if (key < 0) return spans;
    i = text.indexOf('"', quotedEnd(text, key)) + 1;
    while (/\s/.test(text.charAt(i))) i++;
    if (i === 0 || text.charCodeAt(i) !== 58) return spans;
    i++;
    while (/\s/.test(text.charAt(i))) i++;
    const value = openingQuote(text, i);
    if (value < 0) return spans;
    const end = quotedEnd(text, value);
    spans.push(...spanOf(text, value + 1, end));
    i = text.indexOf('"', end) + 1;
    if (i === 0) return spans;
  }
}

function spanOf(text: string, start: number, end: number): Span[] {
  return end <= start || text.startsWith(MARK_START, start) ? [] : [{ start, end }];
}

function looksRandom(word: string): boolean {
  return word.length >= 12 && /\d/.test(word) && /[A-Za-z]/.test(word);
}

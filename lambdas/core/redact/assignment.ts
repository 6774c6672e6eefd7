import { isBasicCredentials } from './basic-credentials.ts';
import type { Findings } from './findings.ts';
import { readsAsProse } from './prose.ts';
import { openingQuote, quotedEnd, singleQuotedEnd } from './quoted.ts';
import { MARK_START } from './rule-names.ts';
import { isObjectName, isObjectReference, looksRandom, type SecretName } from './secret-words.ts';
import { matchAt } from './sticky.ts';
import { takeInside } from './values.ts';
import { takeBlockScalar } from './yaml-block.ts';

// Longer than any token; the bound keeps a text of nothing but names from being read again for each of them.
const BARE = /[^\s"'\\,;&<>(){}[\]]{1,8192}/y;
const BARE_START = /[^\s"'\\,;&<>(){}[\]]{1,128}/y;
const LITERAL = /(?:true|false|null)\b/y;
const NUMBER = /-?\d+(?:\.\d+)?(?=[\s,}\]])/y;

/** Where the value of a name starts. */
export interface ValueStart {
  readonly at: number;
  /** Backslashes before the quote that ends the name; -1 where it has none. */
  readonly depth: number;
  readonly isColon: boolean;
}

/** The start of the value that the name ending at `nameEnd` gets by `:`, `=` or `=>`. */
export function valueStart(text: string, nameEnd: number): ValueStart | undefined {
  let i = nameEnd;
  while (text.charCodeAt(i) >= 48 && text.charCodeAt(i) <= 57) i++;
  let depth = -1;
  let quote = i;
  while (text.charCodeAt(quote) === 92) quote++;
  const c = text.charCodeAt(quote);
  if (c === 34 || c === 39) {
    if (c === 34) depth = quote - i;
    i = quote + 1;
  }
  i = afterBlanks(text, i, depth >= 0);
  const separator = text.charCodeAt(i);
  if (separator !== 58 && separator !== 61) return undefined;
  i += separator === 61 && text.charCodeAt(i + 1) === 62 ? 2 : 1;
  return { at: afterBlanks(text, i, depth >= 0), depth, isColon: separator === 58 };
}

/** JSON may break its lines beside a colon; inside of a string of JSON the break is an escape. */
const JSON_BLANKS = /(?:\s|\\+[nrt])*/y;

function afterBlanks(text: string, at: number, isJson: boolean): number {
  let i = at;
  while (text.charCodeAt(i) === 32 || text.charCodeAt(i) === 9) i++;
  if (!isJson || (text.charCodeAt(i) > 13 && text.charCodeAt(i) !== 92)) return i;
  JSON_BLANKS.lastIndex = i;
  return JSON_BLANKS.test(text) ? JSON_BLANKS.lastIndex : i;
}

/** Takes the secrets that a name, which ends at `nameEnd`, gives a value to by `:` or `=`; returns whether it does. */
export function takeAssigned(findings: Findings, name: SecretName, nameEnd: number): boolean {
  const value = valueStart(findings.text, nameEnd);
  if (value !== undefined) takeValue(findings, name, value);
  return value !== undefined;
}

/**
 * Takes the value of a secret name: a text in quotes, all texts of an object or list, a number, or a bare word. A quoted name and its value are quoted
 * alike; a quote behind a bare name may end the text around it.
 */
export function takeValue(findings: Findings, name: SecretName, value: ValueStart): void {
  const { text } = findings;
  const { at, depth } = value;
  const { rule } = name;
  const quote = openingQuote(text, at);
  if (quote >= 0) {
    if (depth >= 0 ? quote - at !== depth : findings.isStrict || !findings.opensString(quote)) return;
    const end = quotedEnd(text, quote);
    if (!isHarmlessText(name, text, quote + 1, end)) findings.add(rule, quote + 1, end, depth < 0);
    return;
  }
  const c = text.charCodeAt(at);
  if (c === 39) findings.add(rule, at + 1, singleQuotedEnd(text, at), true);
  else if (c === 123 || c === 91) takeStructure(findings, name, value);
  else takeBare(findings, name, value);
}

function takeStructure(findings: Findings, name: SecretName, { at, depth, isColon }: ValueStart): void {
  const { rule } = name;
  const isHarmless = name.namesObjects ? isObjectName : undefined;
  const isLoose = depth < 0;
  if (isLoose && findings.isStrict) return;
  if (isLoose && !isColon && findings.text.charCodeAt(at) === 91 && !findings.text.startsWith(MARK_START, at)) {
    // `{password=[hunter2]}`, as Java prints a map.
    const word = matchAt(BARE, findings.text, at + 1);
    findings.add(rule, at + 1, at + 1 + word.length);
    if (word !== '') return;
  }
  takeInside(findings, at, {
    rule,
    keepsDescriptions: true,
    isLoose,
    ...(isLoose ? {} : { depth }),
    ...(isHarmless === undefined ? {} : { isHarmless }),
  });
}

function takeBare(findings: Findings, name: SecretName, { at, depth, isColon }: ValueStart): void {
  const { text } = findings;
  const { rule } = name;
  LITERAL.lastIndex = at;
  if (LITERAL.test(text)) return;
  NUMBER.lastIndex = at;
  if (depth >= 0 && NUMBER.test(text)) {
    if (!name.isPlural) findings.addNumber(rule, at, NUMBER.lastIndex);
    return;
  }
  if (name.mayBePath && text.charCodeAt(at) === 47) return;
  if (isColon && takeBlockScalar(findings, rule, at)) return;
  // Its beginning decides, so that `token:token:token:…` is not read to its end from each of its names.
  const start = matchAt(BARE_START, text, at);
  if (start === '' || (name.isPlural && !looksRandom(start))) return;
  if (isColon && depth < 0 && (name.isWeak ? !looksRandom(start) : readsAsProse(text, start, at + start.length))) return;
  const bare = start.length < 128 ? start : matchAt(BARE, text, at);
  if (name.namesObjects && isObjectReference(bare)) return;
  findings.add(rule, at, at + bare.length);
}

/** What stands in quotes behind a secret name and may be read: klog's `secret="namespace/name"`, a flag that is on or off, and `"prompt_tokens":"512"`. */
function isHarmlessText(name: SecretName, text: string, start: number, end: number): boolean {
  if (name.namesObjects && isObjectReference(text.slice(start, end))) return true;
  const first = text.charCodeAt(start) | 32;
  if ((first === 116 || first === 102) && /^(?:true|false)$/i.test(text.slice(start, Math.min(end, start + 6)))) return true;
  return name.isPlural && /^\d*$/.test(text.slice(start, Math.min(end, start + 20)));
}

/** Takes `"auth":"dXNlcjpwYXNz"`, as `.dockerconfigjson` has it: a user and a password in base64. */
export function takeDockerAuth(findings: Findings, nameEnd: number): void {
  const value = valueStart(findings.text, nameEnd);
  if (value === undefined || value.depth < 0) return;
  const quote = openingQuote(findings.text, value.at);
  if (quote < 0 || quote - value.at !== value.depth) return;
  const end = quotedEnd(findings.text, quote);
  if (isBasicCredentials(findings.text.slice(quote + 1, end))) findings.add('passwordAssignment', quote + 1, end);
}

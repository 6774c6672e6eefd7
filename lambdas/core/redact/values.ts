import type { Findings } from './findings.ts';
import { afterQuote, openingQuote, quotedEnd } from './quoted.ts';
import type { BuiltinRule } from './rule-names.ts';

/** Members that describe a secret, name it or say where it is: in `"password":{"name":"db","key":"pw"}` nothing is one. */
const DESCRIBING = new Set(
  (
    'name namespace kind type description format pattern enum required default example title label ref $ref apiVersion apiGroup group uid resourceVersion ' +
    'creationTimestamp key keys path fieldPath mode items secretName configMapName audience audiences issuer scope scopes expires expiry expiration ' +
    'expirationSeconds username user login email role roles region provider version status reason message url host method'
  ).split(' '),
);
/** Members whose own members describe too. */
const DESCRIPTIONS = new Set([
  'metadata',
  'labels',
  'annotations',
  'properties',
  'secretKeyRef',
  'configMapKeyRef',
  'valueFrom',
  'managedFields',
]);
/** Members whose number is the secret. */
const VALUES = new Set(['value', 'plain', 'plainText', 'plaintext', 'text', 'raw', 'secret', 'password']);

const SPACE = /[\s,]*/y;
const COLON = /\s*:\s*/y;
const LITERAL = /[\w.+-]+/y;

/** What a walk takes. */
export interface Taking {
  readonly rule: BuiltinRule;
  /** Backslashes before the quotes of names and texts; undefined takes those of the first. */
  readonly depth?: number;
  /** Whether members that only describe are left. False in the data of a Secret, where any name is the user's. */
  readonly keepsDescriptions: boolean;
  /** Texts that are left. */
  readonly isHarmless?: (text: string) => boolean;
  readonly isLoose?: boolean;
}

/**
 * Takes the texts inside the object or list that opens at `at`, at any depth, until it closes or is no JSON any more; names of members stay. An object
 * inside of one that was walked was taken with it, so a text of nothing but `{"password":{` is walked once.
 */
export function takeInside(findings: Findings, at: number, taking: Taking): void {
  const { text } = findings;
  const { rule, keepsDescriptions, isHarmless, isLoose = false } = taking;
  if (at < (isLoose ? findings.looselyWalkedTo : findings.walkedTo)) return;
  let { depth } = taking;
  const { resume } = findings;
  let level = 0;
  /** Level below which everything describes. */
  let describedFrom = Number.POSITIVE_INFINITY;
  let name = '';
  let i = at;
  for (;;) {
    i = after(SPACE, text, i);
    const c = text.charCodeAt(i);
    if (c === 123 || c === 91) {
      if (keepsDescriptions && DESCRIPTIONS.has(name)) describedFrom = Math.min(describedFrom, level);
      if (c === 123) name = '';
      level++;
      i++;
      continue;
    }
    if (c === 125 || c === 93) {
      level--;
      i++;
      name = '';
      if (level <= describedFrom) describedFrom = Number.POSITIVE_INFINITY;
      if (level <= 0) break;
      continue;
    }
    const quote = openingQuote(text, i);
    if (quote < 0) {
      const end = after(LITERAL, text, i);
      if (end === i) break;
      if (VALUES.has(name) && /[\d-]/.test(text.charAt(i)) && depth !== undefined) findings.addNumber(rule, i, end, isLoose);
      i = end;
      continue;
    }
    depth ??= quote - i;
    if (quote - i !== depth) break;
    const end = quotedEnd(text, quote);
    const behind = afterQuote(text, end, depth);
    const value = behind < 0 ? -1 : colonEnd(text, behind);
    if (value >= 0) {
      name = text.slice(quote + 1, Math.min(end, quote + 65));
      i = value;
      continue;
    }
    const isDescribed = keepsDescriptions && (level > describedFrom || DESCRIBING.has(name));
    if (!isDescribed && !isHarmless?.(text.slice(quote + 1, end))) findings.add(rule, quote + 1, end, isLoose);
    if (behind < 0) {
      i = end;
      break;
    }
    i = behind;
  }
  // What was left in there is searched like any other text.
  findings.resume = resume;
  if (isLoose) findings.looselyWalkedTo = i;
  else findings.walkedTo = i;
}

function after(what: RegExp, text: string, at: number): number {
  what.lastIndex = at;
  return what.test(text) ? what.lastIndex : at;
}

/** Position behind a colon; -1 where there is none. */
function colonEnd(text: string, at: number): number {
  COLON.lastIndex = at;
  return COLON.test(text) ? COLON.lastIndex : -1;
}

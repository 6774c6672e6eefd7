import { assignedSpans, memberSpans, type Span, valueBeforeName } from './assignment.ts';
import { headerSpans } from './header.ts';
import { privateKeySpan } from './private-key.ts';
import { type BuiltinRule, MARK_START } from './rule-names.ts';
import { isSecretName, ruleOfName } from './secret-words.ts';

/** A secret that was found, and the rule that says so. */
export interface Found extends Span {
  readonly rule: BuiltinRule;
}

const KEY_ID = /(?<![A-Za-z0-9])A[KS]IA[A-Z0-9]{12,124}(?![A-Za-z0-9])/y;
const BEARER = /bearer[ \t]+([A-Za-z0-9._~+/-]{16,}=*)/iy;
const BEARER_WORDS = ['Bearer ', 'bearer ', 'BEARER '] as const;
const SECRET_OBJECT = /\\*"kind\\*"\s*:\s*\\*"Secret\\*"|\\*"resource\\*"\s*:\s*\\*"secrets\\*"|\\*"name\\*"\s*:\s*\\*"aws-auth\\*"/;

/**
 * Finds what could be a secret. This runs on every event, so it is built on `indexOf`, which compares many characters at once: fixed texts with a rare
 * first letter, and `:` and `=` with a look at the letters before them. One regular expression for all of it took ten times as long (docs/performance.md).
 */
export function findSecrets(text: string): Found[] | undefined {
  const found = searchAssignments(text, '=', findFixed(text, undefined));
  return searchAssignments(text, ':', found);
}

/** Looks at every separator, but not at those inside a value that was just found: it may hold as many as it likes. */
function searchAssignments(text: string, separator: string, before: Found[] | undefined): Found[] | undefined {
  let found = before;
  for (let at = text.indexOf(separator); at >= 0; ) {
    const count = found?.length ?? 0;
    found = atSeparator(text, at, found);
    const last = found !== undefined && found.length > count ? found.at(-1) : undefined;
    at = text.indexOf(separator, Math.max(at + 1, last?.end ?? 0));
  }
  return found;
}

/** Any of the fixed texts but `@`. Short lines are searched once with this instead of once for each; long ones take the same time. */
const ANY_FIXED = /A[KS]IA|eyJ|VATE KEY|[Bb]earer |BEARER /;

function findFixed(text: string, before: Found[] | undefined): Found[] | undefined {
  let found = before;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) found = urlPassword(found, text, at);
  return ANY_FIXED.test(text) ? findEachFixed(text, found) : found;
}

function findEachFixed(text: string, before: Found[] | undefined): Found[] | undefined {
  let found = before;
  // `AKIA` and `ASIA` at once.
  for (let at = text.indexOf('IA'); at >= 0; at = text.indexOf('IA', at + 2)) found = keyId(found, text, at - 2);
  for (let at = text.indexOf('yJ'); at >= 0; at = text.indexOf('yJ', at)) {
    const end = tokenEnd(text, at - 1);
    if (end < 0) at = wordEnd(text, at);
    else {
      found = and(found, { rule: 'jwt', start: at - 1, end });
      at = end;
    }
  }
  for (let at = text.indexOf('VATE KEY'); at >= 0; at = text.indexOf('VATE KEY', at + 8)) {
    const key = privateKeySpan(text, at);
    if (key !== undefined) found = and(found, { rule: 'privateKey', ...key });
  }
  for (const word of BEARER_WORDS) {
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 7)) found = bearer(found, text, at);
  }
  return found;
}

function keyId(found: Found[] | undefined, text: string, at: number): Found[] | undefined {
  if (at < 0 || text.charCodeAt(at) !== 65) return found;
  KEY_ID.lastIndex = at;
  return KEY_ID.test(text) ? and(found, { rule: 'awsAccessKeyId', start: at, end: KEY_ID.lastIndex }) : found;
}

const WORD_END = /[^\w-]|$/g;

/** Position of the first character from `at` on that no base64url text holds. */
function wordEnd(text: string, at: number): number {
  WORD_END.lastIndex = at;
  return WORD_END.exec(text)?.index ?? text.length;
}

/** End of the JWT or JWE at `start`: `eyJ…`, a dot, a second part, and up to three more; -1 where there is none. */
function tokenEnd(text: string, start: number): number {
  if (text.charCodeAt(start) !== 101) return -1;
  const head = wordEnd(text, start);
  if (head - start < 11 || text.charCodeAt(head) !== 46) return -1;
  let end = wordEnd(text, head + 1);
  if (end - head < 9) return -1;
  for (let part = 0; part < 3 && text.charCodeAt(end) === 46; part++) end = wordEnd(text, end + 1);
  return end;
}

/** The password of `scheme://user:password@host`, whose `@` is at `at`. */
function urlPassword(found: Found[] | undefined, text: string, at: number): Found[] | undefined {
  let i = at - 1;
  let colon = -1;
  for (let c = text.charCodeAt(i); at - i < MAX_CREDENTIALS && isCredentialCharacter(c); c = text.charCodeAt(--i)) if (c === 58) colon = i;
  if (colon < 0 || colon === at - 1 || !text.startsWith('://', i - 2) || text.startsWith(MARK_START, colon + 1)) return found;
  return and(found, { rule: 'passwordAssignment', start: colon + 1, end: at });
}

const MAX_CREDENTIALS = 1_300;

/** Neither blank, quote, backslash, angle bracket, slash nor another `@`: what ends the user part of an address, and the JSON string around it. */
function isCredentialCharacter(c: number): boolean {
  return c > 32 && c !== 34 && c !== 39 && c !== 47 && c !== 60 && c !== 62 && c !== 64 && c !== 92;
}

function bearer(found: Found[] | undefined, text: string, at: number): Found[] | undefined {
  BEARER.lastIndex = at;
  const token = BEARER.exec(text)?.[1];
  if (token === undefined) return found;
  return and(found, { rule: 'authorizationHeader', start: BEARER.lastIndex - token.length, end: BEARER.lastIndex });
}

/** Three letters as one number of 15 bits, whatever their case; a few other characters look like letters, which costs a closer look. */
function packed(a: number, b: number, c: number): number {
  return ((a & 31) << 10) | ((b & 31) << 5) | (c & 31);
}
function tail(word: string): number {
  return packed(word.charCodeAt(0), word.charCodeAt(1), word.charCodeAt(2));
}

// Last three letters of the names that could mean something; what passes is looked at with care.
const TAILS = new Uint8Array(1 << 15);
for (const word of ['ord', 'swd', 'ase', 'ass', 'pwd', 'ret', 'ken', 'ial', 'als', 'key', 'yid', '_id', '-id', 'ion', 'lue', 'ata'])
  TAILS[tail(word)] = 1;
const LAST_LETTERS = new Uint8Array(128);
for (const letter of 'desntlaydDESNTLAY') LAST_LETTERS[letter.charCodeAt(0)] = 1;

const ION = tail('ion');
const ATA = tail('ata');
const LUE = tail('lue');
const ZAT = tail('zat');
const ETA = tail('eta');

/**
 * Names that end alike and occur in every audit event: `apiVersion` is no `authorization`, `metadata` neither `data` nor `stringData`, and `value` must
 * be the whole name. `at` is the name's last letter.
 */
function isHarmless(text: string, at: number, ending: number): boolean {
  if (ending === ION) return packed(text.charCodeAt(at - 5), text.charCodeAt(at - 4), text.charCodeAt(at - 3)) !== ZAT;
  if (ending === ATA) return packed(text.charCodeAt(at - 6), text.charCodeAt(at - 5), text.charCodeAt(at - 4)) === ETA;
  return ending === LUE && !isQuote(text.charCodeAt(at - 5));
}

function isQuote(c: number): boolean {
  return c === 34 || c === 39;
}

/** What the name before a `:` or `=` gives away. */
function atSeparator(text: string, separator: number, found: Found[] | undefined): Found[] | undefined {
  let at = separator - 1;
  let c = text.charCodeAt(at);
  while (c === 32 || c === 9) c = text.charCodeAt(--at);
  const isQuoted = c === 34 || c === 39;
  if (isQuoted) {
    c = text.charCodeAt(--at);
    while (c === 92) c = text.charCodeAt(--at);
  }
  while (c >= 48 && c <= 57) c = text.charCodeAt(--at);
  if (!(c < 128) || LAST_LETTERS[c] === 0) return found;
  const ending = packed(text.charCodeAt(at - 2), text.charCodeAt(at - 1), c);
  if (TAILS[ending] === 0 || isHarmless(text, at, ending)) return found;
  return atName(text, at + 1, separator, isQuoted, found);
}

function atName(text: string, nameEnd: number, separator: number, isQuoted: boolean, found: Found[] | undefined): Found[] | undefined {
  const name = nameBefore(text, nameEnd);
  if (isQuoted && name === 'value') return envValue(text, nameEnd - 5, separator, found);
  if (isQuoted && (name === 'data' || name === 'stringData')) {
    const brace = afterBlanks(text, separator + 1);
    if (text.charCodeAt(brace) !== 123 || !holdsSecretObject(text)) return found;
    return and(found, ...withRule('passwordAssignment', memberSpans(text, brace + 1, backslashesAfter(text, nameEnd))));
  }
  if (/authorization$/i.test(name)) return and(found, ...withRule('authorizationHeader', headerSpans(text, nameEnd)));
  return isSecretName(name) ? and(found, ...withRule(ruleOfName(name), assignedSpans(text, name, nameEnd))) : found;
}

function backslashesAfter(text: string, at: number): number {
  let i = at;
  while (text.charCodeAt(i) === 92) i++;
  return i - at;
}

const lastAsked = { text: '', answer: false };

/** Whether a Secret, or the aws-auth map, is in the text; asked once per text however many `data` it has. */
function holdsSecretObject(text: string): boolean {
  if (lastAsked.text !== text) {
    lastAsked.text = text;
    lastAsked.answer = SECRET_OBJECT.test(text);
  }
  return lastAsked.answer;
}

/** A variable of a container, {"name":"DB_PASSWORD","value":"…"}, in either order; `at` is where the word `value` starts. */
function envValue(text: string, at: number, separator: number, found: Found[] | undefined): Found[] | undefined {
  let i = at - 1;
  while (text.charCodeAt(i) === 34 || text.charCodeAt(i) === 92) i--;
  while (text.charCodeAt(i) <= 32) i--;
  if (text.charCodeAt(i) === 44) {
    i--;
    while (text.charCodeAt(i) === 34 || text.charCodeAt(i) === 92) i--;
    const name = nameBefore(text, i + 1);
    if (isSecretName(name)) return and(found, ...withRule(ruleOfName(name), assignedSpans(text, name, i + 1)));
  }
  return and(found, ...withRule('passwordAssignment', valueBeforeName(text, afterBlanks(text, separator + 1))));
}

/** The name that ends at `end`, as far as it decides anything: 64 characters at most. */
function nameBefore(text: string, end: number): string {
  let start = end;
  for (let c = text.charCodeAt(start - 1); end - start < 64 && isNameCharacter(c); c = text.charCodeAt(start - 1)) start--;
  return text.slice(start, end);
}

function isNameCharacter(c: number): boolean {
  const lower = c | 32;
  return (lower >= 97 && lower <= 122) || (c >= 48 && c <= 57) || c === 95 || c === 45 || c === 46;
}

function afterBlanks(text: string, at: number): number {
  let i = at;
  while (text.charCodeAt(i) <= 32) i++;
  return i;
}

function withRule(rule: BuiltinRule, spans: readonly Span[]): Found[] {
  return spans.map((span) => ({ ...span, rule }));
}

function and(found: Found[] | undefined, ...more: readonly Found[]): Found[] | undefined {
  if (more.length === 0) return found;
  if (found === undefined) return [...more];
  found.push(...more);
  return found;
}

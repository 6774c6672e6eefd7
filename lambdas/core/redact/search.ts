import { assignedSpans, memberSpans, type Span, valueBeforeName } from './assignment.ts';
import { headerSpans } from './header.ts';
import { type BuiltinRule, MARK_START } from './rule-names.ts';
import { isSecretName, ruleOfName } from './secret-words.ts';

/** A secret that was found, and the rule that says so. */
export interface Found extends Span {
  readonly rule: BuiltinRule;
}

const KEY_ID = /(?<![A-Za-z0-9])A[KS]IA[A-Z0-9]{12,124}(?![A-Za-z0-9])/y;
const JWT = /eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*){0,3}/y;
const PEM = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/y;
/** Bodies of keys: base64 lines whose breaks may be escaped at any level. A cut end is the end of what looks like a key. */
const PEM_BODY =
  /(?:[A-Za-z0-9+/=:,.\- \t\r\n]|\\+[nrt])*?-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|(?:[A-Za-z0-9+/= \t\r\n]|\\+[nrt])*/y;
const URL_PASSWORD = /:\/\/[^\s/:@"'\\<>]{0,256}:([^\s/@"'\\<>]{1,1024})$/;
const BEARER = /bearer[ \t]+([A-Za-z0-9._~+/-]{16,}=*)/iy;
const SECRET_OBJECT = /\\*"kind\\*"\s*:\s*\\*"Secret\\*"|\\*"resource\\*"\s*:\s*\\*"secrets\\*"|\\*"name\\*"\s*:\s*\\*"aws-auth\\*"/;

/**
 * Finds what could be a secret. This runs on every event, so it is built on `indexOf`, which compares many characters at once: fixed texts with a rare
 * first letter, and `:` and `=` with a look at the letters before them. One regular expression for all of it took ten times as long (docs/performance.md).
 */
export function findSecrets(text: string): Found[] | undefined {
  let found = findFixed(text, undefined);
  for (let at = text.indexOf('='); at >= 0; at = text.indexOf('=', at + 1)) found = atSeparator(text, at, found);
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) found = atSeparator(text, at, found);
  return found;
}

function findFixed(text: string, before: Found[] | undefined): Found[] | undefined {
  let found = before;
  for (let at = text.indexOf('AKIA'); at >= 0; at = text.indexOf('AKIA', at + 4))
    found = matched(found, 'awsAccessKeyId', KEY_ID, text, at);
  for (let at = text.indexOf('ASIA'); at >= 0; at = text.indexOf('ASIA', at + 4))
    found = matched(found, 'awsAccessKeyId', KEY_ID, text, at);
  for (let at = text.indexOf('yJ'); at >= 0; at = text.indexOf('yJ', at + 2)) found = matched(found, 'jwt', JWT, text, at - 1);
  for (let at = text.indexOf('VATE KEY'); at >= 0; at = text.indexOf('VATE KEY', at + 8)) found = privateKey(found, text, at);
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) found = urlPassword(found, text, at);
  for (const word of BEARER_WORDS) {
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 7)) found = bearer(found, text, at);
  }
  return found;
}

const BEARER_WORDS = ['Bearer ', 'bearer ', 'BEARER '] as const;

function matched(found: Found[] | undefined, rule: BuiltinRule, regex: RegExp, text: string, at: number): Found[] | undefined {
  if (at < 0) return found;
  regex.lastIndex = at;
  return regex.test(text) ? and(found, { rule, start: at, end: regex.lastIndex }) : found;
}

function privateKey(found: Found[] | undefined, text: string, at: number): Found[] | undefined {
  const start = text.lastIndexOf('-----BEGIN', at);
  if (start < 0 || at - start > 60) return found;
  PEM.lastIndex = start;
  if (!PEM.test(text)) return found;
  const head = PEM.lastIndex;
  PEM_BODY.lastIndex = head;
  PEM_BODY.test(text);
  return and(found, { rule: 'privateKey', start, end: Math.max(head, PEM_BODY.lastIndex) });
}

function urlPassword(found: Found[] | undefined, text: string, at: number): Found[] | undefined {
  const from = text.lastIndexOf('://', at);
  if (from < 0 || at - from > 1300) return found;
  const password = URL_PASSWORD.exec(text.slice(from, at))?.[1];
  if (password === undefined || password.startsWith(MARK_START)) return found;
  return and(found, { rule: 'passwordAssignment', start: at - password.length, end: at });
}

function bearer(found: Found[] | undefined, text: string, at: number): Found[] | undefined {
  BEARER.lastIndex = at;
  const token = BEARER.exec(text)?.[1];
  if (token === undefined) return found;
  return and(found, { rule: 'authorizationHeader', start: BEARER.lastIndex - token.length, end: BEARER.lastIndex });
}

/** Three letters as one number, lower case. */
function packed(a: number, b: number, c: number): number {
  return ((a | 32) << 16) | ((b | 32) << 8) | (c | 32);
}
function tail(word: string): number {
  return packed(word.charCodeAt(0), word.charCodeAt(1), word.charCodeAt(2));
}

// Last three letters of the names that could mean something; what passes is looked at with care.
const TAILS: ReadonlySet<number> = new Set(
  ['ord', 'swd', 'ase', 'ass', 'pwd', 'ret', 'ken', 'ial', 'als', 'key', 'yid', '_id', '-id', 'ion', 'lue', 'ata'].map(tail),
);
const LAST_LETTERS = new Uint8Array(128);
for (const letter of 'desntlaydDESNTLAY') LAST_LETTERS[letter.charCodeAt(0)] = 1;

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
  if (!(c < 128) || LAST_LETTERS[c] === 0 || !TAILS.has(packed(text.charCodeAt(at - 2), text.charCodeAt(at - 1), c))) return found;
  return atName(text, at + 1, separator, isQuoted, found);
}

function atName(text: string, nameEnd: number, separator: number, isQuoted: boolean, found: Found[] | undefined): Found[] | undefined {
  const name = nameBefore(text, nameEnd);
  if (isQuoted && name === 'value') return envValue(text, nameEnd - 5, separator, found);
  if (isQuoted && (name === 'data' || name === 'stringData')) {
    const brace = afterBlanks(text, separator + 1);
    if (text.charCodeAt(brace) !== 123 || !SECRET_OBJECT.test(text)) return found;
    return and(found, ...withRule('passwordAssignment', memberSpans(text, brace + 1)));
  }
  if (/authorization$/i.test(name)) return and(found, ...withRule('authorizationHeader', headerSpans(text, nameEnd)));
  return isSecretName(name) ? and(found, ...withRule(ruleOfName(name), assignedSpans(text, name, nameEnd))) : found;
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

import { isBasicCredentials } from './basic-credentials.ts';
import { Findings, type Search, type Wanted } from './findings.ts';
import { takeFlag } from './flag.ts';
import { takePrivateKey } from './private-key.ts';
import { MARK_START } from './rule-names.ts';
import { looksRandom } from './secret-words.ts';
import { takeSignature } from './signed-url.ts';
import { takeDashToken, takeGoogleKey, takeKeyId, takeSlackHook, takeUnderscoreToken } from './vendor-token.ts';
import { takeNamed, takeParameter } from './words.ts';
import { takeElement } from './xml-element.ts';

/** A name that ends in `pass`, and what gives it a value. */
const PASS = '[pP][aA][sS][sS]\\d*\\\\*["\']?[ \\t]*[:=]';

/** The name of an XML element that may be a secret's, and what ends it. */
const ELEMENT =
  '[\\w.:-]{3,100}(?<=[wW](?:[oO][rR])?[dD]s?|[rR][eE][tT]s?|[eE](?:[nN]|[yY])s?|hrases?|ials?|[yY][sS]?[_-]?[iI][dD]s?|kies?|zation|[_-]pass)(?=[\\s>]|\\\\)';

/**
 * Whatever gives a secret away by itself, each by its rarest character: flags and tokens with a dash, tokens with an underscore, `Bearer` and `Basic`,
 * Slack's webhooks, `AKIA`, `ASIA` and `AIza`, JWTs, private keys, XML elements, passwords in addresses, escaped letters; with them a few names that
 * have a character in common with those. That each alternative starts with one of a few characters lets V8 skip to the next of them, many at a time; one
 * more that is frequent costs every event of every source.
 */
export const FIXED = new RegExp(
  [
    `-(?:-[A-Za-z][\\w-]{0,40}[ "'\\\\]|u[ "\\\\]|${PASS}|(?:p(?:ass(?:word|phrase)?|wd)|token)[ "'\\\\]|[sS]ignature=|auth\\\\*"|(?<=glpat-|xapp-|xox[a-z]-|k8s-aws-(?=v1\\.[\\w-])))`,
    `_(?:${PASS}|(?<=gh[oprsu]_|_pat_|npm_|[rs]k_(?:live|test)_))`,
    '[Bb](?:earer |asic |EARER |ASIC )',
    'k\\.com/(?:serv|work|trig)',
    'I(?:A(?<=A[KS]IA)|z(?<=AIz)|ZATION)',
    'J(?<=eyJ)',
    'KEY(?<=VATE KEY)',
    `<${ELEMENT}`,
    '@(?<=(?::|//)[^\\s"\'/<>@\\\\]{1,1300}@)',
    `\\\\u00(?:[4-7]|3[cC]${ELEMENT}|26(?:[sS]ig|command=)|22 ?:)`,
  ].join('|'),
  'g',
);

const BEARER = /bearer[ \t]+([A-Za-z0-9._~+/-]{16,}=*)/iy;
const BASIC = /basic[ \t]+([A-Za-z0-9+/]{6,4096}={0,2})/iy;

/** What {@link searchFixed} saw. */
export interface FixedSearch {
  readonly search: Search;
  readonly holdsEscapedLetter: boolean;
}

const NOTHING: FixedSearch = { search: undefined, holdsEscapedLetter: false };

/** Finds secrets that need no name. */
export function searchFixed(text: string, wanted: Wanted): FixedSearch {
  FIXED.lastIndex = 0;
  let match = FIXED.exec(text);
  if (match === null) return NOTHING;
  const search = new Findings(text, wanted);
  let holdsEscapedLetter = false;
  for (; match !== null; match = FIXED.exec(text)) {
    const at = match.index;
    if (text.charCodeAt(at) === 92 && (text.charCodeAt(at + 4) > 51 || text.startsWith('22', at + 4))) holdsEscapedLetter = true;
    FIXED.lastIndex = Math.max(at + 1, takeFixed(search, at));
  }
  return { search, holdsEscapedLetter };
}

/** Looks at what was found at `at`; returns where to go on. */
function takeFixed(findings: Findings, at: number): number {
  const { text } = findings;
  switch (text.charCodeAt(at)) {
    case 45:
      return takeDash(findings, at);
    case 95:
      if ((text.charCodeAt(at + 1) | 32) === 112) takeNamed(findings, at + 1);
      return takeUnderscoreToken(findings, at);
    case 66:
    case 98:
      return takeScheme(findings, at);
    case 107:
      return takeSlackHook(findings, at);
    case 73:
      if (text.charCodeAt(at + 1) === 65) return takeKeyId(findings, at - 2);
      if (text.charCodeAt(at + 1) === 122) return takeGoogleKey(findings, at - 1);
      takeNamed(findings, at);
      return at;
    case 74:
      return takeJwt(findings, at - 2);
    case 75:
      return takePrivateKey(findings, at - 5);
    case 64:
      takeUrlPassword(findings, at);
      return at;
    case 60:
      takeElement(findings, at);
      return at;
    default:
      if (text.charCodeAt(at + 4) === 50 && text.charCodeAt(at + 5) === 54) takeParameter(findings, at + 6);
      else if (text.charCodeAt(at + 4) === 51) takeElement(findings, at);
      return at;
  }
}

function takeDash(findings: Findings, at: number): number {
  const { text } = findings;
  const next = text.charCodeAt(at + 1) | 32;
  if (next === 115) takeSignature(findings, at + 1);
  // `aws-auth` is a map whose data is like a Secret's.
  else if (next === 97) findings.mayBeOfSecret = true;
  else if (next === 112) takeNamed(findings, at + 1);
  const end = takeDashToken(findings, at);
  if (end > at) return end;
  takeFlag(findings, at);
  return at;
}

/** The credentials of `Bearer …` or `Basic …` wherever they stand. */
function takeScheme(findings: Findings, at: number): number {
  const { text } = findings;
  const isBearer = (text.charCodeAt(at + 1) | 32) === 101;
  const shape = isBearer ? BEARER : BASIC;
  shape.lastIndex = at;
  const value = shape.exec(text)?.[1];
  if (value === undefined || !(isBearer || isBasicCredentials(value))) return at + 1;
  findings.add('authorizationHeader', shape.lastIndex - value.length, shape.lastIndex);
  return shape.lastIndex;
}

const WORD_END = /[^\w-]|$/g;

/** Position of the first character from `at` on that no base64url text holds. */
function wordEnd(text: string, at: number): number {
  WORD_END.lastIndex = at;
  return WORD_END.exec(text)?.index ?? text.length;
}

/** The JWT or JWE at `start`: `eyJ…`, a dot, a second part, and up to three more. */
function takeJwt(findings: Findings, start: number): number {
  const { text } = findings;
  const head = wordEnd(text, start);
  if (head - start < 11 || text.charCodeAt(head) !== 46) return head;
  let end = wordEnd(text, head + 1);
  if (end - head < 9) return head;
  for (let part = 0; part < 3 && text.charCodeAt(end) === 46; part++) end = wordEnd(text, end + 1);
  findings.add('jwt', start, end);
  return end;
}

const MAX_CREDENTIALS = 1_300;
const MIN_URL_TOKEN = 16;

/** The password of `scheme://user:password@host`, whose `@` is at `at`. */
function takeUrlPassword(findings: Findings, at: number): void {
  const { text } = findings;
  let i = at - 1;
  let colon = -1;
  for (let c = text.charCodeAt(i); at - i < MAX_CREDENTIALS && isCredentialCharacter(c); c = text.charCodeAt(--i)) if (c === 58) colon = i;
  if (colon < 0) takeUrlToken(findings, i + 1, at);
  if (colon < 0 || colon === at - 1 || text.startsWith(MARK_START, colon + 1)) return;
  if (text.startsWith('://', i - 2) || text.startsWith(':\\/\\/', i - 4)) findings.add('passwordAssignment', colon + 1, at);
}

/** The token of `https://token@host`; a user's name is shorter, or a word. */
function takeUrlToken(findings: Findings, start: number, at: number): void {
  const { text } = findings;
  if (at - start >= MIN_URL_TOKEN && text.startsWith('//', start - 2) && looksRandom(text.slice(start, at)))
    findings.add('passwordAssignment', start, at);
}

/** Neither blank, quote, backslash, angle bracket, slash nor another `@`: what ends the user part of an address, and the JSON string around it. */
function isCredentialCharacter(c: number): boolean {
  return c > 32 && c !== 34 && c !== 39 && c !== 47 && c !== 60 && c !== 62 && c !== 64 && c !== 92;
}

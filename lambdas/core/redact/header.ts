import { valueStart } from './assignment.ts';
import type { Findings } from './findings.ts';
import { openingQuote, quotedEnd, singleQuotedEnd } from './quoted.ts';
import { MARK_START } from './rule-names.ts';
import { takeInside } from './values.ts';

const SCHEME = /(?:Bearer|Basic|Digest|Negotiate|NTLM|AWS4-HMAC-SHA256|Token|ApiKey|GoogleLogin)\s+/iy;
/** The rest of a header; the bound is far above what servers accept. */
const TO_LINE_END = /[^\r\n"'\\]{1,8192}/y;
const FIRST_WORD = /[^\s,;"'\\]{1,128}/y;
const WORD = /[^\s,;"'\\]{1,8192}/y;
/** `name=value` of a cookie, and the same once more for each after a semicolon. */
const PAIR = /[\w!#$%&*+.^`|~-]{1,128}=[^\s;,"'\\]/y;
const PAIRS = /[^\s;,"'\\]{1,8192}(?:;[ \t]*[^\s;,"'\\]{1,8192}){0,64}/y;

/** Takes what an `Authorization` header, or a member or variable of that name, carries. Prose after the word (`authorization: forbidden`) is not one. */
export function takeAuthorization(findings: Findings, nameEnd: number): void {
  const at = takeQuoted(findings, nameEnd, 'authorizationHeader');
  if (at === undefined) return;
  const { text } = findings;
  if (matches(SCHEME, text, at)) {
    takeMatch(findings, TO_LINE_END, at, 'authorizationHeader');
    return;
  }
  FIRST_WORD.lastIndex = at;
  if (!FIRST_WORD.test(text)) return;
  const word = text.slice(at, FIRST_WORD.lastIndex);
  if (word.length >= 16 && /\d/.test(word)) takeMatch(findings, WORD, at, 'authorizationHeader');
}

/** Takes the cookies of a `Cookie` or `Set-Cookie` header, or of a member or variable of such a name. Without quotes they must be `name=value`. */
export function takeCookies(findings: Findings, nameEnd: number): void {
  const isColon = valueStart(findings.text, nameEnd)?.isColon;
  const at = takeQuoted(findings, nameEnd, 'cookie');
  if (at === undefined) return;
  if (isColon !== true) takeMatch(findings, PAIRS, at, 'cookie');
  else if (matches(PAIR, findings.text, at)) takeMatch(findings, TO_LINE_END, at, 'cookie');
}

/** Takes a value in quotes, or all of an object or list; for any other value returns where it starts. */
function takeQuoted(findings: Findings, nameEnd: number, rule: 'authorizationHeader' | 'cookie'): number | undefined {
  const value = valueStart(findings.text, nameEnd);
  if (value === undefined) return undefined;
  const { text } = findings;
  const { at, depth } = value;
  const isLoose = depth < 0;
  const quote = openingQuote(text, at);
  if (quote >= 0) {
    if (isLoose ? !findings.isStrict && findings.opensString(quote) : quote - at === depth)
      findings.add(rule, quote + 1, quotedEnd(text, quote), isLoose);
    return undefined;
  }
  const c = text.charCodeAt(at);
  if (c === 39) {
    findings.add(rule, at + 1, singleQuotedEnd(text, at), true);
    return undefined;
  }
  if (c !== 123 && c !== 91) return depth < 0 ? at : undefined;
  // What is called `authorization` and is an object is a decision about one, not a header.
  if (c === 123 && rule === 'authorizationHeader') return undefined;
  if (!isLoose || openingQuote(text, at + 1) >= 0) {
    if (!isLoose || !findings.isStrict) takeInside(findings, at, { rule, keepsDescriptions: true, isLoose, ...(isLoose ? {} : { depth }) });
    return undefined;
  }
  // `{Authorization=[Basic …]}`, as Java prints a map.
  return text.startsWith(MARK_START, at) ? undefined : at + 1;
}

function matches(what: RegExp, text: string, at: number): boolean {
  what.lastIndex = at;
  return what.test(text);
}

function takeMatch(findings: Findings, what: RegExp, at: number, rule: 'authorizationHeader' | 'cookie'): void {
  if (matches(what, findings.text, at)) findings.add(rule, at, what.lastIndex);
}

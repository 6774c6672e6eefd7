import type { Findings } from './findings.ts';
import { isSaidOfFlags } from './prose.ts';
import { afterQuote, openingQuote, quotedEnd, singleQuotedEnd } from './quoted.ts';
import { isObjectName, type SecretName, secretName } from './secret-words.ts';
import { after } from './sticky.ts';
import { isTokenStart } from './token-start.ts';

const FLAG = /--?([A-Za-z][\w.-]{0,63})(?![\w.-])/y;
const BLANKS = /[ \t]+/y;
const COMMA = /\s*,\s*/y;
const COLON = /\s*:/y;
const BARE = /[^\s"'\\]{1,8192}/y;
const CURL_USER = /-(?:u|-user)(?:[ \t]+|(\\*)"\s*,\s*\1")(?:\\*["'])?([^\s:"'\\]{1,128}):([^\s"'\\]{1,512})/y;
/** How far before `-u` the word `curl` may be. */
const CURL_CHARS = 200;

/** Takes the value that follows a flag such as `--password` in a command, or in a list of its words; `at` is where the first dash is. */
export function takeFlag(findings: Findings, at: number): void {
  const { text } = findings;
  if (!isTokenStart(text, at) || text.charCodeAt(at - 1) === 45) return;
  if (takeCurlUser(findings, at)) return;
  FLAG.lastIndex = at;
  const name = FLAG.exec(text)?.[1];
  const secret = name === undefined ? undefined : secretName(name);
  if (secret === undefined) return;
  const end = FLAG.lastIndex;
  const blanks = after(BLANKS, text, end);
  if (blanks > 0) takeWord(findings, secret, blanks);
  else takeListed(findings, secret, end);
}

function takeWord(findings: Findings, name: SecretName, at: number): void {
  const { text } = findings;
  const quote = openingQuote(text, at);
  if (quote >= 0) {
    if (!findings.isStrict && findings.opensString(quote)) findings.add('passwordAssignment', quote + 1, quotedEnd(text, quote), true);
  } else if (text.charCodeAt(at) === 39) findings.add('passwordAssignment', at + 1, singleQuotedEnd(text, at), true);
  else if (text.charCodeAt(at) !== 45) {
    const end = after(BARE, text, at);
    const word = text.slice(at, end);
    if (end > 0 && !isSaidOfFlags(word) && !(name.namesObjects && isObjectName(word))) {
      findings.add('passwordAssignment', at, at + word.replace(/[,;.)\]}]+$/, '').length);
    }
  }
}

/** `["--password","hunter2"]`: the value is quoted as the flag is. */
function takeListed(findings: Findings, name: SecretName, flagEnd: number): void {
  const { text } = findings;
  if (text.charCodeAt(flagEnd) === 39) {
    const next = after(COMMA, text, flagEnd + 1);
    if (text.charCodeAt(next) === 39) findings.add('passwordAssignment', next + 1, singleQuotedEnd(text, next), true);
    return;
  }
  const quote = openingQuote(text, flagEnd);
  if (quote < 0) return;
  const depth = quote - flagEnd;
  const next = after(COMMA, text, afterQuote(text, flagEnd, depth));
  const open = next < 0 ? -1 : openingQuote(text, next);
  if (open < 0 || open - next !== depth || text.charCodeAt(open + 1) === 45) return;
  const end = quotedEnd(text, open);
  // The flag was the value of a member, and this is the name of the next one.
  if (after(COLON, text, afterQuote(text, end, depth)) >= 0) return;
  if (!(name.namesObjects && isObjectName(text.slice(open + 1, end)))) findings.add('passwordAssignment', open + 1, end);
}

/** The password of `curl -u user:password`. Of other programs `-u` means anything, such as the ids `docker run -u 1000:1000`. */
function takeCurlUser(findings: Findings, at: number): boolean {
  const { text } = findings;
  CURL_USER.lastIndex = at;
  const password = CURL_USER.exec(text)?.[3];
  if (password === undefined || !text.slice(Math.max(0, at - CURL_CHARS), at).includes('curl')) return false;
  findings.add('passwordAssignment', CURL_USER.lastIndex - password.length, CURL_USER.lastIndex);
  return true;
}

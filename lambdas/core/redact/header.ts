import { loose, nameDepth, type Span } from './assignment.ts';
import { opensString, quotedEnd } from './quoted.ts';
import { MARK_START } from './rule-names.ts';

const SCHEME = /(?:Bearer|Basic|Digest|Negotiate|NTLM|AWS4-HMAC-SHA256|Token|ApiKey|GoogleLogin)\s+/iy;
const VALUE = /[^\r\n"'\\]{1,8192}/y;
const AFTER_NAME = /(\\*["'])?\s*(?:=>|[:=])\s*/y;

/** What an `Authorization` header, or a member of that name, carries. Prose after the word (`authorization: forbidden`) is not one. */
export function headerSpans(text: string, nameEnd: number): Span[] {
  AFTER_NAME.lastIndex = nameEnd;
  const after = AFTER_NAME.exec(text);
  if (after === null) return [];
  let at = AFTER_NAME.lastIndex;
  if (text.charCodeAt(at) === 91) at++;
  let quote = at;
  while (text.charCodeAt(quote) === 92) quote++;
  if (text.charCodeAt(quote) === 34) {
    const depth = nameDepth(after[1]);
    if (depth >= 0) return quote - at === depth ? spanOf(text, quote + 1, quotedEnd(text, quote)) : [];
    return opensString(text, quote) ? loose(spanOf(text, quote + 1, quotedEnd(text, quote))) : [];
  }
  if (text.charCodeAt(at) === 39) at++;
  SCHEME.lastIndex = at;
  const hasScheme = SCHEME.test(text);
  VALUE.lastIndex = at;
  if (!VALUE.test(text)) return [];
  const end = VALUE.lastIndex;
  if (hasScheme) return spanOf(text, at, end);
  const word = /^[^\s,;]+/.exec(text.slice(at, end))?.[0] ?? '';
  return word.length >= 16 && /\d/.test(word) ? spanOf(text, at, at + word.length) : [];
}

function spanOf(text: string, start: number, end: number): Span[] {
  return end <= start || text.startsWith(MARK_START, start) ? [] : [{ start, end }];
}

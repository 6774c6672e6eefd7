import type { Findings } from './findings.ts';

/** PEM, PGP (`BLOCK`) and SSH2, which has four dashes and blanks. */
const BEGIN = /-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}/y;
const END = /-{4,5} ?END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}/y;
/** Base64 lines and headers, whose line breaks may be escaped at any level: nothing that ends a JSON string, and no other key's beginning. */
const BODY = /(?:[A-Za-z0-9+/=:,.()@ \t\r\n]|-(?!---)|\\+(?:[nrt/]|u000[aAdD]))*/y;
const CUT_BODY = /(?:[A-Za-z0-9+/= \t\r\n]|\\+(?:[nrt/]|u000[aAdD]))*/y;

/** Longest key that is looked for: RSA with 16,384 bits is 12.7 KB, its line breaks escaped twice included. */
const MAX_KEY_CHARS = 16_384;

/** Takes the private key whose first line holds `VATE KEY` at `at`; one that is cut ends where it no longer looks like a key. Returns where to go on. */
export function takePrivateKey(findings: Findings, at: number): number {
  const { text } = findings;
  const from = Math.max(0, at - 60);
  const begin = text.slice(from, at).lastIndexOf('BEGIN');
  if (begin < 0) return at;
  let start = from + begin;
  while (text.charCodeAt(start - 1) === 32) start--;
  for (let dashes = 0; dashes < 5 && text.charCodeAt(start - 1) === 45; dashes++) start--;
  BEGIN.lastIndex = start;
  if (!BEGIN.test(text)) return at;
  const head = BEGIN.lastIndex;
  const rest = text.slice(head, head + MAX_KEY_CHARS);
  BODY.lastIndex = 0;
  BODY.test(rest);
  END.lastIndex = BODY.lastIndex;
  let end = END.test(rest) ? END.lastIndex : -1;
  if (end < 0) {
    CUT_BODY.lastIndex = 0;
    CUT_BODY.test(rest);
    end = CUT_BODY.lastIndex;
  }
  findings.add('privateKey', start, head + end);
  return head + end;
}

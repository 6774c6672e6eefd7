import type { Span } from './assignment.ts';

const BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/y;
const END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/y;
/** Base64 lines and PEM headers, whose line breaks may be escaped at any level: nothing that ends a JSON string. */
const BODY = /(?:[A-Za-z0-9+/=:,. \t\r\n]|-(?!----END)|\\+[nrt])*/y;
const CUT_BODY = /(?:[A-Za-z0-9+/= \t\r\n]|\\+[nrt])*/y;

/** Longest key that is looked for: RSA with 16,384 bits is 12.7 KB, its line breaks escaped twice included. */
const MAX_KEY_CHARS = 16_384;

/** The PEM block whose first line holds `VATE KEY` at `at`; a block that is cut ends where it no longer looks like a key. */
export function privateKeySpan(text: string, at: number): Span | undefined {
  const from = Math.max(0, at - 60);
  const start = text.slice(from, at).lastIndexOf('-----BEGIN');
  if (start < 0) return undefined;
  BEGIN.lastIndex = from + start;
  if (!BEGIN.test(text)) return undefined;
  const head = BEGIN.lastIndex;
  const rest = text.slice(head, head + MAX_KEY_CHARS);
  BODY.lastIndex = 0;
  BODY.test(rest);
  END.lastIndex = BODY.lastIndex;
  if (END.test(rest)) return { start: from + start, end: head + END.lastIndex };
  CUT_BODY.lastIndex = 0;
  CUT_BODY.test(rest);
  return { start: from + start, end: head + CUT_BODY.lastIndex };
}

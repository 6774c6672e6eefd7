import { quoteJson } from './json-text.ts';

/** Whether the text that `closingQuote` looked at last has only escapes that JSON has too; `\u` counts as not, as half a pair would not do. */
export const lastQuoted = { isJson: true };

/** Position of the quote that closes the Go-quoted text opened at `start`, or -1. Linear: no character is looked at more than twice. */
export function closingQuote(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  lastQuoted.isJson = true;
  // Nothing escaped before the next quote, which is the usual case.
  let escaped = end < 0 ? -1 : text.indexOf('\\', start + 1);
  while (end >= 0 && escaped >= 0 && escaped < end) {
    const c = text.charCodeAt(escaped + 1);
    if (c !== 34 && c !== 92 && c !== 110 && c !== 116 && c !== 114) lastQuoted.isJson = false;
    const after = escaped + 2;
    if (after > end) end = text.indexOf('"', after);
    escaped = text.indexOf('\\', after);
  }
  return end;
}

const GO_ONLY_ESCAPE = /\\(?:[^"\\bfnrtu]|u[dD][89a-fA-F]|u(?![0-9a-fA-F]{4}))/;
const CONTROL = /[\x00-\x1f]/;

/** JSON text of the Go-quoted text between the quotes at `start` and `end`. Most escapes are JSON's too, and such text is taken as it is. */
export function goQuotedToJson(text: string, start: number, end: number): string {
  const quoted = text.slice(start, end + 1);
  if (quoted.includes('\\') ? hasGoOnlyEscape(quoted) || CONTROL.test(quoted) : CONTROL.test(quoted))
    return quoteJson(unquoteGo(text, start, end));
  return quoted;
}

/** Pairs of backslashes hide what follows them, so they are taken away before the look. */
function hasGoOnlyEscape(quoted: string): boolean {
  return GO_ONLY_ESCAPE.test(quoted.includes('\\\\') ? quoted.replaceAll('\\\\', '') : quoted);
}

const SIMPLE: { readonly [letter: string]: string } = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
  '/': '/',
};
const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|([\s\S]))/g;

/** The text that Go-quoted text holds. A byte that is not valid UTF-8 (`\xff`) becomes U+FFFD; an escape that Go does not know stays as it is. */
export function unquoteGo(text: string, start: number, end: number): string {
  const inner = text.slice(start + 1, end);
  if (!inner.includes('\\')) return inner;
  return inner
    .replace(ESCAPE, (all, byte?: string, unit?: string, rune?: string, octal?: string, simple?: string) => {
      if (simple !== undefined) return SIMPLE[simple] ?? all;
      if (unit !== undefined) return String.fromCharCode(Number.parseInt(unit, 16));
      if (rune !== undefined) return fromRune(Number.parseInt(rune, 16));
      const code = byte === undefined ? Number.parseInt(octal ?? '', 8) : Number.parseInt(byte, 16);
      return code < 0x80 ? String.fromCharCode(code) : '�';
    })
    .toWellFormed();
}

function fromRune(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '�';
}

import { type Charset, DIGIT, negateCharset, normalizeCharset, SPACE, unicodeProperty, WORD } from './charset.ts';

/** Why a regular expression is not accepted; `at` counts UTF-16 units from 0 in its source. */
export class RegexSyntaxError extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.name = 'RegexSyntaxError';
    this.at = at;
  }
}

const CONTROL: { readonly [letter: string]: number } = { n: 10, r: 13, t: 9, f: 12, v: 11, a: 7, e: 27, '0': 0 };

/** Reads an escape that stands for one character or a class, in and outside of brackets. */
export function readEscape(source: string, start: number): { readonly set?: Charset; readonly code?: number; readonly end: number } {
  const next = source[start + 1];
  if (next === undefined) throw new RegexSyntaxError('a "\\" at the end; write "\\\\" for the character', start);
  const classes: { readonly [letter: string]: Charset } = { d: DIGIT, w: WORD, s: SPACE };
  const lower = classes[next.toLowerCase()];
  if (lower) return { set: next === next.toLowerCase() ? lower : negateCharset(lower), end: start + 2 };
  if (next === 'h') return { set: [9, 9, 32, 32, 0xa0, 0xa0], end: start + 2 };
  if (Object.hasOwn(CONTROL, next)) return { code: CONTROL[next] as number, end: start + 2 };
  const hex = /^\\(?:x([0-9A-Fa-f]{2})|x\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4}))/.exec(source.slice(start, start + 12));
  if (hex) {
    const code = Number.parseInt((hex[1] ?? hex[2] ?? hex[3]) as string, 16);
    if (code > 0x10ffff) throw new RegexSyntaxError('a code point above 10FFFF', start);
    return { code, end: start + hex[0].length };
  }
  const property = /^\\([pP])(?:\{\^?([A-Za-z_]+)\}|([A-Z]))/.exec(source.slice(start, start + 50));
  if (property) {
    const set = unicodeProperty((property[2] ?? property[3]) as string);
    if (!set) throw new RegexSyntaxError(`no Unicode class is called "${property[2] ?? property[3]}"`, start);
    const negated = (property[1] === 'P') !== property[0].includes('{^');
    return { set: negated ? negateCharset(normalizeCharset(set)) : set, end: start + property[0].length };
  }
  if (/[A-Za-z0-9]/.test(next)) throw new RegexSyntaxError(`the escape "\\${next}" is not known`, start);
  const code = source.codePointAt(start + 1) as number;
  return { code, end: start + (code > 0xffff ? 3 : 2) };
}

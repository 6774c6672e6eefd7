import { type Charset, foldCharset, negateCharset, normalizeCharset, POSIX } from './charset.ts';
import { RegexSyntaxError, readEscape } from './escape.ts';

/** Reads `[…]` that starts at `start`; case is folded before a leading `^` turns the set round. */
export function parseBracket(source: string, start: number, ignoreCase: boolean): { readonly set: Charset; readonly end: number } {
  let at = start + 1;
  const negated = source[at] === '^';
  if (negated) at++;
  const ranges: number[] = [];
  for (let first = true; ; first = false) {
    const char = source[at];
    if (char === undefined) throw new RegexSyntaxError('this "[" is never closed; write "\\[" for the character', start);
    if (char === ']' && !first) break;
    const posix = char === '[' ? /^\[:(\^?)([a-z]+):\]/.exec(source.slice(at, at + 20)) : null;
    if (posix) {
      const set = POSIX[posix[2] as string];
      if (!set) throw new RegexSyntaxError(`no class is called "${posix[2]}"`, at);
      ranges.push(...(posix[1] === '^' ? negateCharset(set) : set));
      at += posix[0].length;
      continue;
    }
    const low = readMember(source, at);
    at = low.end;
    if (low.set) {
      ranges.push(...low.set);
      continue;
    }
    if (source[at] !== '-' || source[at + 1] === ']' || source[at + 1] === undefined) {
      ranges.push(low.code as number, low.code as number);
      continue;
    }
    const high = readMember(source, at + 1);
    if (high.set) throw new RegexSyntaxError('a class such as "\\d" cannot end a range; write "\\-" for the dash', at);
    if ((high.code as number) < (low.code as number)) throw new RegexSyntaxError('this range ends before it begins', at);
    ranges.push(low.code as number, high.code as number);
    at = high.end;
  }
  const set = normalizeCharset(ranges);
  const folded = ignoreCase ? foldCharset(set) : set;
  return { set: negated ? negateCharset(folded) : folded, end: at + 1 };
}

function readMember(source: string, at: number): { readonly set?: Charset; readonly code?: number; readonly end: number } {
  if (source[at] === '\\') return source[at + 1] === 'b' ? { code: 8, end: at + 2 } : readEscape(source, at);
  const code = source.codePointAt(at) as number;
  return { code, end: at + (code > 0xffff ? 2 : 1) };
}

import { PatternSyntaxError } from './cursor.ts';

const BARE_CHARACTER = /[A-Za-z0-9_\u0080-\uffff]/;

/** Reads terms and phrases separated by blanks: all must occur in the message, case-sensitively. */
export function compileTerms(pattern: string): (message: string) => boolean {
  const terms: string[] = [];
  let at = 0;
  while (at < pattern.length) {
    const start = at;
    const character = pattern[at] as string;
    if (/\s/.test(character)) {
      at++;
    } else if (character === '"') {
      const end = pattern.indexOf('"', at + 1);
      if (end < 0) throw new PatternSyntaxError(start, 'this quote is never closed');
      terms.push(pattern.slice(at + 1, end));
      at = end + 1;
    } else if (BARE_CHARACTER.test(character)) {
      while (at < pattern.length && BARE_CHARACTER.test(pattern[at] as string)) at++;
      terms.push(pattern.slice(start, at));
    } else {
      throw new PatternSyntaxError(start, `a term with "${character}" must be in double quotes`);
    }
  }
  return (message) => terms.every((term) => message.includes(term));
}

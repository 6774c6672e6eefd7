import type { Lexer } from './lexer.ts';

/** Behind these a slash begins a regular expression. */
const BEFORE_REGEX = /(?:\blike|=~|\bparse(?:\s+\S+)?)\s*$/i;

/**
 * Takes text from an offset up to one of the characters in `stops`, outside of strings, brackets, expressions and comments, or to the end; the lexer then
 * stands behind it. It is not read as tokens: the grammar of what only CloudWatch runs (`SOURCE logGroups(namePrefix: ["/aws/"])`) is its own.
 */
export function takeRawText(lexer: Lexer, from: number, stops: string): string {
  const { source } = lexer;
  let end = from;
  let level = 0;
  for (let at = from; at < source.length; at++) {
    const char = source[at] as string;
    if (char === '#') {
      const line = source.indexOf('\n', at);
      at = line < 0 ? source.length : line;
      continue;
    }
    if (level === 0 && stops.includes(char)) break;
    if (char === '(' || char === '[') level++;
    else if (char === ')' || char === ']') level--;
    else if (char === '"' || char === "'" || char === '`') at = lexer.endOfQuoted(at);
    else if (char === '/' && BEFORE_REGEX.test(source.slice(Math.max(from, at - 200), at))) {
      lexer.moveTo(at);
      lexer.takeRegex();
      at = lexer.lastEnd - 1;
    }
    if (!/\s/.test(char)) end = at + 1;
  }
  lexer.moveTo(end);
  return source.slice(from, end).trim();
}

import { Lexer, Parser } from 'yaml';

/** Levels of maps and lists that a config may have; the schema itself needs nine. */
export const MAX_DEPTH = 64;

/** Items that are open besides one per level: the document, and the scalar at the end. */
const OTHER_TOKENS = 2;

/**
 * Offset at which a text nests deeper than any config, or undefined. Reads tokens only, without recursion: what composes the document afterwards
 * calls itself for each level, and a thousand brackets would overflow its stack.
 */
export function tooDeepAt(text: string): number | undefined {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    for (const _token of parser.next(lexeme)) {
      // Finished tokens are of no interest here.
    }
    if (parser.stack.length > MAX_DEPTH + OTHER_TOKENS) return parser.offset;
  }
  return undefined;
}

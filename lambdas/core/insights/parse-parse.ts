import type { Alias, Command, FieldNode, StringNode } from './ast.ts';
import { describe, type ParseContext } from './parse-expression.ts';

/** The commands `parse` (glob, regex, logfmt, csv) and `json`. */
export function parseParse(context: ParseContext, word: 'parse' | 'json', at: number): Command {
  return word === 'json' ? parseJson(context, at) : parseText(context, at);
}

function parseText(context: ParseContext, at: number): Command {
  const { lexer, expressions } = context;
  const regexFirst = lexer.takeRegex();
  if (regexFirst) return afterRegex(context, undefined, regexFirst, at);
  let field: FieldNode | undefined;
  if (lexer.peek().kind !== 'string' && !isMode(context)) {
    field = expressions.field('a field, a pattern, "logfmt" or "csv" after "parse"');
    const regex = lexer.takeRegex();
    if (regex) return afterRegex(context, field, regex, at);
  }
  const source = field ? { field } : {};
  const token = lexer.peek();
  if (token.kind === 'string') {
    lexer.next();
    const pattern: StringNode = { kind: 'string', value: token.text, at: token.at };
    return { kind: 'parse-glob', ...source, pattern, aliases: aliasList(context), at };
  }
  if (lexer.takeWord('logfmt')) return { kind: 'parse-logfmt', ...source, aliases: aliasList(context), at };
  if (lexer.takeWord('csv')) return { kind: 'parse-csv', ...source, aliases: aliasList(context), at };
  return lexer.fail(
    `expected a pattern after "parse", found ${describe(token)}`,
    token.at,
    'write "text * text" as name, or /(?<name>regex)/, or logfmt, or csv',
  );
}

/** `logfmt as x` and `csv as a, b` without a field before them. */
function isMode({ lexer }: ParseContext): boolean {
  if (!lexer.isWord('logfmt') && !lexer.isWord('csv')) return false;
  return /^\s+as\b/i.test(lexer.source.slice(lexer.peek().end, lexer.peek().end + 200));
}

function afterRegex(context: ParseContext, field: FieldNode | undefined, regex: { source: string; at: number }, at: number): Command {
  const aliases = context.lexer.isWord('as') ? aliasList(context) : [];
  const multi = context.lexer.takeWord('multi');
  return { kind: 'parse-regex', ...(field ? { field } : {}), pattern: { kind: 'regex', ...regex }, aliases, multi, at };
}

function aliasList({ lexer, expressions }: ParseContext): Alias[] {
  if (!lexer.takeWord('as')) lexer.fail(`expected "as" and the names of the new fields, found ${describe(lexer.peek())}`, lexer.at);
  const aliases: Alias[] = [];
  do {
    const { name, at } = expressions.field('a name for the new field');
    aliases.push({ name, at });
  } while (lexer.takeSymbol(','));
  return aliases;
}

/** `json field=payload "user.name" as username`. */
function parseJson(context: ParseContext, at: number): Command {
  const { lexer, expressions } = context;
  let source: { field?: FieldNode } = {};
  if (lexer.isWord('field') && /^\s*=/.test(lexer.source.slice(lexer.peek().end, lexer.peek().end + 50))) {
    lexer.next();
    lexer.next();
    source = { field: expressions.field() };
  }
  const token = lexer.peek();
  if (token.kind !== 'string')
    lexer.fail(`expected the path as a string, found ${describe(token)}`, token.at, 'write json field=payload "user.name" as username');
  lexer.next();
  const aliases = aliasList(context);
  if (aliases.length > 1) lexer.fail('"json" gives one field', (aliases[1] as Alias).at);
  return { kind: 'json', ...source, path: { kind: 'string', value: token.text, at: token.at }, aliases, at };
}

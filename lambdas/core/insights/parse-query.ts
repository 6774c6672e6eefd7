import type { Command, Item, Query, SortKey } from './ast.ts';
import { ACCOUNT_COMMANDS, LOCAL_COMMANDS } from './commands.ts';
import { Lexer } from './lexer.ts';
import { describe, ExpressionParser, type ParseContext } from './parse-expression.ts';
import { parseParse } from './parse-parse.ts';
import { parseRowCommand } from './parse-rows.ts';
import { didYouMean } from './problem.ts';
import { takeRawText } from './raw-text.ts';

/** Parses a query; throws QueryError with the place of the first thing that is not understood. */
export function parseQuery(source: string): Query {
  const lexer = new Lexer(source);
  const context: ParseContext = { lexer, expressions: new ExpressionParser(lexer) };
  const commands: Command[] = [];
  lexer.takeSymbol('|');
  if (lexer.peek().kind === 'end') lexer.fail('the query has no command', lexer.at, 'begin with "fields", "filter" or "stats"');
  for (;;) {
    commands.push(parseCommand(context));
    const token = lexer.peek();
    if (token.kind === 'end') return { commands };
    if (!lexer.takeSymbol('|')) lexer.fail(`expected "|" and the next command, or the end, found ${describe(token)}`, token.at);
    if (lexer.peek().kind === 'end') lexer.fail('a command is missing after the last "|"', lexer.lastEnd - 1, 'take the "|" away');
  }
}

function parseCommand(context: ParseContext): Command {
  const { lexer, expressions } = context;
  const token = lexer.peek();
  if (token.kind !== 'word')
    lexer.fail(`expected a command, found ${describe(token)}`, token.at, 'commands are fields, filter, parse, stats, sort, limit …');
  const word = token.text.toLowerCase();
  const { at } = token;
  if (Object.hasOwn(ACCOUNT_COMMANDS, word)) return accountCommand(lexer);
  if (!LOCAL_COMMANDS.has(word)) {
    const near = didYouMean(word, [...LOCAL_COMMANDS, ...Object.keys(ACCOUNT_COMMANDS)]);
    lexer.fail(
      `there is no command "${token.text}"`,
      at,
      near ? `did you mean "${near}"?` : 'commands are fields, filter, parse, stats, sort, limit …',
    );
  }
  lexer.next();
  switch (word) {
    case 'fields':
    case 'display':
      return { kind: word, items: parseItems(context), at };
    case 'filter':
    case 'where':
    case 'filterindex':
      return { kind: 'filter', word: word === 'filterindex' ? 'filterIndex' : word, condition: expressions.expression(), at };
    case 'parse':
    case 'json':
      return parseParse(context, word, at);
    case 'stats':
      return parseStats(context, at);
    case 'sort':
      return { kind: 'sort', keys: parseSortKeys(context), at };
    case 'limit':
      return parseLimit(lexer, at);
    default:
      return parseRowCommand(context, word, at);
  }
}

/** `a, b + 1 as c`. */
export function parseItems(context: ParseContext): Item[] {
  const { lexer, expressions } = context;
  const items: Item[] = [];
  do {
    const at = lexer.at;
    const expression = expressions.expression();
    items.push(lexer.takeWord('as') ? { expression, alias: expressions.field('a name after "as"').name, at } : { expression, at });
  } while (lexer.takeSymbol(','));
  return items;
}

function parseStats(context: ParseContext, at: number): Command {
  const { lexer, expressions } = context;
  const items = parseItems(context);
  const by = lexer.takeWord('by') ? parseItems(context) : [];
  if (!lexer.isWord('offset')) return { kind: 'stats', items, by, at };
  lexer.next();
  const place = lexer.at;
  const offset = expressions.expression();
  if (offset.kind !== 'period') lexer.fail('expected a length of time such as 1h after "offset"', place);
  return { kind: 'stats', items, by, offset: offset as typeof offset & { kind: 'period' }, at };
}

function parseSortKeys(context: ParseContext): SortKey[] {
  const { lexer, expressions } = context;
  if (lexer.isWord('by')) lexer.fail('"sort" takes the field right after it', lexer.at, 'leave "by" out');
  const keys: SortKey[] = [];
  do {
    const at = lexer.at;
    const expression = expressions.expression();
    const direction = lexer.takeWord('asc') ? 'asc' : lexer.takeWord('desc') ? 'desc' : undefined;
    keys.push(direction ? { expression, direction, at } : { expression, at });
  } while (lexer.takeSymbol(','));
  return keys;
}

function parseLimit(lexer: Lexer, at: number): Command {
  const any = lexer.takeWord('any');
  const token = lexer.peek();
  if (token.kind !== 'number' || !/^\d+$/.test(token.text))
    lexer.fail(`expected a whole number after "limit", found ${describe(token)}`, token.at);
  lexer.next();
  return { kind: 'limit', count: Number(token.text), any, at };
}

/** Keeps a command that only CloudWatch runs as text, up to the next "|". */
function accountCommand(lexer: Lexer): Command {
  const first = lexer.next();
  const text = takeRawText(lexer, first.end, '|)');
  return { kind: 'account', name: first.text.toLowerCase(), text, at: first.at };
}

import type { Alias, Command, Expression, FieldNode } from './ast.ts';
import { describe, type ParseContext } from './parse-expression.ts';

/** Commands that work on whole rows: dedup, unnest, expand, addtotals, filldown, fillmissing, accum, autoregress, countFrequent. */
export function parseRowCommand(context: ParseContext, word: string, at: number): Command {
  const { lexer, expressions } = context;
  switch (word) {
    case 'dedup':
      return { kind: 'dedup', fields: fieldList(context), at };
    case 'countfrequent':
    case 'count_frequent':
      return { kind: 'countFrequent', fields: fieldList(context), at };
    case 'unnest': {
      const field = expressions.field();
      if (!lexer.takeWord('into'))
        lexer.fail(`expected "into" and a name, found ${describe(lexer.peek())}`, lexer.at, 'write unnest list into item');
      return { kind: 'unnest', field, into: alias(context), at };
    }
    case 'expand':
      return { kind: 'expand', field: expressions.field(), at };
    case 'accum': {
      const field = expressions.field();
      return lexer.takeWord('as') ? { kind: 'accum', field, alias: alias(context), at } : { kind: 'accum', field, at };
    }
    case 'autoregress':
      return parseAutoregress(context, at);
    case 'addtotals':
      return parseAddtotals(context, at);
    case 'fillmissing':
      return parseFillmissing(context, at);
    default:
      return parseFilldown(context, at);
  }
}

function alias({ expressions }: ParseContext): Alias {
  const { name, at } = expressions.field('a name');
  return { name, at };
}

function fieldList({ lexer, expressions }: ParseContext): FieldNode[] {
  const fields: FieldNode[] = [];
  do fields.push(expressions.field());
  while (lexer.takeSymbol(','));
  return fields;
}

/** `autoregress bytes as lag p=1-4`. */
function parseAutoregress(context: ParseContext, at: number): Command {
  const { lexer, expressions } = context;
  const field = expressions.field();
  const name = lexer.takeWord('as') ? { alias: alias(context) } : {};
  let from = 1;
  let to = 1;
  if (lexer.takeWord('p')) {
    if (!lexer.takeSymbol('=')) lexer.fail('expected p=N or p=N-M', lexer.at);
    const place = lexer.at;
    from = wholeNumber(context);
    to = lexer.takeSymbol('-') ? wholeNumber(context) : from;
    if (from < 1 || to < from || to > 100) lexer.fail('p=N-M goes from at least 1 up to at most 100', place);
  }
  return { kind: 'autoregress', field, ...name, from, to, at };
}

function wholeNumber({ lexer }: ParseContext): number {
  const token = lexer.peek();
  if (token.kind !== 'number' || !/^\d{1,4}$/.test(token.text)) lexer.fail(`expected a whole number, found ${describe(token)}`, token.at);
  lexer.next();
  return Number(token.text);
}

/** `addtotals fieldname=Sum row=true col=false price, tax`. */
function parseAddtotals(context: ParseContext, at: number): Command {
  const { lexer, expressions } = context;
  let fieldname = 'Total';
  const flags = { row: true, col: false };
  const fields: FieldNode[] = [];
  for (;;) {
    const token = lexer.peek();
    if (token.kind !== 'word' && token.kind !== 'quoted-field') break;
    const option = token.text.toLowerCase();
    if ((option === 'fieldname' || option === 'row' || option === 'col') && /^\s*=/.test(lexer.source.slice(token.end, token.end + 50))) {
      lexer.next();
      lexer.next();
      const value = lexer.peek();
      if (option === 'fieldname') fieldname = expressions.field('the name of the column').name;
      else if (lexer.takeWord('true') || lexer.takeWord('false')) flags[option] = value.text.toLowerCase() === 'true';
      else lexer.fail(`expected true or false, found ${describe(value)}`, value.at);
    } else fields.push(expressions.field());
    lexer.takeSymbol(',');
  }
  return { kind: 'addtotals', fieldname, ...flags, fields, at };
}

/** `fillmissing with 0 for avg_latency, "-" for name`. */
function parseFillmissing({ lexer, expressions }: ParseContext, at: number): Command {
  const fills: { value: Expression; field: FieldNode }[] = [];
  if (lexer.takeWord('with')) {
    do {
      const place = lexer.at;
      const value = expressions.expression();
      const constant =
        value.kind === 'number' ||
        value.kind === 'string' ||
        value.kind === 'boolean' ||
        (value.kind === 'unary' && value.operator === '-' && value.operand.kind === 'number');
      if (!constant) lexer.fail('expected a constant after "with"', place);
      if (!lexer.takeWord('for')) lexer.fail(`expected "for" and a field, found ${describe(lexer.peek())}`, lexer.at);
      fills.push({ value, field: expressions.field() });
    } while (lexer.takeSymbol(','));
  }
  return { kind: 'fillmissing', fills, at };
}

/** `filldown host cpu*`: names and wildcards between blanks. */
function parseFilldown({ lexer }: ParseContext, at: number): Command {
  const patterns: Alias[] = [];
  for (;;) {
    const token = lexer.peek();
    if (token.kind === 'end' || token.text === '|') return { kind: 'filldown', patterns, at };
    const match = /^(?:`[^`]+`|[\p{L}\p{N}_@.*]+)/u.exec(lexer.source.slice(token.at, token.at + 300));
    if (!match) lexer.fail(`expected field names or wildcards, found ${describe(token)}`, token.at);
    lexer.moveTo(token.at + (match as RegExpExecArray)[0].length);
    patterns.push({ name: (match as RegExpExecArray)[0].replaceAll('`', ''), at: token.at });
    lexer.takeSymbol(',');
  }
}

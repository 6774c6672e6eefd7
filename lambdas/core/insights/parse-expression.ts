import type { BinaryOperator, Expression, FieldNode, RegexLiteral, StringNode } from './ast.ts';
import { functionNamed } from './functions.ts';
import type { Lexer, Token } from './lexer.ts';
import { periodUnit } from './period.ts';
import { takeRawText } from './raw-text.ts';

/** Words that cannot be a field's name unless it stands in backquotes. */
export const RESERVED: ReadonlySet<string> = new Set(['as', 'by', 'in', 'like', 'and', 'or', 'not', 'asc', 'desc', 'true', 'false']);

/** Parentheses, calls and signs inside each other that are followed. */
const MAX_DEPTH = 100;

/** Describes a token in an error. */
export function describe(token: Token): string {
  if (token.kind === 'end') return 'the end of the query';
  return token.kind === 'string' ? `the string "${token.text.slice(0, 40)}"` : `"${token.text.slice(0, 40)}"`;
}

/** Parses expressions by precedence: or, and, not, comparison, sum, product, power, sign. */
export class ExpressionParser {
  private readonly lexer: Lexer;
  private depth = 0;

  constructor(lexer: Lexer) {
    this.lexer = lexer;
  }

  expression(): Expression {
    if (++this.depth > MAX_DEPTH) this.lexer.fail(`more than ${MAX_DEPTH} levels inside each other`, this.lexer.at);
    let left = this.conjunction();
    while (this.lexer.isWord('or')) left = this.binary(left, 'or', () => this.conjunction());
    this.depth--;
    return left;
  }

  private conjunction(): Expression {
    let left = this.negation();
    while (this.lexer.isWord('and')) left = this.binary(left, 'and', () => this.negation());
    return left;
  }

  private negation(): Expression {
    if (!this.lexer.isWord('not')) return this.comparison();
    if (++this.depth > MAX_DEPTH) this.lexer.fail(`more than ${MAX_DEPTH} levels inside each other`, this.lexer.at);
    const { at } = this.lexer.next();
    const operand = this.negation();
    this.depth--;
    return { kind: 'unary', operator: 'not', operand, at };
  }

  private comparison(): Expression {
    let left = this.sum();
    for (;;) {
      const token = this.lexer.peek();
      const word = token.kind === 'word' ? token.text.toLowerCase() : '';
      if (word === 'not' || word === 'like' || word === 'in') left = this.wordOperator(left);
      else if (token.kind === 'symbol' && token.text === '=~') {
        this.lexer.next();
        left = { kind: 'like', left, pattern: this.pattern('=~'), negated: false, at: token.at };
      } else if (token.kind === 'symbol' && /^(=|!=|<|<=|>|>=)$/.test(token.text)) {
        this.lexer.next();
        if (token.text === '=' && this.lexer.isSymbol('=')) this.lexer.fail('"==" is not an operator', token.at, 'write "="');
        if (token.text === '<' && this.lexer.isSymbol('>')) this.lexer.fail('"<>" is not an operator', token.at, 'write "!="');
        left = { kind: 'binary', operator: token.text as BinaryOperator, left, right: this.sum(), at: token.at };
      } else return left;
    }
  }

  private wordOperator(left: Expression): Expression {
    const { at } = this.lexer.peek();
    const negated = this.lexer.takeWord('not');
    if (this.lexer.takeWord('like')) return { kind: 'like', left, pattern: this.pattern('like'), negated, at };
    if (!this.lexer.takeWord('in'))
      this.lexer.fail(`expected "like" or "in" after "not", found ${describe(this.lexer.peek())}`, this.lexer.at);
    if (this.lexer.isSymbol('(')) return this.inQuery(left, negated, at);
    if (!this.lexer.takeSymbol('['))
      this.lexer.fail(`expected a list after "in", found ${describe(this.lexer.peek())}`, this.lexer.at, 'write in ["a", "b"]');
    const items: Expression[] = [];
    do items.push(this.expression());
    while (this.lexer.takeSymbol(','));
    this.expectSymbol(']', 'the list');
    return { kind: 'in', left, items, negated, at };
  }

  /** `in ( SOURCE … | … )`: the inner query is kept as text. */
  private inQuery(left: Expression, negated: boolean, at: number): Expression {
    const open = this.lexer.next();
    if (!this.lexer.isWord('source') && this.lexer.peek().kind !== 'word')
      this.lexer.fail('a list after "in" stands in square brackets', open.at, 'write in ["a", "b"]');
    const text = takeRawText(this.lexer, open.end, ')');
    if (!this.lexer.takeSymbol(')')) this.lexer.fail('this subquery is never closed', open.at, 'end it with ")"');
    return { kind: 'in-query', left, text, negated, at };
  }

  private pattern(operator: string): StringNode | RegexLiteral {
    const regex = this.lexer.takeRegex();
    if (regex) return { kind: 'regex', ...regex };
    const token = this.lexer.peek();
    if (token.kind !== 'string')
      this.lexer.fail(
        `expected a string or /regular expression/ after "${operator}", found ${describe(token)}`,
        token.at,
        'write like "text" or like /regex/',
      );
    this.lexer.next();
    return { kind: 'string', value: token.text, at: token.at };
  }

  private sum(): Expression {
    let left = this.product();
    while (this.lexer.isSymbol('+') || this.lexer.isSymbol('-'))
      left = this.binary(left, this.lexer.peek().text as BinaryOperator, () => this.product());
    return left;
  }

  private product(): Expression {
    let left = this.power();
    while (this.lexer.isSymbol('*') || this.lexer.isSymbol('/') || this.lexer.isSymbol('%'))
      left = this.binary(left, this.lexer.peek().text as BinaryOperator, () => this.power());
    return left;
  }

  private power(): Expression {
    const left = this.sign();
    // To the right: 2 ^ 3 ^ 2 is 2 ^ 9.
    return this.lexer.isSymbol('^') ? this.binary(left, '^', () => this.guarded(() => this.power())) : left;
  }

  private sign(): Expression {
    if (!this.lexer.isSymbol('-')) return this.postfix();
    const { at } = this.lexer.next();
    return { kind: 'unary', operator: '-', operand: this.guarded(() => this.sign()), at };
  }

  private guarded(parse: () => Expression): Expression {
    if (++this.depth > MAX_DEPTH) this.lexer.fail(`more than ${MAX_DEPTH} levels inside each other`, this.lexer.at);
    const result = parse();
    this.depth--;
    return result;
  }

  private binary(left: Expression, operator: BinaryOperator, parseRight: () => Expression): Expression {
    const { at } = this.lexer.next();
    return { kind: 'binary', operator, left, right: parseRight(), at };
  }

  /** `jsonParse(x).name[0]`. */
  private postfix(): Expression {
    const target = this.primary();
    if (
      target.kind === 'field' ||
      target.kind === 'number' ||
      target.kind === 'string' ||
      target.kind === 'period' ||
      target.kind === 'boolean'
    )
      return target;
    const path = this.path();
    return path.length > 0 ? { kind: 'access', target, path: path.join('.'), at: target.at } : target;
  }

  private primary(): Expression {
    const token = this.lexer.peek();
    switch (token.kind) {
      case 'string':
        this.lexer.next();
        return { kind: 'string', value: token.text, at: token.at };
      case 'number':
        return this.number();
      case 'quoted-field':
        return this.field();
      case 'word': {
        const word = token.text.toLowerCase();
        if (word === 'true' || word === 'false') {
          this.lexer.next();
          return { kind: 'boolean', value: word === 'true', at: token.at };
        }
        return this.lexer.source[token.end] === '(' || /^\s+\(/.test(this.lexer.source.slice(token.end, token.end + 20))
          ? this.call()
          : this.field();
      }
      default:
        if (this.lexer.takeSymbol('(')) {
          const inner = this.expression();
          this.expectSymbol(')', 'the parenthesis');
          return inner;
        }
        if (token.text === '/') this.lexer.fail('a regular expression stands only after "like", "=~" or in "parse"', token.at);
        return this.lexer.fail(`expected a field, a value or a function, found ${describe(token)}`, token.at);
    }
  }

  private number(): Expression {
    const token = this.lexer.next();
    const suffix = this.lexer.peek();
    if (suffix.kind === 'word' && suffix.at === token.end) {
      const unit = periodUnit(suffix.text);
      if (!unit)
        this.lexer.fail(
          `"${token.text}${suffix.text}" is no number and no length of time`,
          token.at,
          'lengths of time are such as 30s, 5m, 1h, 1d; a field that begins with a digit stands in backquotes',
        );
      this.lexer.next();
      const count = Number(token.text);
      if (!Number.isInteger(count) || count < 1) this.lexer.fail('a length of time is a whole number of at least 1 with a unit', token.at);
      return { kind: 'period', count, unit, at: token.at };
    }
    return { kind: 'number', value: Number(token.text), at: token.at };
  }

  private call(): Expression {
    const token = this.lexer.next();
    this.lexer.next();
    const known = functionNamed(token.text);
    const name = known?.name ?? token.text;
    const args: Expression[] = [];
    if (this.lexer.isSymbol('*')) {
      this.lexer.next();
      this.expectSymbol(')', `the call of ${name}`);
      return { kind: 'call', name, args, star: true, at: token.at };
    }
    if (!this.lexer.isSymbol(')')) {
      do args.push(this.expression());
      while (this.lexer.takeSymbol(','));
    }
    this.expectSymbol(')', `the call of ${name}`);
    return { kind: 'call', name, args, star: false, at: token.at };
  }

  /** A field's name with its dots, indices and backquotes. */
  field(what = 'a field name'): FieldNode {
    const token = this.lexer.peek();
    if (token.kind === 'word' && RESERVED.has(token.text.toLowerCase()))
      this.lexer.fail(
        `expected ${what}, found the keyword "${token.text}"`,
        token.at,
        `write \`${token.text}\` in backquotes for a field of that name`,
      );
    if (token.kind !== 'word' && token.kind !== 'quoted-field') this.lexer.fail(`expected ${what}, found ${describe(token)}`, token.at);
    this.lexer.next();
    return { kind: 'field', name: [token.text, ...this.path()].join('.'), at: token.at };
  }

  /** `.name`, `` .`odd name` ``, `.0`, `[0]`, all without blanks. */
  private path(): string[] {
    const parts: string[] = [];
    const { source } = this.lexer;
    for (let at = this.lexer.lastEnd; ; ) {
      const rest = source.slice(at, at + 300);
      const match = /^\.(?:([\p{L}\p{N}_@]+)|`([^`]+)`)/u.exec(rest) ?? /^\[()()(\d+)\]/.exec(rest);
      if (!match) {
        this.lexer.moveTo(at);
        return parts;
      }
      parts.push((match[1] || match[2] || match[3]) as string);
      at += match[0].length;
    }
  }

  private expectSymbol(symbol: string, what: string): void {
    const token = this.lexer.peek();
    if (!this.lexer.takeSymbol(symbol)) this.lexer.fail(`expected "${symbol}" at the end of ${what}, found ${describe(token)}`, token.at);
  }
}

/** The parts that the parsers of single commands share. */
export interface ParseContext {
  readonly lexer: Lexer;
  readonly expressions: ExpressionParser;
}

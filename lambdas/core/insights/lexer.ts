import { placeOf, QueryError } from './problem.ts';

export type TokenKind = 'word' | 'quoted-field' | 'string' | 'number' | 'symbol' | 'end';

/** A piece of the query; `text` is the word, the decoded string, or the symbol. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly at: number;
  readonly end: number;
}

const WORD_START = /[\p{L}_@]/u;
const WORD_PART = /[\p{L}\p{N}_@]/u;
const SYMBOLS = ['=~', '!=', '<=', '>=', '=', '<', '>', '+', '-', '*', '/', '%', '^', '(', ')', '[', ']', ',', '|', '.'];
const ESCAPES: { readonly [letter: string]: string } = { n: '\n', t: '\t', r: '\r' };

/** Reads a query from left to right, one token ahead. A regular expression is read only where one may stand, since `/` also divides. */
export class Lexer {
  readonly source: string;
  private position = 0;
  private ahead: Token | undefined;

  constructor(source: string) {
    this.source = source;
  }

  /** Stops with an error at an offset. */
  fail(message: string, at: number, hint?: string): never {
    throw new QueryError([{ severity: 'error', message, ...(hint ? { hint } : {}), ...placeOf(this.source, at) }]);
  }

  peek(): Token {
    this.ahead ??= this.read();
    return this.ahead;
  }

  next(): Token {
    const token = this.peek();
    this.ahead = undefined;
    this.position = token.end;
    return token;
  }

  /** Offset of the next token. */
  get at(): number {
    return this.peek().at;
  }

  /** Offset right after the last token that was taken. */
  get lastEnd(): number {
    return this.position;
  }

  /** Whether the next token is this symbol. */
  isSymbol(text: string): boolean {
    const token = this.peek();
    return token.kind === 'symbol' && token.text === text;
  }

  /** Whether the next token is this keyword, in any case. */
  isWord(text: string): boolean {
    const token = this.peek();
    return token.kind === 'word' && token.text.toLowerCase() === text;
  }

  takeSymbol(text: string): boolean {
    if (!this.isSymbol(text)) return false;
    this.next();
    return true;
  }

  takeWord(text: string): boolean {
    if (!this.isWord(text)) return false;
    this.next();
    return true;
  }

  /** Moves to an offset; used by those who read raw text. */
  moveTo(at: number): void {
    this.ahead = undefined;
    this.position = at;
  }

  /** Reads `/…/` if one is next; `\/` is a slash. */
  takeRegex(): { readonly source: string; readonly at: number } | undefined {
    this.ahead = undefined;
    const start = this.skipBlank(this.position);
    if (this.source[start] !== '/') return undefined;
    let text = '';
    for (let at = start + 1; at < this.source.length; at++) {
      const char = this.source[at] as string;
      if (char === '/') {
        if (text === '') this.fail('an empty regular expression', start, 'write the text to look for between the slashes');
        if (/^[gimsuy]+(?![\w])/.test(this.source.slice(at + 1, at + 9)))
          this.fail('no letters can stand behind a regular expression', at + 1, 'write /(?i)…/ for any case');
        this.position = at + 1;
        return { source: text, at: start };
      }
      if (char !== '\\' || at + 1 >= this.source.length) text += char;
      else {
        at++;
        text += this.source[at] === '/' ? '/' : `\\${this.source[at]}`;
      }
    }
    return this.fail('this regular expression is never closed', start, 'end it with "/", and write "\\/" for a slash inside');
  }

  /** The place of the quote that ends the string or field name which begins at an offset. */
  endOfQuoted(at: number): number {
    return (this.source[at] === '`' ? this.quotedField(at, at + 1, '') : this.string(at, this.source[at] as string)).end - 1;
  }

  private skipBlank(from: number): number {
    let at = from;
    for (;;) {
      const char = this.source[at];
      if (char === '#') {
        const end = this.source.indexOf('\n', at);
        at = end < 0 ? this.source.length : end + 1;
      } else if (char !== undefined && /\s/.test(char)) at++;
      else return at;
    }
  }

  private read(): Token {
    const at = this.skipBlank(this.position);
    const char = this.source[at];
    if (char === undefined) return { kind: 'end', text: '', at, end: at };
    if (char === '"' || char === "'") return this.string(at, char);
    if (char === '`') return this.quotedField(at, at + 1, '');
    if (char === '@' && this.source[at + 1] === '`') return this.quotedField(at, at + 2, '@');
    if (WORD_START.test(char)) {
      let end = at + 1;
      while (end < this.source.length && WORD_PART.test(this.source[end] as string)) end++;
      return { kind: 'word', text: this.source.slice(at, end), at, end };
    }
    const number = /^(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+(?![\p{L}\p{N}_]))?/u.exec(this.source.slice(at, at + 400));
    if (number) return { kind: 'number', text: number[0], at, end: at + number[0].length };
    const symbol = SYMBOLS.find((candidate) => this.source.startsWith(candidate, at));
    if (symbol) return { kind: 'symbol', text: symbol, at, end: at + symbol.length };
    const hints: { readonly [char: string]: string } = {
      '&': 'write "and"',
      '!': 'write "not" or "!="',
      '“': 'use straight quotes',
      '”': 'use straight quotes',
      '‘': 'use straight quotes',
      '{': 'a parameter {{name}} needs a value',
      ';': 'commands are separated by "|"',
    };
    return this.fail(`the character "${char}" has no meaning here`, at, hints[char]);
  }

  private string(start: number, quote: string): Token {
    let text = '';
    for (let at = start + 1; at < this.source.length; at++) {
      const char = this.source[at] as string;
      if (char === quote) return { kind: 'string', text, at: start, end: at + 1 };
      const following = this.source[at + 1];
      if (char === '\\' && following !== undefined && (following === quote || following === '\\' || following in ESCAPES)) {
        text += ESCAPES[following] ?? following;
        at++;
      } else text += char;
    }
    return this.fail('this string is never closed', start, `end it with ${quote}`);
  }

  private quotedField(start: number, from: number, prefix: string): Token {
    const end = this.source.indexOf('`', from);
    if (end < 0) this.fail('this field name is never closed', start, 'end it with "`"');
    if (end === from) this.fail('an empty field name', start);
    return { kind: 'quoted-field', text: prefix + this.source.slice(from, end), at: start, end: end + 1 };
  }
}

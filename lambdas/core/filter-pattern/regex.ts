import { compileRegex, RegexSyntaxError } from '../regex/regex.ts';
import { nameOf, type PatternCursor } from './cursor.ts';

/** Symbols that stand for themselves in a `%regex%`, besides letters, digits and the blank (user guide, "Supported symbol characters"). */
const SYMBOLS = ':_#=@/;,-';
/** Symbols with a meaning of their own; after a backslash they stand for themselves. */
const OPERATORS = '^$?[]{}|\\*+.';
/** Classes that a backslash introduces. */
const CLASSES = 'dDsSwW';
/** Largest sum of the counts in `{m,n}`: the guide gives no limit, the linear engine needs one. */
const MAX_COUNT = 1000;

/** Reads `%regex%` in the subset that CloudWatch Logs documents; it may match anywhere in a text. */
export function takeRegex(cursor: PatternCursor): (text: string) => boolean {
  const start = cursor.at;
  if (++cursor.regexCount > cursor.maxRegexes) cursor.fail(`a pattern of this kind has at most ${cursor.maxRegexes} regular expressions`);
  const end = cursor.text.indexOf('%', start + 1);
  if (end < 0) cursor.fail('this %regex% is never closed by "%"', start);
  if (end === start + 1) cursor.fail('an empty %regex%', start);
  cursor.at = start + 1;
  const source = new RegexReader(cursor, end).read();
  cursor.at = end + 1;
  try {
    // The flag "s": a dot is documented as any single character, so also a line break.
    const regex = compileRegex(source, 's');
    return (text) => regex.test(text);
  } catch (error) {
    if (error instanceof RegexSyntaxError) cursor.fail(error.message, start);
    throw error;
  }
}

/** Checks a regular expression character by character and writes it in the engine's syntax. */
class RegexReader {
  readonly #cursor: PatternCursor;
  readonly #end: number;
  #counts = 0;
  constructor(cursor: PatternCursor, end: number) {
    this.#cursor = cursor;
    this.#end = end;
  }

  read(): string {
    let source = '';
    /** Whether the last part may be repeated by `* + ? {}`. */
    let repeatable = false;
    while (this.#cursor.at < this.#end) {
      const character = this.#peek();
      if (character === '*' || character === '+' || character === '?' || character === '{') {
        if (!repeatable) this.#failAtQuantifier(character);
        source += this.#takeQuantifier();
        repeatable = false;
      } else {
        source += this.#takePart(character);
        repeatable = character !== '^' && character !== '$' && character !== '|';
      }
    }
    return source;
  }

  #peek(): string {
    return this.#cursor.at < this.#end ? (this.#cursor.text[this.#cursor.at] as string) : '';
  }

  #failAtQuantifier(character: string): never {
    const before = this.#cursor.text[this.#cursor.at - 1] as string;
    if ('*+?}'.includes(before)) {
      const lazy = character === '?' ? '; without the "?" the same events match' : '';
      this.#cursor.fail(`"${before}${character}" is not in the documented syntax${lazy}`);
    }
    return this.#cursor.fail(`"${character}" has nothing to repeat here; the character itself is "\\${character}"`);
  }

  #takeQuantifier(): string {
    const { at } = this.#cursor;
    const character = this.#peek();
    this.#cursor.at++;
    if (character !== '{') return character;
    const close = this.#cursor.text.indexOf('}', at);
    const inner = close < 0 || close >= this.#end ? '' : this.#cursor.text.slice(at + 1, close);
    const [, from = '', comma, to = ''] = /^(\d*)\s*(,?)\s*(\d*)$/.exec(inner) ?? [];
    if (comma === undefined || (from === '' && to === ''))
      this.#cursor.fail('a repetition is {n}, {m,n}, {m,} or {,n}; the character itself is "\\{"', at);
    const min = Number(from);
    const max = to === '' ? min : Number(to);
    if (max < min) this.#cursor.fail(`the repetition {${inner}} ends before it begins`, at);
    this.#counts += max;
    if (this.#counts > MAX_COUNT) this.#cursor.fail(`repetitions add up to more than ${MAX_COUNT}`, at);
    this.#cursor.at = close + 1;
    return comma === '' ? `{${min}}` : `{${min},${to === '' ? '' : max}}`;
  }

  #takePart(character: string): string {
    if (character === '[') return this.#takeSet();
    if (character === '\\') return this.#takeEscape();
    if (character === ']' || character === '}')
      this.#cursor.fail(`"${character}" closes nothing; the character itself is "\\${character}"`);
    return this.#takePlain('^$|.');
  }

  /** A character that stands for itself, or an operator of `special`, which the engine knows by the same sign. */
  #takePlain(special: string): string {
    const character = this.#peek();
    const isPlain = /[A-Za-z0-9 ]/.test(character) || SYMBOLS.includes(character);
    if (!isPlain && !special.includes(character)) this.#failAtCharacter(character);
    this.#cursor.at++;
    return character;
  }

  #failAtCharacter(character: string): never {
    if (character === '(' || character === ')') {
      this.#cursor.fail(`"${character}" is not supported: there are no sub-patterns; the character itself is "${hex(character)}"`);
    }
    if (character > '\x7f') this.#cursor.fail('multi-byte characters are not supported; "." stands for any one');
    return this.#cursor.fail(`${nameOf(character)} is not supported in a %regex%; it is written "${hex(character)}"`);
  }

  #takeEscape(): string {
    const { at } = this.#cursor;
    this.#cursor.at++;
    const character = this.#peek();
    if (character === '') this.#cursor.fail('a backslash ends this %regex%; a "%" in it is written "\\x25", a backslash "\\\\"', at);
    this.#cursor.at++;
    if (CLASSES.includes(character)) return `\\${character}`;
    if (OPERATORS.includes(character)) return `\\${character}`;
    if (SYMBOLS.includes(character)) return character === '-' ? '\\-' : character;
    if (character !== 'x') {
      const known = /[A-Za-z0-9 ]/.test(character) ? 'there are \\d \\D \\s \\S \\w \\W \\xhh' : `it is written "${hex(character)}"`;
      return this.#cursor.fail(`"\\${character}" is not in the documented syntax: ${known}`, at);
    }
    const digits = this.#cursor.text.slice(this.#cursor.at, this.#cursor.at + 2);
    if (!/^[0-7][0-9A-Fa-f]$/.test(digits))
      this.#cursor.fail('"\\x" is followed by two hexadecimal digits of an ASCII character, 00 to 7F', at);
    this.#cursor.at += 2;
    return `\\x${digits}`;
  }

  #takeSet(): string {
    const start = this.#cursor.at;
    this.#cursor.at++;
    let source = '[';
    if (this.#peek() === '^') {
      source += '^';
      this.#cursor.at++;
    }
    const first = this.#cursor.at;
    while (this.#peek() !== ']') {
      if (this.#peek() === '') this.#cursor.fail('this "[" is never closed by "]"', start);
      source += this.#takeSetItem();
    }
    if (this.#cursor.at === first) this.#cursor.fail('an empty character class; "]" itself is "\\]"', start);
    this.#cursor.at++;
    return `${source}]`;
  }

  /** One character, class or range of a `[set]`. */
  #takeSetItem(): string {
    const at = this.#cursor.at;
    const from = this.#takeSetCharacter();
    if (this.#peek() !== '-' || this.#cursor.text[this.#cursor.at + 1] === ']') return from.source;
    this.#cursor.at++;
    const to = this.#takeSetCharacter();
    if (from.code === undefined || to.code === undefined) this.#cursor.fail('a range has a character at both ends', at);
    if (to.code < from.code) this.#cursor.fail(`the range ${this.#cursor.text.slice(at, this.#cursor.at)} ends before it begins`, at);
    return `${from.source}-${to.source}`;
  }

  #takeSetCharacter(): { readonly source: string; readonly code?: number } {
    const character = this.#peek();
    if (character === '\\') {
      const source = this.#takeEscape();
      if (CLASSES.includes(source[1] ?? '') && source.length === 2) return { source };
      const code = source.startsWith('\\x') ? Number.parseInt(source.slice(2), 16) : source.charCodeAt(source.length - 1);
      return { source, code };
    }
    if (character === '[') this.#cursor.fail('"[" inside a character class is written "\\["');
    const plain = this.#takePlain('^$?{}|*+.');
    return { source: /[A-Za-z0-9 ]/.test(plain) ? plain : `\\${plain}`, code: plain.charCodeAt(0) };
  }
}

function hex(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

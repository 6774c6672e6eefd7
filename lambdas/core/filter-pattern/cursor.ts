import type { PatternWarning } from './types.ts';

/** Thrown while a pattern is read, and only there; `compileFilterPattern` turns it into a value. */
export class PatternSyntaxError extends Error {
  override readonly name = 'PatternSyntaxError';
  /** 0-based position in the pattern. */
  readonly at: number;
  constructor(at: number, reason: string) {
    super(reason);
    this.at = at;
  }
}

/** White space between the parts of a pattern and between the fields of a space-delimited event. */
export function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t' || character === '\n' || character === '\r' || character === '\v' || character === '\f';
}

/** How a reason names a character that the reader sees, or does not. */
export function nameOf(character: string | undefined): string {
  if (character === undefined) return 'the end of the pattern';
  if (isBlank(character)) return 'a blank';
  return character === '"' ? `'"'` : `"${character}"`;
}

/** A pattern and how far it has been read. */
export class PatternCursor {
  readonly text: string;
  readonly warnings: PatternWarning[] = [];
  /** Regular expressions read so far. */
  regexCount = 0;
  /** How many the pattern's shape may have. */
  maxRegexes = 1;
  at = 0;
  constructor(text: string) {
    this.text = text;
  }

  /** The next character, whole even where it takes two UTF-16 units. */
  peek(): string | undefined {
    const code = this.text.codePointAt(this.at);
    return code === undefined ? undefined : String.fromCodePoint(code);
  }

  startsWith(part: string): boolean {
    return this.text.startsWith(part, this.at);
  }

  /** Reads `part` if it is next. */
  take(part: string): boolean {
    if (!this.startsWith(part)) return false;
    this.at += part.length;
    return true;
  }

  skipBlanks(): void {
    while (isBlank(this.text[this.at])) this.at++;
  }

  /** Reads characters while `accept` says so. */
  takeWhile(accept: (character: string) => boolean): string {
    const start = this.at;
    while (this.at < this.text.length && accept(this.text[this.at] as string)) this.at++;
    return this.text.slice(start, this.at);
  }

  fail(reason: string, at: number = this.at): never {
    throw new PatternSyntaxError(at, reason);
  }

  /** Refuses the next character of a term or value that is written without quotes. */
  failUnquoted(what: 'term' | 'value'): never {
    const next = this.peek();
    if (next !== undefined && /[\u2018-\u201f]/.test(next)) this.fail(`${next} is a typographic quote; phrases are in plain double quotes`);
    if (next === "'") this.fail(`a ${what} is in double quotes, not in '`);
    return this.fail(`a ${what} with ${nameOf(next)} must be in double quotes`);
  }

  warn(reason: string, at: number): void {
    this.warnings.push({ column: at + 1, reason });
  }

  /** Reads a phrase in double quotes; `\"` and `\\` stand for a quote and a backslash, any other backslash for itself. */
  takeQuoted(): string {
    const start = this.at;
    let text = '';
    for (let at = start + 1; at < this.text.length; at++) {
      const character = this.text[at] as string;
      const next = this.text[at + 1];
      if (character === '"') {
        this.at = at + 1;
        return text;
      }
      if (character === '\\' && (next === '"' || next === '\\')) {
        text += next;
        at++;
      } else {
        text += character;
      }
    }
    return this.fail('this double quote is never closed', start);
  }
}

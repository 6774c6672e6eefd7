/** Backslashes directly before `at`, not counting any before `from`. */
export function backslashesBefore(text: string, at: number, from: number): number {
  let i = at - 1;
  while (i >= from && text.charCodeAt(i) === 92) i--;
  return at - 1 - i;
}

/**
 * End of the value of a quoted string whose opening quote is at `open`: the position of the first character that is not the value's. JSON inside a JSON
 * string escapes its quotes, again and again with each level: with n backslashes before the opening quote, a quote belongs to the value when the
 * backslashes before it are 2n+1 over a multiple of 2n+2 (that multiple being backslashes of the value itself). A line break ends it too: no JSON string
 * holds one, so an unbalanced quote in plain text cannot swallow the lines after it.
 *
 * Two quotes with as many backslashes never both pass over a third like them, so all calls for one text together read it once per level of nesting, and
 * n characters have room for log2(n) levels.
 */
export function quotedEnd(text: string, open: number): number {
  const depth = backslashesBefore(text, open, 0);
  const unit = 2 * depth + 2;
  const from = open + 1;
  let quote = text.indexOf('"', from);
  while (quote >= 0) {
    const run = backslashesBefore(text, quote, from) % unit;
    if (run !== 2 * depth + 1) return lineEnd(text, from, quote - run);
    quote = text.indexOf('"', quote + 1);
  }
  return lineEnd(text, from, text.length);
}

/** The first line break between the positions, or the second of them. */
function lineEnd(text: string, from: number, end: number): number {
  const line = text.slice(from, end).indexOf('\n');
  return line < 0 ? end : from + line;
}

/** The same for a value in single quotes, which only plain text has. */
export function singleQuotedEnd(text: string, open: number): number {
  for (let i = open + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    // A double quote is the end of a JSON string around it: the single quote was never closed.
    if (c === 39 || c === 10 || c === 34) return i - (c === 34 ? backslashesBefore(text, i, open + 1) : 0);
  }
  return text.length;
}

/** Position of the double quote that opens at `at`, after backslashes of nested JSON; -1 where none does. */
export function openingQuote(text: string, at: number): number {
  let i = at;
  while (text.charCodeAt(i) === 92) i++;
  return text.charCodeAt(i) === 34 ? i : -1;
}

/** Position behind the closing quote of a string whose value ends at `end`; -1 where it is not closed by one with `depth` backslashes. */
export function afterQuote(text: string, end: number, depth: number): number {
  const quote = openingQuote(text, end);
  return quote - end === depth ? quote + 1 : -1;
}

/**
 * Tells whether a quote opens a string, going by the quotes before it: of those with as many backslashes, back to the first with fewer (which opened the
 * string around), an even number must have come. Behind a bare `password=` a quote may as well be the end of the text that the words are in. Asked from
 * left to right, so every quote is counted once.
 */
export class OpenStrings {
  readonly #text: string;
  /** Backslashes of the strings that may be open, outermost first, and whether each is. */
  readonly #depths: number[] = [];
  readonly #isOpen: boolean[] = [];
  #next: number;
  #newline: number;
  #asked = 0;

  constructor(text: string) {
    this.#text = text;
    this.#next = text.indexOf('"');
    this.#newline = text.indexOf('\n');
  }

  /** Whether the quote at `at` opens a string; positions must not fall. */
  opensAt(at: number): boolean {
    if (at < this.#asked) this.#restart();
    this.#asked = at;
    while (this.#next >= 0 && this.#next < at) {
      this.#newLineBefore(this.#next);
      this.#count(backslashesBefore(this.#text, this.#next, 0));
      this.#next = this.#text.indexOf('"', this.#next + 1);
    }
    this.#newLineBefore(at);
    const level = this.#depths.lastIndexOf(backslashesBefore(this.#text, at, 0));
    return level < 0 || this.#isOpen[level] !== true;
  }

  #count(depth: number): void {
    while (this.#depths.length > 0 && (this.#depths.at(-1) as number) > depth) {
      this.#depths.pop();
      this.#isOpen.pop();
    }
    const top = this.#depths.length - 1;
    if (this.#depths[top] === depth) this.#isOpen[top] = this.#isOpen[top] !== true;
    else {
      this.#depths.push(depth);
      this.#isOpen.push(true);
    }
  }

  /** No string goes over a line break. */
  #newLineBefore(at: number): void {
    if (this.#newline < 0 || this.#newline > at) return;
    this.#depths.length = this.#isOpen.length = 0;
    while (this.#newline >= 0 && this.#newline < at) this.#newline = this.#text.indexOf('\n', this.#newline + 1);
  }

  #restart(): void {
    this.#depths.length = this.#isOpen.length = 0;
    this.#next = this.#text.indexOf('"');
    this.#newline = this.#text.indexOf('\n');
  }
}

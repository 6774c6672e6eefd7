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

const MAX_QUOTES_BACK = 1_000;

/**
 * Whether the quote at `at` opens a string, going by the quotes before it: of those with as many backslashes, back to the first with fewer (which opened the
 * string around), an even number must have come. Behind a bare `password=` a quote may as well be the end of the text that the words are in.
 */
export function opensString(text: string, at: number): boolean {
  const depth = backslashesBefore(text, at, 0);
  let isEven = true;
  let quote = text.lastIndexOf('"', at - 1);
  for (let seen = 0; quote >= 0 && seen < MAX_QUOTES_BACK; seen++) {
    const run = backslashesBefore(text, quote, 0);
    if (run < depth) break;
    if (run === depth) isEven = !isEven;
    quote = quote === 0 ? -1 : text.lastIndexOf('"', quote - 1);
  }
  return isEven;
}

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
  const line = text.indexOf('\n', from);
  const limit = line < 0 ? text.length : line;
  while (quote >= 0 && quote < limit) {
    const run = backslashesBefore(text, quote, from) % unit;
    if (run !== 2 * depth + 1) return quote - run;
    quote = text.indexOf('"', quote + 1);
  }
  return limit;
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

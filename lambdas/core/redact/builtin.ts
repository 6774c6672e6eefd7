import { holdsEscapedLetter } from './escaped-letter.ts';
import type { Found } from './findings.ts';
import { isJson, mapStrings } from './json-strings.ts';
import { markOf } from './rule-names.ts';
import { findSecrets } from './search.ts';

/** An escaped letter, `\u0070`, or quote, `\u0022`, at any level of nesting. */
const ESCAPED_LETTER = /(?<!\\)\\+u00(?:22|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9a])/gi;

/** Replaces what the built-in rules call a secret, in place: the text around it stays as it is, and JSON stays JSON. */
export function redactBuiltin(text: string, rules: ReadonlySet<string>): string {
  const found = findSecrets(text, { rules, isStrict: false });
  const redacted = found === undefined ? text : redactFound(text, found, rules);
  // Asked of the text, whose answer the search has left: no mark brings another one in.
  return holdsEscapedLetter(text) ? redactEscaped(redacted, rules) : redacted;
}

/** `"\u0070assword"` is a name too. Letters are written out only where that brings a secret to light. */
function redactEscaped(text: string, rules: ReadonlySet<string>): string {
  const plain = text.replace(ESCAPED_LETTER, (letter) =>
    letter.endsWith('22') ? `${'\\'.repeat(quoteDepth(letter.length - 5))}"` : String.fromCharCode(Number.parseInt(letter.slice(-4), 16)),
  );
  if (plain === text) return text;
  const found = findSecrets(plain, { rules, isStrict: false });
  if (found === undefined) return text;
  const redacted = redactFound(plain, found, rules);
  return redacted === plain ? text : redacted;
}

/** Backslashes before the quote that means what `u0022` with so many of them means: one decoding takes half of them, and the last one of an odd number. */
function quoteDepth(backslashes: number): number {
  return backslashes % 2 === 1 ? backslashes : 2 * quoteDepth(backslashes / 2) + 1;
}

/** In JSON, names without quotes are inside of texts: each text is then searched by itself, where it is plain what its quotes mean. */
function redactFound(text: string, found: readonly Found[], rules: ReadonlySet<string>): string {
  if (!found.some(({ isLoose }) => isLoose) || !isJson(text)) return replaced(text, found);
  const certain = replaced(text, findSecrets(text, { rules, isStrict: true }) ?? []);
  return mapStrings(certain, (inner) => redactBuiltin(inner, rules));
}

/** Of two that start together the longer one comes first; of two that are alike, the name before it says more than the shape of a token. */
function inTextOrder(a: Found, b: Found): number {
  return a.start - b.start || b.end - a.end || Number(a.rule === 'vendorToken') - Number(b.rule === 'vendorToken');
}

function replaced(text: string, found: readonly Found[]): string {
  let result = '';
  let done = 0;
  const inOrder = found.length === 1 ? found : [...found].sort(inTextOrder);
  for (const { rule, start, end, literal } of inOrder) {
    if (end <= done || end === start) continue;
    // What goes over the end of the one before goes as well, under its mark.
    if (start >= done) result += text.slice(done, start) + (literal ?? markOf(rule));
    done = end;
  }
  return done === 0 ? text : result + text.slice(done);
}

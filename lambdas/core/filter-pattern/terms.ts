import { isBlank, nameOf, type PatternCursor } from './cursor.ts';
import { takeRegex } from './regex.ts';

/** What an unstructured pattern asks for. */
export interface Terms {
  /** All must occur; with any of these, `optional` has no effect. */
  readonly required: readonly string[];
  /** None may occur. */
  readonly excluded: readonly string[];
  /** Any must occur, if there is nothing else. */
  readonly optional: readonly string[];
}

/** Reads terms (`ERROR "two words" -excluded ?optional`) or one `%regex%` and returns the test of a message. */
export function compileTerms(cursor: PatternCursor): (message: string) => boolean {
  cursor.skipBlanks();
  if (cursor.peek() === '%') return takeLoneRegex(cursor);
  return testOf(takeTerms(cursor));
}

function takeLoneRegex(cursor: PatternCursor): (message: string) => boolean {
  const test = takeRegex(cursor);
  cursor.skipBlanks();
  if (cursor.peek() !== undefined) cursor.fail('a %regex% stands alone in a pattern: join alternatives inside it by "|"');
  return test;
}

/** Reads the terms of an unstructured pattern; a `%regex%` is none. */
export function takeTerms(cursor: PatternCursor): Terms {
  const required: string[] = [];
  const excluded: string[] = [];
  const optional: string[] = [];
  let firstOptional = -1;
  for (cursor.skipBlanks(); cursor.peek() !== undefined; cursor.skipBlanks()) {
    const start = cursor.at;
    const sign = cursor.take('-') ? '-' : cursor.take('?') ? '?' : '';
    const term = takeTerm(cursor, sign);
    const everywhere = term.trim() === '';
    if (sign === '-' && everywhere) cursor.fail('this excludes every event', start);
    // A blank phrase is the documented way to match everything.
    const kept = everywhere ? '' : term;
    if (sign === '?') {
      optional.push(kept);
      if (firstOptional < 0) firstOptional = start;
    } else {
      (sign === '-' ? excluded : required).push(kept);
    }
  }
  if (firstOptional >= 0 && required.length + excluded.length > 0) {
    cursor.warn('"?" terms have no effect beside other terms: CloudWatch Logs ignores them', firstOptional);
  }
  return { required, excluded, optional };
}

function takeTerm(cursor: PatternCursor, sign: string): string {
  const next = cursor.peek();
  if (sign !== '' && (next === undefined || isBlank(next))) cursor.fail(`a term must follow "${sign}" without a blank`, cursor.at - 1);
  if (next === '%') cursor.fail('a %regex% stands alone in a pattern, without other terms and without "-" or "?"');
  const term = next === '"' ? cursor.takeQuoted() : cursor.takeWhile((character) => /[A-Za-z0-9_]/.test(character));
  const after = cursor.peek();
  if (after === undefined || isBlank(after)) return term;
  if (next === '"') cursor.fail(`a blank is expected after a phrase, not ${nameOf(after)}`);
  if (after === '*') cursor.fail('"*" is no wildcard here: a term is found anywhere in the text; a literal "*" must be in double quotes');
  return cursor.failUnquoted('term');
}

function testOf(terms: Terms): (message: string) => boolean {
  const { required, excluded, optional } = terms;
  if (required.length === 0 && excluded.length === 0) return (message) => optional.some((term) => message.includes(term));
  return (message) => required.every((term) => message.includes(term)) && !excluded.some((term) => message.includes(term));
}

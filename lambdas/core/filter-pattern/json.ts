import { takeComparison } from './comparison.ts';
import { nameOf, type PatternCursor } from './cursor.ts';
import { type Condition, takeExpression } from './expression.ts';
import { isWildcard, selectSome, takeSelector } from './selector.ts';
import { MAX_WILDCARD_SELECTORS, type MatchedEvent, type SelectorStep, type ValueSelector } from './types.ts';

/** Reads `{ $.a = "x" && … }` and returns how an event is opened by it. */
export function compileJson(cursor: PatternCursor): (message: string) => MatchedEvent | undefined {
  cursor.take('{');
  let wildcards = 0;
  const holds = takeExpression(cursor, () => {
    const start = cursor.at;
    const steps = takeSelector(cursor);
    wildcards += steps.filter(isWildcard).length;
    if (wildcards > MAX_WILDCARD_SELECTORS) cursor.fail(`a pattern has at most ${MAX_WILDCARD_SELECTORS} wildcard selectors`, start);
    return takeTest(cursor, steps);
  });
  takeEnd(cursor);
  return (message) => {
    const event = parseObject(message);
    return event !== undefined && holds(event) ? openJson(event) : undefined;
  };
}

function takeEnd(cursor: PatternCursor): void {
  cursor.skipBlanks();
  if (cursor.peek() === ',') cursor.fail('conditions are joined by "&&" or "||", not by a comma');
  if (cursor.peek() === ')') cursor.fail('no parenthesis is open here');
  if (!cursor.take('}')) cursor.fail(`"&&", "||" or "}" is expected here, not ${nameOf(cursor.peek())}`);
  cursor.skipBlanks();
  if (cursor.peek() !== undefined) cursor.fail('nothing may follow "}"');
}

function takeTest(cursor: PatternCursor, steps: readonly SelectorStep[]): Condition<unknown> {
  cursor.skipBlanks();
  const start = cursor.at;
  const test = takeComparison(cursor);
  if (test !== undefined) {
    warnOfLiteral(cursor, start);
    return (event) =>
      selectSome(event, steps, (value) => {
        const text = textOf(value);
        return text !== undefined && test(text);
      });
  }
  const word = cursor.takeWhile((character) => /[A-Za-z]/.test(character));
  if (word === 'IS') return takeIs(cursor, steps);
  if (word === 'NOT') {
    cursor.skipBlanks();
    if (cursor.takeWhile((character) => /[A-Za-z]/.test(character)) !== 'EXISTS') cursor.fail('"NOT" is only known as "NOT EXISTS"', start);
    return (event) => !selectSome(event, steps, () => true);
  }
  if (word === 'EXISTS') cursor.fail('"EXISTS" is not supported; "= *" asks for any string or number', start);
  if (/^(is|not|exists)$/i.test(word)) cursor.fail(`write ${word.toUpperCase()} in capitals`, start);
  return cursor.fail(
    `an operator is expected here (= != < > <= >=, IS, NOT EXISTS), not ${word === '' ? nameOf(cursor.peek()) : `"${word}"`}`,
    start,
  );
}

function takeIs(cursor: PatternCursor, steps: readonly SelectorStep[]): Condition<unknown> {
  cursor.skipBlanks();
  const start = cursor.at;
  const word = cursor.takeWhile((character) => /[A-Za-z]/.test(character));
  if (word === 'NOT') cursor.fail('"IS NOT" is not supported', start);
  const literals: { readonly [word: string]: null | boolean } = { NULL: null, TRUE: true, FALSE: false };
  const literal = Object.hasOwn(literals, word) ? literals[word] : undefined;
  if (literal === undefined) cursor.fail('"IS" is followed by NULL, TRUE or FALSE', start);
  return (event) => selectSome(event, steps, (value) => value === literal);
}

function warnOfLiteral(cursor: PatternCursor, start: number): void {
  const literal = /^!?=\s*(true|false|null)$/.exec(cursor.text.slice(start, cursor.at))?.[1];
  if (literal !== undefined) {
    cursor.warn(`this compares with the string "${literal}"; a JSON ${literal} is asked for by IS ${literal.toUpperCase()}`, start);
  }
}

/** Only strings and numbers are compared: at an array, object, true, false or null both "=" and "!=" are false. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : undefined;
}

/** An event that is not one JSON object matches no JSON pattern, not even `!=` or `NOT EXISTS`. */
function parseObject(message: string): object | undefined {
  let at = 0;
  while (at < message.length && message.charCodeAt(at) <= 32) at++;
  if (message.charCodeAt(at) !== 123) return undefined;
  try {
    return JSON.parse(message) as object;
  } catch {
    return undefined;
  }
}

function openJson(event: object): MatchedEvent {
  return {
    extractedFields: () => ({}),
    valueOf(selector: ValueSelector) {
      if (selector.kind !== 'json') return undefined;
      let text: string | undefined;
      selectSome(event, selector.steps, (value) => {
        text = textOf(value);
        return text !== undefined;
      });
      return text;
    },
  };
}

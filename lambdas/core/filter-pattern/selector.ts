import { nameOf, type PatternCursor } from './cursor.ts';
import type { SelectorStep } from './types.ts';

/** Reads a property selector: `$.a.b[0]`, `$.['a.b']`, `$.a[*].b`, `$.*`. */
export function takeSelector(cursor: PatternCursor): SelectorStep[] {
  const start = cursor.at;
  if (!cursor.take('$')) cursor.fail(`a property selector starts with "$.", not with ${nameOf(cursor.peek())}`);
  if (!cursor.take('.')) {
    const bracket = cursor.peek() === '[';
    cursor.fail(bracket ? `a property follows "$.": write $.['name']` : `"." must follow "$", not ${nameOf(cursor.peek())}`);
  }
  const steps: SelectorStep[] = [takeProperty(cursor)];
  for (;;) {
    if (cursor.take('.')) steps.push(takeProperty(cursor));
    else if (cursor.peek() === '[') steps.push(takeBrackets(cursor));
    else break;
  }
  if (steps.filter(isWildcard).length > 1) cursor.fail('a property selector has at most one wildcard', start);
  return steps;
}

/** Whether a step selects any element or any property. */
export function isWildcard(step: SelectorStep): boolean {
  return step.kind === 'anyElement' || step.kind === 'anyProperty';
}

function takeProperty(cursor: PatternCursor): SelectorStep {
  if (cursor.take('*')) return { kind: 'anyProperty' };
  if (cursor.startsWith("['")) return takeBrackets(cursor);
  const name = cursor.takeWhile((character) => /[A-Za-z0-9_-]/.test(character));
  const next = cursor.peek();
  if (name === '' && next === '"') cursor.fail(`a name with other characters is written $.['name'], not in double quotes`);
  if (name === '') cursor.fail(`a property's name is expected here, not ${nameOf(next)}`);
  if (next !== undefined && !/[\s.[\]=!<>()}&|,]/.test(next)) {
    cursor.fail(`a property's name holds letters, digits, "-" and "_"; with ${nameOf(next)} it is written $.['name']`);
  }
  return { kind: 'property', name };
}

function takeBrackets(cursor: PatternCursor): SelectorStep {
  const start = cursor.at;
  cursor.take('[');
  const step = takeInBrackets(cursor, start);
  if (!cursor.take(']')) cursor.fail(`"]" is expected here, not ${nameOf(cursor.peek())}`);
  return step;
}

function takeInBrackets(cursor: PatternCursor, start: number): SelectorStep {
  if (cursor.take('*')) return { kind: 'anyElement' };
  if (cursor.peek() === "'") return { kind: 'property', name: takeBracketName(cursor, start) };
  if (cursor.peek() === '"') cursor.fail("a name in brackets is in single quotes: ['name']");
  const digits = cursor.takeWhile((character) => character >= '0' && character <= '9');
  if (digits === '') cursor.fail(`an element's number, "*" or a 'name' is expected here, not ${nameOf(cursor.peek())}`);
  return { kind: 'element', index: Number(digits) };
}

function takeBracketName(cursor: PatternCursor, start: number): string {
  const end = cursor.text.indexOf("'", cursor.at + 1);
  if (end < 0) cursor.fail("this ['name'] is never closed", start);
  const name = cursor.text.slice(cursor.at + 1, end);
  if (name === '') cursor.fail('a name in brackets must not be empty');
  cursor.at = end + 1;
  return name;
}

/**
 * Calls `visit` with each value that a selector names in a parsed JSON event until it returns true; a wildcard names many.
 * Returns whether any call did. Keys are looked up as the event's own only.
 */
export function selectSome(root: unknown, steps: readonly SelectorStep[], visit: (value: unknown) => boolean, from = 0): boolean {
  let value = root;
  for (let at = from; at < steps.length; at++) {
    if (typeof value !== 'object' || value === null) return false;
    const step = steps[at] as SelectorStep;
    if (isWildcard(step)) {
      if (Array.isArray(value) !== (step.kind === 'anyElement')) return false;
      return Object.values(value).some((inner) => selectSome(inner, steps, visit, at + 1));
    }
    if (step.kind === 'element') {
      if (!Array.isArray(value) || step.index >= value.length) return false;
      value = value[step.index];
    } else if (step.kind === 'property') {
      if (Array.isArray(value) || !Object.hasOwn(value, step.name)) return false;
      value = (value as { readonly [key: string]: unknown })[step.name];
    }
  }
  return visit(value);
}

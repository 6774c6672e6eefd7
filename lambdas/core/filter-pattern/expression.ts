import { nameOf, type PatternCursor } from './cursor.ts';

/** A condition on what an event was opened into. */
export type Condition<Subject> = (subject: Subject) => boolean;

/** Reads conditions joined by `&&` and `||` with parentheses; `&&` binds tighter than `||`. */
export function takeExpression<Subject>(cursor: PatternCursor, takeCondition: () => Condition<Subject>): Condition<Subject> {
  const alternatives = [takeConjunction(cursor, takeCondition)];
  while (takeOperator(cursor, '|')) alternatives.push(takeConjunction(cursor, takeCondition));
  return alternatives.length === 1 ? (alternatives[0] as Condition<Subject>) : (subject) => alternatives.some((one) => one(subject));
}

function takeConjunction<Subject>(cursor: PatternCursor, takeCondition: () => Condition<Subject>): Condition<Subject> {
  const parts = [takeOperand(cursor, takeCondition)];
  while (takeOperator(cursor, '&')) parts.push(takeOperand(cursor, takeCondition));
  return parts.length === 1 ? (parts[0] as Condition<Subject>) : (subject) => parts.every((part) => part(subject));
}

function takeOperand<Subject>(cursor: PatternCursor, takeCondition: () => Condition<Subject>): Condition<Subject> {
  cursor.skipBlanks();
  const start = cursor.at;
  if (!cursor.take('(')) return takeCondition();
  const inner = takeExpression(cursor, takeCondition);
  cursor.skipBlanks();
  if (cursor.peek() === undefined) cursor.fail('this parenthesis is never closed', start);
  if (!cursor.take(')')) cursor.fail(`")", "&&" or "||" is expected here, not ${nameOf(cursor.peek())}`);
  return inner;
}

function takeOperator(cursor: PatternCursor, sign: '&' | '|'): boolean {
  cursor.skipBlanks();
  if (cursor.peek() !== sign) return false;
  if (!cursor.take(sign + sign)) cursor.fail(`write "${sign}${sign}"`);
  return true;
}

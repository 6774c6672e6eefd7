import { nameOf, type PatternCursor } from './cursor.ts';
import { numberIn, sameNumber } from './number.ts';
import { takeRegex } from './regex.ts';

/** Whether the text of a value fulfils a condition; a number is given as its text. */
export type Test = (text: string) => boolean;

const OPERATORS = ['!=', '<=', '>=', '=', '<', '>'] as const;
type Operator = (typeof OPERATORS)[number];

/** Reads `= value`, `!= value`, `< number` … and returns the condition, or undefined where no operator follows. */
export function takeComparison(cursor: PatternCursor): Test | undefined {
  const operator = OPERATORS.find((candidate) => cursor.take(candidate));
  if (operator === undefined) return undefined;
  if (cursor.peek() === '=' || cursor.peek() === '>' || cursor.peek() === '<') {
    cursor.fail(`no operator "${operator}${cursor.peek()}": there are = != < > <= >=`, cursor.at - operator.length);
  }
  cursor.skipBlanks();
  return operator === '=' || operator === '!=' ? takeEquality(cursor, operator) : takeOrder(cursor, operator);
}

function takeEquality(cursor: PatternCursor, operator: '=' | '!='): Test {
  const equals = takeEqual(cursor);
  return operator === '=' ? equals : (text) => !equals(text);
}

function takeEqual(cursor: PatternCursor): Test {
  const start = cursor.at;
  if (cursor.peek() === '%') return takeRegex(cursor);
  if (cursor.peek() === '"') return equalsText(cursor.takeQuoted(), cursor, start);
  const word = takeWord(cursor);
  if (numberIn(word) !== undefined) return (text) => text === word || sameNumber(text, word);
  return equalsText(word, cursor, start);
}

/** `*` is a wildcard at the start and at the end of a text only; inside it stands for itself. */
function equalsText(pattern: string, cursor: PatternCursor, start: number): Test {
  const open = pattern.startsWith('*');
  const openEnd = pattern.endsWith('*');
  let from = 0;
  let to = pattern.length;
  while (from < to && pattern[from] === '*') from++;
  while (to > from && pattern[to - 1] === '*') to--;
  const part = pattern.slice(from, to);
  if (part.includes('*')) {
    cursor.warn(
      '"*" is a wildcard only at the start and at the end of a value; inside it stands for itself (a %regex% can do more)',
      start,
    );
  }
  if (open && openEnd) return part === '' ? () => true : (text) => text.includes(part);
  if (open) return (text) => text.endsWith(part);
  if (openEnd) return (text) => text.startsWith(part);
  return (text) => text === pattern;
}

function takeOrder(cursor: PatternCursor, operator: Exclude<Operator, '=' | '!='>): Test {
  const start = cursor.at;
  if (cursor.peek() === '"' || cursor.peek() === '%') cursor.fail(`"${operator}" needs a number without quotes`, start);
  const word = takeWord(cursor);
  const limit = numberIn(word);
  if (limit === undefined) cursor.fail(`"${operator}" needs a number; "${word}" is none`, start);
  return (text) => {
    const value = numberIn(text);
    return value !== undefined && compare(value, operator, limit);
  };
}

function compare(value: number, operator: Exclude<Operator, '=' | '!='>, limit: number): boolean {
  if (operator === '<') return value < limit;
  if (operator === '>') return value > limit;
  return operator === '<=' ? value <= limit : value >= limit;
}

/** Reads a value without quotes: letters, digits, `_`, `.`, the wildcard `*`, and the signs of a number. */
function takeWord(cursor: PatternCursor): string {
  const start = cursor.at;
  const word = cursor.takeWhile((character) => /[A-Za-z0-9_.*+-]/.test(character));
  const next = cursor.peek();
  const ends = next === undefined || /[\s,()\]}&|]/.test(next);
  if (word === '' && ends) cursor.fail(`a value must follow the operator, not ${nameOf(next)}`);
  if (!ends) cursor.failUnquoted('value');
  const sign = word.search(/[+-]/);
  if (sign >= 0 && numberIn(word) === undefined) cursor.fail(`a value with "${word[sign]}" must be in double quotes`, start + sign);
  return word;
}

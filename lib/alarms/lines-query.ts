import { PatternCursor, PatternSyntaxError } from '../../lambdas/core/filter-pattern/cursor.ts';
import { numberIn } from '../../lambdas/core/filter-pattern/number.ts';
import { takeSelector } from '../../lambdas/core/filter-pattern/selector.ts';
import { takeTerms } from '../../lambdas/core/filter-pattern/terms.ts';

/** Lines that a message has room for. */
const LINES = 10;
/** Where our collectors put a line's own text: containers, events and the journal; anything else is shown as it is. */
const TEXT = 'coalesce(log, message, @message)';

/** A Logs Insights query for the newest events that one of the patterns matches; undefined where one of them says what a query cannot. */
export function linesQuery(patterns: readonly string[]): string | undefined {
  const conditions = patterns.map(conditionOf);
  if (conditions.length === 0 || conditions.some((condition) => condition === undefined)) return undefined;
  const text = patterns.some((pattern) => pattern.trimStart().startsWith('{')) ? TEXT : '@message';
  return `fields @timestamp, ${text} as line\n| filter ${conditions.join('\n  or ')}\n| sort @timestamp desc\n| limit ${LINES}`;
}

/** A filter pattern as a condition of Logs Insights; undefined for regular expressions, elements of lists, wildcards as properties, and IS. */
export function conditionOf(pattern: string): string | undefined {
  const trimmed = pattern.trim();
  if (trimmed === '' || trimmed.startsWith('[') || trimmed.startsWith('%')) return undefined;
  const cursor = new PatternCursor(trimmed);
  try {
    if (!trimmed.startsWith('{')) return termsCondition(cursor);
    cursor.take('{');
    return anyOf(cursor);
  } catch (error) {
    if (error instanceof PatternSyntaxError) return undefined;
    throw error;
  }
}

function termsCondition(cursor: PatternCursor): string | undefined {
  const { excluded, optional, required } = takeTerms(cursor);
  const has = (term: string): string => `@message like ${quoted(term)}`;
  const parts = [...required.map(has), ...excluded.map((term) => `@message not like ${quoted(term)}`)];
  if (parts.length > 0) return parts.length === 1 ? parts[0] : `(${parts.join(' and ')})`;
  return optional.length === 0 ? undefined : `(${optional.map(has).join(' or ')})`;
}

function anyOf(cursor: PatternCursor): string {
  const parts = [allOf(cursor)];
  while (takesSign(cursor, '||')) parts.push(allOf(cursor));
  return parts.length === 1 ? (parts[0] as string) : `(${parts.join(' or ')})`;
}

function allOf(cursor: PatternCursor): string {
  const parts = [operand(cursor)];
  while (takesSign(cursor, '&&')) parts.push(operand(cursor));
  return parts.length === 1 ? (parts[0] as string) : `(${parts.join(' and ')})`;
}

function takesSign(cursor: PatternCursor, sign: string): boolean {
  cursor.skipBlanks();
  return cursor.take(sign);
}

function operand(cursor: PatternCursor): string {
  cursor.skipBlanks();
  if (!cursor.take('(')) return comparison(cursor);
  const inner = anyOf(cursor);
  cursor.skipBlanks();
  if (!cursor.take(')')) cursor.fail('")" is expected here');
  return inner;
}

function comparison(cursor: PatternCursor): string {
  const steps = takeSelector(cursor).map((step) => (step.kind === 'property' ? step.name : cursor.fail('no field of a query')));
  const field = steps.every((name) => /^[A-Za-z_]\w*$/.test(name)) ? steps.join('.') : cursor.fail('no field of a query');
  cursor.skipBlanks();
  const sign = ['!=', '<=', '>=', '=', '<', '>'].find((candidate) => cursor.take(candidate)) ?? cursor.fail('no comparison');
  cursor.skipBlanks();
  if (cursor.peek() === '"') return textComparison(field, sign, cursor.takeQuoted());
  const word = cursor.takeWhile((character) => /[A-Za-z0-9_.*+-]/.test(character));
  if (word === '') return cursor.fail('no value of a query');
  return numberIn(word) === undefined ? textComparison(field, sign, word) : `${field} ${sign} ${word}`;
}

/** `*` is a wildcard at both ends of a text. */
function textComparison(field: string, sign: string, text: string): string {
  const part = text.replace(/^\*+|\*+$/g, '');
  const not = sign === '!=' ? 'not ' : '';
  if (text === part) return `${field} ${sign} ${quoted(text)}`;
  if (part === '') return sign === '!=' ? `not ispresent(${field})` : `ispresent(${field})`;
  const from = text.startsWith('*') ? '' : '^';
  const to = text.endsWith('*') ? '' : '$';
  if (from === '' && to === '') return `${field} ${not}like ${quoted(part)}`;
  return `${field} ${not}like /${from}${part.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}${to}/`;
}

function quoted(text: string): string {
  if (!/["\\]/.test(text)) return `"${text}"`;
  if (!/['\\]/.test(text)) return `'${text}'`;
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}

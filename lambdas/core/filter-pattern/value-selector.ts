import { PatternCursor, PatternSyntaxError } from './cursor.ts';
import { isWildcard, takeSelector } from './selector.ts';
import type { FilterPattern, FilterPatternError, ValueSelector } from './types.ts';

/** Reads where a metric filter finds a value or a dimension: `$.a.b[0]` or `$name`. */
export function parseValueSelector(text: string): { readonly ok: true; readonly selector: ValueSelector } | FilterPatternError {
  try {
    return { ok: true, selector: takeValueSelector(new PatternCursor(text)) };
  } catch (error) {
    if (error instanceof PatternSyntaxError) return { ok: false, column: error.at + 1, reason: error.message };
    throw error;
  }
}

function takeValueSelector(cursor: PatternCursor): ValueSelector {
  const field = /^\$([A-Za-z0-9_-]+)$/.exec(cursor.text)?.[1];
  if (field !== undefined) return { kind: 'field', name: field };
  if (!cursor.text.startsWith('$')) cursor.fail('a value is taken from $.property of a JSON event or from $field of a space-delimited one');
  const steps = takeSelector(cursor);
  if (cursor.peek() !== undefined) cursor.fail('nothing may follow the selector');
  if (steps.some(isWildcard)) cursor.fail('a value is taken from one place: no wildcard here', 0);
  return { kind: 'json', steps };
}

/** Why a pattern's events cannot have the value that a selector names, or undefined where they can. */
export function misfitOf(pattern: FilterPattern, selector: ValueSelector): string | undefined {
  if (pattern.kind === 'json') return selector.kind === 'json' ? undefined : 'a JSON pattern has $.properties, no $fields';
  if (pattern.kind !== 'space-delimited') return 'only JSON and space-delimited patterns have values to take';
  if (selector.kind === 'json') return 'a space-delimited pattern has $fields, no $.properties';
  if (pattern.fieldNames.includes(selector.name) || /^[1-9]\d*$/.test(selector.name)) return undefined;
  const names = pattern.fieldNames.filter((name) => name !== '').map((name) => `$${name}`);
  return `the pattern names no field "${selector.name}"; it names ${names.join(', ') || 'none'}`;
}

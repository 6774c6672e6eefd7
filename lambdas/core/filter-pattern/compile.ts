import { isBlank, PatternCursor, PatternSyntaxError } from './cursor.ts';
import { compileJson } from './json.ts';
import { compileSpaceDelimited } from './space-delimited.ts';
import { compileTerms } from './terms.ts';
import {
  type FilterPattern,
  type FilterPatternError,
  type FilterPatternKind,
  MAX_PATTERN_LENGTH,
  MAX_REGEXES,
  type MatchedEvent,
} from './types.ts';

export type { FilterPattern, FilterPatternError, FilterPatternKind, MatchedEvent, PatternWarning } from './types.ts';

/**
 * Reads a filter pattern of a subscription or metric filter, of `filter-log-events` or of Live Tail.
 * The result says whether an event's message matches, or where and why the pattern is refused.
 */
export function compileFilterPattern(pattern: string): FilterPattern | FilterPatternError {
  try {
    return compile(pattern);
  } catch (error) {
    if (error instanceof PatternSyntaxError) return { ok: false, column: error.at + 1, reason: error.message };
    throw error;
  }
}

function compile(pattern: string): FilterPattern {
  const cursor = new PatternCursor(pattern);
  if (pattern.length > MAX_PATTERN_LENGTH) {
    cursor.fail(`a pattern has at most ${MAX_PATTERN_LENGTH} characters; this one has ${pattern.length}`, MAX_PATTERN_LENGTH);
  }
  cursor.skipBlanks();
  const first = cursor.peek();
  if (first === undefined || /^\s*"\s*"\s*$/.test(pattern)) return everything(cursor);
  if (first === '{') return withOpen(cursor, 'json', compileJson(closed(cursor, '{', '}')));
  if (first === '[') {
    const { fieldNames, open } = compileSpaceDelimited(closed(cursor, '[', ']'));
    return withOpen(cursor, 'space-delimited', open, fieldNames);
  }
  const matches = compileTerms(cursor);
  return withOpen(cursor, 'terms', (message) => (matches(message) ? NO_FIELDS : undefined));
}

const NO_FIELDS: MatchedEvent = { valueOf: () => undefined, extractedFields: () => ({}) };

function everything(cursor: PatternCursor): FilterPattern {
  return withOpen(cursor, 'all', () => NO_FIELDS);
}

function withOpen(
  cursor: PatternCursor,
  kind: FilterPatternKind,
  open: FilterPattern['open'],
  fieldNames: readonly string[] = [],
): FilterPattern {
  const { warnings, regexCount } = cursor;
  return { ok: true, kind, warnings, regexCount, fieldNames, open, matches: (message) => open(message) !== undefined };
}

/** The service looks at a pattern's last character first, so a forgotten bracket is named before anything inside. */
function closed(cursor: PatternCursor, open: string, close: string): PatternCursor {
  let end = cursor.text.length;
  while (isBlank(cursor.text[end - 1])) end--;
  if (cursor.text[end - 1] !== close || end - 1 === cursor.at)
    cursor.fail(`a pattern that starts with "${open}" must end with "${close}"`, end);
  cursor.maxRegexes = MAX_REGEXES;
  return cursor;
}

import { PatternSyntaxError } from './cursor.ts';
import { compileTerms } from './terms.ts';
import { type FilterPattern, type FilterPatternError, MAX_PATTERN_LENGTH } from './types.ts';

export type { FilterPattern, FilterPatternError, FilterPatternKind } from './types.ts';

/**
 * Reads a filter pattern of a subscription or metric filter, `filter-log-events` or Live Tail.
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
  if (pattern.length > MAX_PATTERN_LENGTH) {
    throw new PatternSyntaxError(
      MAX_PATTERN_LENGTH,
      `a pattern has at most ${MAX_PATTERN_LENGTH} characters; this one has ${pattern.length}`,
    );
  }
  const text = pattern.trim();
  if (text === '') return { ok: true, kind: 'all', matches: () => true };
  const start = pattern.indexOf(text);
  if (text.startsWith('{')) throw new PatternSyntaxError(start, 'JSON patterns are not read yet');
  if (text.startsWith('[')) throw new PatternSyntaxError(start, 'space-delimited patterns are not read yet');
  return { ok: true, kind: 'terms', matches: compileTerms(pattern) };
}

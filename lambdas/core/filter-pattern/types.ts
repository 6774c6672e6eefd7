/** Which of the grammar's four shapes a pattern has. `all` is the empty pattern, which matches every event. */
export type FilterPatternKind = 'all' | 'terms' | 'json' | 'space-delimited';

/** A pattern that CloudWatch Logs would accept. */
export interface FilterPattern {
  readonly ok: true;
  readonly kind: FilterPatternKind;
  /** Whether CloudWatch Logs would match an event with this message. Never throws. */
  matches(message: string): boolean;
}

/** Why a pattern is refused. */
export interface FilterPatternError {
  readonly ok: false;
  /** 1-based position in the pattern, in UTF-16 code units. */
  readonly column: number;
  readonly reason: string;
}

/** Longest filter pattern in characters (PutSubscriptionFilter, PutMetricFilter: `filterPattern`, maximum length 1024). */
export const MAX_PATTERN_LENGTH = 1024;

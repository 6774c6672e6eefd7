/** Which of the grammar's four shapes a pattern has. `all` matches every event: the empty pattern, or `" "`. */
export type FilterPatternKind = 'all' | 'terms' | 'json' | 'space-delimited';

/** Something that CloudWatch Logs accepts but that rarely does what its author means. */
export interface PatternWarning {
  /** 1-based position in the pattern, in UTF-16 code units. */
  readonly column: number;
  readonly reason: string;
}

/** A pattern that CloudWatch Logs would accept. */
export interface FilterPattern {
  readonly ok: true;
  readonly kind: FilterPatternKind;
  readonly warnings: readonly PatternWarning[];
  /** Regular expressions in the pattern: at most 5 filters of one log group may have any (quota of CloudWatch Logs). */
  readonly regexCount: number;
  /** Names of a space-delimited pattern's fields, in their order; empty for the other kinds. */
  readonly fieldNames: readonly string[];
  /** Whether CloudWatch Logs would match an event with this message. Never throws. */
  matches(message: string): boolean;
  /** The event opened for looking values up, or undefined where it does not match. Never throws. */
  open(message: string): MatchedEvent | undefined;
}

/** A matched event in which a metric filter looks up values. */
export interface MatchedEvent {
  /**
   * The value that a selector names: the text of a string or number at `$.a.b` of a JSON event, or of the field `$name`
   * of a space-delimited one. Undefined where there is none.
   */
  valueOf(selector: ValueSelector): string | undefined;
  /** `$name` to text for every field of a space-delimited event (`$3` where the pattern gives no name); empty for others. */
  extractedFields(): { readonly [name: string]: string };
}

/** Where a metric filter finds a value: `$.latency` in a JSON event, `$latency` in a space-delimited one. */
export type ValueSelector =
  | { readonly kind: 'json'; readonly steps: readonly SelectorStep[] }
  | { readonly kind: 'field'; readonly name: string };

/** One step of a property selector. */
export type SelectorStep =
  | { readonly kind: 'property'; readonly name: string }
  | { readonly kind: 'element'; readonly index: number }
  | { readonly kind: 'anyProperty' }
  | { readonly kind: 'anyElement' };

/** Why a pattern is refused. */
export interface FilterPatternError {
  readonly ok: false;
  /** 1-based position in the pattern, in UTF-16 code units. */
  readonly column: number;
  readonly reason: string;
}

/** Longest filter pattern in characters (PutSubscriptionFilter, PutMetricFilter: `filterPattern`, maximum length 1024). */
export const MAX_PATTERN_LENGTH = 1024;

/** Most regular expressions in one JSON or space-delimited pattern (user guide, "Supported regular expressions"). */
export const MAX_REGEXES = 2;

/** Most wildcard selectors in one JSON pattern; one property selector holds at most one (user guide, quotas of JSON patterns). */
export const MAX_WILDCARD_SELECTORS = 3;

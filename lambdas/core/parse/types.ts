/** Formats that a line can be read as; `regex` is a user's own, `text` is what is left. */
export const FORMATS = [
  'audit',
  'klog',
  'zap',
  'logrus',
  'json',
  'logfmt',
  'nginx-access',
  'nginx-error',
  'java',
  'python',
  'pipe',
  'alb',
  'alb-connection',
  'alb-health-check',
  'nlb',
  'cloudfront',
  'waf',
  'regex',
  'text',
] as const;
export type Format = (typeof FORMATS)[number];

/** Severity after normalisation, the same words for every format. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'notice' | 'warning' | 'error' | 'fatal';

/** What a parser may know besides the text. */
export interface ParseContext {
  /** CloudWatch (or CRI) time of the event in ms since the epoch, UTC: gives klog its year. */
  readonly eventTimeMs: number;
}

/**
 * What a parser found. `members` is JSON text: members of an object without the braces, such as
 * `"message":"…","process":{"pid":7}`; valid JSON, no key twice, and none of the envelope's keys
 * (`ENVELOPE_KEYS` in core/index). Parsers write text instead of objects because half of the CPU time of an
 * indexer is spent in turning objects back into text (docs/performance.md).
 */
export interface ParsedLine {
  readonly format: Format;
  readonly members: string;
  /** The event's own time as RFC 3339 UTC text with up to nanoseconds, 1970 to 2262; absent where the text has none. */
  readonly timestamp?: string | undefined;
  readonly level?: LogLevel | undefined;
  /** Further members of the `log` object as JSON text, such as `"logger":"x","origin":{"file":{"name":"a.go","line":7}}`. Never `level`. */
  readonly logMembers?: string | undefined;
  /** Further members of the `event` object as JSON text: `"duration":1234000` (ns) and `"outcome":"failure"`, nothing else. */
  readonly eventMembers?: string | undefined;
  /** A value was cut, or a subtree nested too deeply was kept as text, because OpenSearch would refuse it; goes to `parse.truncated`. */
  readonly truncated?: boolean | undefined;
  /** Why the text is kept as it is although its format was given; goes to `parse.error`. */
  readonly error?: string | undefined;
}

/** Reads one record (already joined). Returns undefined where the text is not of its format. Never throws. */
export type Parser = (text: string, context: ParseContext) => ParsedLine | undefined;

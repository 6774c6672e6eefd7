import type { Format, LogLevel, ParsedLine } from './types.ts';

/** A line with its few facts; all lines have the same members in the same order, so that reading one is a load and not a look-up. */
export function parsedLine(
  format: Format,
  members: string,
  timestamp: string | undefined,
  level: LogLevel | undefined,
): Mutable<ParsedLine> {
  return { format, members, timestamp, level, logMembers: undefined, eventMembers: undefined, truncated: undefined, error: undefined };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** From (inclusive) to (exclusive), in ms since the epoch. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

const UNITS: { readonly [unit: string]: number } = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };
/** Years that S3 or CloudWatch can hold a log of. */
const FIRST_YEAR = 2000;
const LAST_YEAR = 2999;

/** A span before now (`90m`, `6h`, `30d`, `52w`) or a date with or without a time, UTC where it names no zone; undefined where it is neither. */
export function parseMoment(text: string, nowMs: number): number | undefined {
  const span = /^(\d{1,6})([mhdw])$/.exec(text);
  if (span) return nowMs - Number(span[1]) * (UNITS[span[2] as string] as number);
  if (!/^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})?)?$/.test(text)) return undefined;
  // The 30th of February would be the 2nd of March without a word.
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(day.getTime()) || !day.toISOString().startsWith(text.slice(0, 10))) return undefined;
  const ms = Date.parse(/T.*(?:Z|[+-]\d{2}:\d{2})$/.test(text) || !text.includes('T') ? text : `${text}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** Whether a moment lies in a range. */
export function isWithin({ fromMs, toMs }: TimeRange, timeMs: number): boolean {
  return timeMs >= fromMs && timeMs < toMs;
}

/** Date parts of a folder: `2026/11/21/08/30/`, `dt=2026-11-21/hr=08/`, `year=2026/month=11/day=21/hour=08/`. */
const FOLDERS = [
  /(?:^|\/)dt=(\d{4})-(\d{2})-(\d{2})\/(?:hr=(\d{2})\/)?$/,
  /(?:^|\/)(?:year=)(\d{4})\/(?:month=(\d{2})\/(?:day=(\d{2})\/(?:hour=(\d{2})\/(?:minute=(\d{2})\/)?)?)?)?$/,
  /(?:^|\/)(\d{4})\/(?:(\d{2})\/(?:(\d{2})\/(?:(\d{2})\/(?:(\d{2})\/)?)?)?)?$/,
];

/**
 * What times a folder holds, by the end of its name; undefined where that says nothing. Each level of a walk is asked, so what lies deeper than its date is
 * decided already, and a year in the middle of a name means nothing.
 */
export function folderRange(folder: string): TimeRange | undefined {
  for (const pattern of FOLDERS) {
    const found = pattern.exec(folder);
    if (found === null) continue;
    const [, year, month, day, hour, minute] = found.map((part) => (part === undefined ? undefined : Number(part)));
    if (year === undefined || year < FIRST_YEAR || year > LAST_YEAR) continue;
    if (month === undefined) return { fromMs: Date.UTC(year, 0), toMs: Date.UTC(year + 1, 0) };
    if (day === undefined) return { fromMs: Date.UTC(year, month - 1), toMs: Date.UTC(year, month) };
    if (hour === undefined) return { fromMs: Date.UTC(year, month - 1, day), toMs: Date.UTC(year, month - 1, day + 1) };
    const fromMs = Date.UTC(year, month - 1, day, hour, minute ?? 0);
    return { fromMs, toMs: fromMs + (minute === undefined ? 3_600_000 : 5 * 60_000) };
  }
  return undefined;
}

/** Whether a folder may hold something of the range. `slackMs` goes to both sides: a day's first files hold the last minutes of the day before. */
export function mayHold(folder: string, { fromMs, toMs }: TimeRange, slackMs: number): boolean {
  const range = folderRange(folder);
  return range === undefined || (range.fromMs < toMs + slackMs && range.toMs > fromMs - slackMs);
}

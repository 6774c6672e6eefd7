/** A span of time; the end is not part of it. */
export interface Window {
  readonly startMs: number;
  readonly endMs: number;
}

/** Where the windows of an alarm lie (`EvaluationWindow`). */
export type EvaluationWindow = { readonly kind: 'sliding' } | { readonly kind: 'wallClock'; readonly timeZone: string };

export const SLIDING: EvaluationWindow = { kind: 'sliding' };

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** 1970-01-01 was a Thursday; weeks start on Monday 1970-01-05 and every seven days before and after. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

/** Periods, in seconds, that a wall clock window may have (PutMetricAlarm, 2026). */
export const WALL_CLOCK_PERIODS = [60, 300, 3600, 86_400, 604_800] as const;

/** How often an alarm is evaluated, in ms: every minute, whatever a longer period; high-resolution alarms with each period. */
export function evaluationIntervalMs(periodSeconds: number): number {
  return Math.min(periodSeconds * 1000, MINUTE_MS);
}

/**
 * The newest `count` whole periods at a time, oldest first. Sliding windows end at the last evaluation tick (a five-minute alarm looks, each minute,
 * at the last five minutes); wall clock windows are whole calendar periods in the time zone, weeks from Monday.
 */
export function windowsAt(nowMs: number, periodSeconds: number, count: number, window: EvaluationWindow = SLIDING): Window[] {
  const periodMs = periodSeconds * 1000;
  if (window.kind === 'sliding') {
    const tick = evaluationIntervalMs(periodSeconds);
    const endMs = Math.floor(nowMs / tick) * tick;
    return Array.from({ length: count }, (_, index) => ({
      startMs: endMs - (count - index) * periodMs,
      endMs: endMs - (count - index - 1) * periodMs,
    }));
  }
  const borders: number[] = [startOfPeriod(nowMs, periodMs, window.timeZone)];
  // One millisecond before a border lies in the period before, however long daylight saving makes it.
  while (borders.length <= count) borders.unshift(startOfPeriod((borders[0] as number) - 1, periodMs, window.timeZone));
  return borders.slice(1).map((endMs, index) => ({ startMs: borders[index] as number, endMs }));
}

/** Start of the calendar period that holds a time. */
function startOfPeriod(atMs: number, periodMs: number, timeZone: string): number {
  const offset = zoneOffsetMs(atMs, timeZone);
  const local = atMs + offset;
  const origin = periodMs === WEEK_MS ? FIRST_MONDAY_MS : 0;
  const localStart = Math.floor((local - origin) / periodMs) * periodMs + origin;
  const guess = localStart - offset;
  // Where the clock was put between that start and now, the start has the offset of its own time.
  return localStart - zoneOffsetMs(guess, timeZone);
}

const FIXED_OFFSET = /^(?:UTC|GMT)?([+-])(\d{2}):(\d{2})$/;
const formats = new Map<string, Intl.DateTimeFormat>();

/** What a zone adds to UTC at a time, in ms. Takes IANA names, `+05:30` and `UTC+05:30`. Throws RangeError for an unknown name. */
export function zoneOffsetMs(atMs: number, timeZone: string): number {
  if (timeZone === 'UTC') return 0;
  const fixed = FIXED_OFFSET.exec(timeZone);
  if (fixed) return (fixed[1] === '-' ? -1 : 1) * (Number(fixed[2]) * 60 + Number(fixed[3])) * MINUTE_MS;
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(timeZone, format);
  }
  const part: { [type: string]: number } = {};
  for (const { type, value } of format.formatToParts(new Date(atMs))) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(atMs / 1000) * 1000;
}

export type PeriodUnit = 'ms' | 's' | 'm' | 'h' | 'd' | 'w' | 'mo' | 'q' | 'y';

/** A length of time as `bin()` takes it. */
export interface Period {
  readonly count: number;
  readonly unit: PeriodUnit;
}

const SPELLINGS: { readonly [unit in PeriodUnit]: readonly string[] } = {
  ms: ['ms', 'msec', 'msecs', 'millisecond', 'milliseconds'],
  s: ['s', 'sec', 'secs', 'second', 'seconds'],
  m: ['m', 'min', 'mins', 'minute', 'minutes'],
  h: ['h', 'hr', 'hrs', 'hour', 'hours'],
  d: ['d', 'day', 'days'],
  w: ['w', 'week', 'weeks'],
  mo: ['mo', 'mos', 'mon', 'mons', 'month', 'months'],
  q: ['q', 'qtr', 'qtrs', 'quarter', 'quarters'],
  y: ['y', 'yr', 'yrs', 'year', 'years'],
};

const UNIT_OF = new Map(Object.entries(SPELLINGS).flatMap(([unit, words]) => words.map((word) => [word, unit as PeriodUnit])));

/** The unit that a word such as `min` or `hrs` means; units of one letter have no plural. */
export function periodUnit(word: string): PeriodUnit | undefined {
  return UNIT_OF.get(word.toLowerCase());
}

/** Caps of the documentation: a larger count is silently taken as the cap ("bin(300s)" is 60 s). */
export const PERIOD_CAPS: { readonly [unit in PeriodUnit]?: number } = { ms: 1000, s: 60, m: 60, h: 24 };

/** The period that CloudWatch really uses. */
export function capPeriod(period: Period): Period {
  const cap = PERIOD_CAPS[period.unit];
  return cap !== undefined && period.count > cap ? { count: cap, unit: period.unit } : period;
}

const FIXED_MS: { readonly [unit in PeriodUnit]?: number } = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
/** 1970-01-01 was a Thursday; weeks begin on Monday. */
const WEEK_SHIFT_MS = 4 * 86_400_000;

/** A function that takes a time (ms since 1970, UTC) down to the start of its period. */
export function floorTo(asked: Period): (ms: number) => number {
  const period = capPeriod(asked);
  const size = FIXED_MS[period.unit];
  if (size !== undefined) {
    const step = size * period.count;
    const shift = period.unit === 'w' ? WEEK_SHIFT_MS : 0;
    return (ms) => Math.floor((ms - shift) / step) * step + shift;
  }
  const months = monthsOf(period);
  return (ms) => {
    const date = new Date(ms);
    const index = Math.floor((date.getUTCFullYear() * 12 + date.getUTCMonth()) / months) * months;
    return startOfMonth(index);
  };
}

/** A function that takes a time up to the end of its period; a time on the border stays. */
export function ceilTo(asked: Period): (ms: number) => number {
  const floor = floorTo(asked);
  const next = nextPeriod(asked);
  return (ms) => {
    const low = floor(ms);
    return low === ms ? ms : next(low);
  };
}

/** A function that takes the start of a period to the start of the next. */
export function nextPeriod(asked: Period): (ms: number) => number {
  const period = capPeriod(asked);
  const size = FIXED_MS[period.unit];
  if (size !== undefined) return (ms) => ms + size * period.count;
  const months = monthsOf(period);
  return (ms) => {
    const date = new Date(ms);
    return startOfMonth(date.getUTCFullYear() * 12 + date.getUTCMonth() + months);
  };
}

function monthsOf(period: Period): number {
  return period.count * (period.unit === 'y' ? 12 : period.unit === 'q' ? 3 : 1);
}

function startOfMonth(index: number): number {
  const date = new Date(0);
  date.setUTCFullYear(Math.floor(index / 12), index % 12, 1);
  return date.getTime();
}

import { zoneOffsetMs } from '../alarms/windows.ts';

/** One part of a named interval, in the words of Alertmanager's `time_intervals`. All that is given must hold; of a list one. */
export interface TimeSpec {
  /** `09:00-17:00`, the end not included; `24:00` is the end of a day. */
  readonly times?: readonly string[];
  /** `saturday`, `monday:friday`. */
  readonly weekdays?: readonly string[];
  /** `1`, `1:5`, `-3:-1`: from the end of the month. */
  readonly daysOfMonth?: readonly string[];
  /** `december`, `1:3`. */
  readonly months?: readonly string[];
  /** `2026`, `2026:2028`. */
  readonly years?: readonly string[];
  /** IANA name. @default UTC */
  readonly timeZone?: string;
}

/** A named interval: the time is inside of it when it is inside of one of its parts. Plain data. */
export interface TimeIntervalRule {
  readonly name: string;
  readonly intervals: readonly TimeSpec[];
}

/** Whether a time, in ms since the epoch, lies in an interval. */
export type TimeTest = (nowMs: number) => boolean;

/** The calendar of a time in its zone. */
interface Local {
  readonly minute: number;
  readonly weekday: number;
  readonly day: number;
  readonly daysInMonth: number;
  readonly month: number;
  readonly year: number;
}

type LocalTest = (local: Local) => boolean;
type Range = readonly [from: number, to: number];

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const MONTHS = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'];
const TIMES = /^(\d{2}):(\d{2})-(\d{2}):(\d{2})$/;
const DAY_MS = 86_400_000;

/** Something wrong with a part of an interval: its field, its place in the field's list, and what. */
export interface TimeProblem {
  readonly field: keyof TimeSpec;
  readonly index?: number;
  readonly what: string;
  readonly limit: string;
}

/** Reads a part, or says everything that is wrong with it. */
export function compileTimeSpec(spec: TimeSpec): TimeTest | readonly TimeProblem[] {
  const problems: TimeProblem[] = [];
  const rangesOf = (
    field: Exclude<keyof TimeSpec, 'timeZone'>,
    limit: string,
    read: (text: string) => Range | string,
  ): readonly Range[] | undefined =>
    spec[field]?.flatMap((text, index) => {
      const range = read(text);
      if (typeof range !== 'string') return [range];
      problems.push({ field, index, what: range, limit });
      return [];
    });
  const times = rangesOf('times', '00:00-24:00', readTimes);
  const weekdays = rangesOf('weekdays', 'sunday to saturday', (text) => readRange(text, (word) => named(word, WEEKDAYS)));
  const days = rangesOf('daysOfMonth', '1 to 31 or -31 to -1', (text) => readDays(text));
  const months = rangesOf('months', 'january to december or 1 to 12', (text) => readRange(text, (word) => monthOf(word)));
  const years = rangesOf('years', 'four digits', (text) => readRange(text, (word) => (/^\d{4}$/.test(word) ? Number(word) : undefined)));
  const timeZone = spec.timeZone ?? 'UTC';
  try {
    zoneOffsetMs(0, timeZone);
  } catch {
    problems.push({ field: 'timeZone', what: 'nobody knows this time zone', limit: 'such as UTC or Asia/Seoul' });
  }
  if (problems.length > 0) return problems;
  const isIn = (ranges: readonly Range[] | undefined, value: number): boolean =>
    ranges === undefined || ranges.some(([from, to]) => value >= from && value <= to);
  const tests: readonly LocalTest[] = [
    ({ minute }) => times === undefined || times.some(([from, to]) => minute >= from && minute < to),
    ({ weekday }) => isIn(weekdays, weekday),
    ({ day, daysInMonth }) => days === undefined || days.some((range) => holdsDay(range, day, daysInMonth)),
    ({ month }) => isIn(months, month),
    ({ year }) => isIn(years, year),
  ];
  return (nowMs) => {
    const local = localOf(nowMs, timeZone);
    return tests.every((test) => test(local));
  };
}

/** Makes named intervals ready to run. Throws for a part that `compileTimeSpec` refuses. */
export function compileTimeIntervals(rules: readonly TimeIntervalRule[]): ReadonlyMap<string, TimeTest> {
  return new Map(
    rules.map(({ intervals, name }) => {
      const parts = intervals.map((spec) => {
        const part = compileTimeSpec(spec);
        if (typeof part !== 'function') throw new Error(`interval ${name}: ${part.map(({ what }) => what).join(', ')}`);
        return part;
      });
      return [name, (nowMs: number) => parts.some((part) => part(nowMs))];
    }),
  );
}

/** Times in which a route is quiet: those of `mute`, and with `active` all others than those. */
export interface RouteTimes {
  readonly mute: readonly string[];
  readonly active: readonly string[];
}

/** Which interval keeps a route quiet at a time: the muting one by its name, or, outside of the active ones, all of those. Undefined where none does. */
export function quietBy({ active, mute }: RouteTimes, intervals: ReadonlyMap<string, TimeTest>, nowMs: number): string | undefined {
  // A name without an interval is refused by `check`; here it neither mutes nor activates.
  if (active.length > 0 && !active.some((name) => intervals.get(name)?.(nowMs) === true)) return `not ${active.join(', ')}`;
  return mute.find((name) => intervals.get(name)?.(nowMs) === true);
}

function localOf(nowMs: number, timeZone: string): Local {
  const local = new Date(nowMs + zoneOffsetMs(nowMs, timeZone));
  const year = local.getUTCFullYear();
  const month = local.getUTCMonth();
  return {
    minute: local.getUTCHours() * 60 + local.getUTCMinutes(),
    weekday: local.getUTCDay(),
    day: local.getUTCDate(),
    daysInMonth: Math.round((Date.UTC(year, month + 1, 1) - Date.UTC(year, month, 1)) / DAY_MS),
    month: month + 1,
    year,
  };
}

/** Negative days count from the end of the month; a range that begins behind a short month's end holds none of its days, and one that ends there ends with it. */
function holdsDay([from, to]: Range, day: number, daysInMonth: number): boolean {
  const dayOf = (value: number): number => (value < 0 ? daysInMonth + value + 1 : value);
  const first = dayOf(from);
  return first <= daysInMonth && day >= Math.max(1, first) && day <= Math.min(daysInMonth, dayOf(to));
}

function readTimes(text: string): Range | string {
  const [, hour, minute, endHour, endMinute] = TIMES.exec(text) ?? [];
  if (hour === undefined) return 'a time of day is hh:mm-hh:mm';
  const from = Number(hour) * 60 + Number(minute);
  const to = Number(endHour) * 60 + Number(endMinute);
  if (Number(minute) > 59 || Number(endMinute) > 59 || to > 1440) return 'no time of day';
  return from < to ? [from, to] : 'it ends before it begins: over midnight write two, until 24:00 and from 00:00';
}

function readRange(text: string, read: (word: string) => number | undefined): Range | string {
  const [first = '', last = first, ...rest] = text.toLowerCase().split(':');
  const from = read(first);
  const to = read(last);
  if (from === undefined || to === undefined || rest.length > 0) return 'neither a value nor a range from:to';
  return from <= to ? [from, to] : 'it ends before it begins: write two';
}

function readDays(text: string): Range | string {
  const day = (word: string): number | undefined => {
    const value = /^-?\d{1,2}$/.test(word) ? Number(word) : 0;
    return value === 0 || Math.abs(value) > 31 ? undefined : value;
  };
  const [first = '', last = first, ...rest] = text.split(':');
  const from = day(first);
  const to = day(last);
  if (from === undefined || to === undefined || rest.length > 0) return 'neither a day nor a range from:to';
  if (from < 0 && to > 0) return 'a range from the end of a month cannot end at its begin';
  return Math.sign(from) === Math.sign(to) && from > to ? 'it ends before it begins: write two' : [from, to];
}

function named(word: string, names: readonly string[]): number | undefined {
  const found = names.indexOf(word);
  return found < 0 ? undefined : found;
}

function monthOf(word: string): number | undefined {
  if (/^\d{1,2}$/.test(word)) return Number(word) >= 1 && Number(word) <= 12 ? Number(word) : undefined;
  const found = named(word, MONTHS);
  return found === undefined ? undefined : found + 1;
}

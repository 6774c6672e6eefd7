import { zoneOffsetMs } from './windows.ts';

/** Times in which alarms go on changing their state, but do nothing (`AWS::CloudWatch::AlarmMuteRule`). */
export interface MuteRule {
  readonly name: string;
  /** `cron(minute hour day-of-month month day-of-week)`, or `at(yyyy-MM-ddThh:mm)`, in the rule's time zone. */
  readonly expression: string;
  /** One minute to fifteen days. */
  readonly durationMs: number;
  readonly timeZone: string;
  readonly startMs?: number;
  readonly expireMs?: number;
  /** At most 100. */
  readonly alarms: readonly string[];
}

/** A field of a cron expression: the values that it lets pass. */
type Field = (value: number) => boolean;

interface Cron {
  readonly minute: Field;
  readonly hour: Field;
  readonly dayOfMonth: Field;
  readonly month: Field;
  readonly dayOfWeek: Field;
}

const MINUTE_MS = 60_000;
/** Longest duration of a mute rule. */
export const MAX_MUTE_MS = 15 * 86_400_000;
const MONTH_NAMES = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAY_NAMES = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const AT = /^at\((\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::\d{2})?\)$/;

/** Reads a schedule, or says what is wrong with it. */
export function checkSchedule(expression: string): string | undefined {
  if (AT.test(expression)) return undefined;
  return typeof readCron(expression) === 'string' ? (readCron(expression) as string) : undefined;
}

function readCron(expression: string): Cron | string {
  const inner = /^cron\((.+)\)$/.exec(expression)?.[1];
  if (inner === undefined) return 'a schedule is cron(minute hour day-of-month month day-of-week) or at(yyyy-MM-ddThh:mm)';
  const parts = inner.trim().split(/\s+/);
  if (parts.length !== 5) return `cron(…) has five fields, not ${parts.length}: minute hour day-of-month month day-of-week`;
  const [minute, hour, dayOfMonth, month, dayOfWeek] = parts.map((part, index) => readField(part, index));
  for (const field of [minute, hour, dayOfMonth, month, dayOfWeek]) if (typeof field === 'string') return field;
  return { minute, hour, dayOfMonth, month, dayOfWeek } as unknown as Cron;
}

const RANGES: readonly (readonly [number, number])[] = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
];

function readField(text: string, index: number): Field | string {
  const [min, max] = RANGES[index] ?? [0, 0];
  const names = index === 3 ? MONTH_NAMES : index === 4 ? DAY_NAMES : [];
  const value = (part: string): number => {
    const named = names.indexOf(part.toUpperCase());
    return named >= 0 ? named + (index === 3 ? 1 : 0) : /^\d{1,2}$/.test(part) ? Number(part) : Number.NaN;
  };
  const pieces: Field[] = [];
  for (const part of text.split(',')) {
    const match = /^(\*|\?|[^-/]+)(?:-([^/]+))?(?:\/(\d{1,2}))?$/.exec(part);
    const step = match?.[3] === undefined ? 1 : Number(match[3]);
    const isAny = match?.[1] === '*' || match?.[1] === '?';
    const from = isAny ? min : value(match?.[1] ?? '');
    const to = isAny || (match?.[2] === undefined && match?.[3] !== undefined) ? max : match?.[2] === undefined ? from : value(match[2]);
    if (match === null || !(from >= min && to <= max && from <= to && step >= 1))
      return `"${part}" is no value of the field: ${min} to ${max}`;
    pieces.push((each) => each >= from && each <= to && (each - from) % step === 0);
  }
  // Sunday is 0 and 7.
  return (each) => pieces.some((piece) => piece(each) || (index === 4 && each === 0 && piece(7)));
}

/** Whether a mute rule keeps an alarm quiet at a time. An expression that cannot be read mutes nothing. */
export function isMuted(rules: readonly MuteRule[], alarm: string, nowMs: number): boolean {
  return rules.some((rule) => rule.alarms.includes(alarm) && isActive(rule, nowMs));
}

/** Whether a rule is in force at a time. */
export function isActive(rule: MuteRule, nowMs: number): boolean {
  if (rule.startMs !== undefined && nowMs < rule.startMs) return false;
  if (rule.expireMs !== undefined && nowMs >= rule.expireMs) return false;
  const once = AT.exec(rule.expression);
  if (once !== null) {
    const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = once.slice(1).map(Number);
    const local = Date.UTC(year, month - 1, day, hour, minute);
    const startMs = local - zoneOffsetMs(local, rule.timeZone);
    return nowMs >= startMs && nowMs < startMs + rule.durationMs;
  }
  const cron = readCron(rule.expression);
  if (typeof cron === 'string') return false;
  const newest = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
  for (let atMs = newest; atMs > nowMs - rule.durationMs; atMs -= MINUTE_MS) if (startsAt(cron, atMs, rule.timeZone)) return true;
  return false;
}

function startsAt(cron: Cron, atMs: number, timeZone: string): boolean {
  const local = new Date(atMs + zoneOffsetMs(atMs, timeZone));
  return (
    cron.minute(local.getUTCMinutes()) &&
    cron.hour(local.getUTCHours()) &&
    cron.dayOfMonth(local.getUTCDate()) &&
    cron.month(local.getUTCMonth() + 1) &&
    cron.dayOfWeek(local.getUTCDay())
  );
}

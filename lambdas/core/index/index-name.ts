import type { IndexPeriod } from '../rules/rules.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Name of the index that an event belongs to: `<family>-<cluster>-<period>`, by the CloudWatch time of the event in ms, UTC.
 * A function of the event alone, so that a redelivery finds its `_id` again: no alias, no rollover.
 */
export function indexName(family: string, clusterIndexName: string, period: IndexPeriod, eventTimeMs: number): string {
  return `${family}-${clusterIndexName}-${periodText(period, eventTimeMs)}`;
}

/** The pattern that all indices of a family and cluster match. */
export function indexPattern(family: string, clusterIndexName: string): string {
  return `${family}-${clusterIndexName}-*`;
}

/** The last part of an index name: `2026.11.21.08`, `2026.11.21`, `2026.w47` (ISO week and its year) or `2026.11`. */
export function periodText(period: IndexPeriod, timeMs: number): string {
  if (period === 'week') return isoWeekText(timeMs);
  const text = new Date(timeMs).toISOString();
  // Years beyond 9999 have a sign and six digits; the time bounds keep them out, a backfill may not bring them either.
  const day = `${text.slice(0, 4)}.${text.slice(5, 7)}`;
  if (period === 'month') return day;
  return period === 'day' ? `${day}.${text.slice(8, 10)}` : `${day}.${text.slice(8, 10)}.${text.slice(11, 13)}`;
}

/** First ms of the period that holds the time, and first ms after it. */
export function periodWindow(period: IndexPeriod, timeMs: number): { readonly startMs: number; readonly endMs: number } {
  if (period === 'month') {
    const date = new Date(timeMs);
    const year = date.getUTCFullYear();
    const month = date.getUTCMonth();
    return { startMs: Date.UTC(year, month, 1), endMs: Date.UTC(year, month + 1, 1) };
  }
  if (period === 'week') {
    const startMs = mondayMs(timeMs);
    return { startMs, endMs: startMs + 7 * DAY_MS };
  }
  const lengthMs = period === 'hour' ? HOUR_MS : DAY_MS;
  const startMs = Math.floor(timeMs / lengthMs) * lengthMs;
  return { startMs, endMs: startMs + lengthMs };
}

/** Longest a period can be, in days: what retention counts on top of the age of an index. */
export function periodDays(period: IndexPeriod): number {
  return { hour: 1, day: 1, week: 7, month: 31 }[period];
}

function mondayMs(timeMs: number): number {
  const day = Math.floor(timeMs / DAY_MS);
  // 1970-01-01 was a Thursday: day 0 is the fourth of its week.
  return (day - ((((day + 3) % 7) + 7) % 7)) * DAY_MS;
}

function isoWeekText(timeMs: number): string {
  const monday = mondayMs(timeMs);
  // The week's year is the year of its Thursday.
  const year = new Date(monday + 3 * DAY_MS).getUTCFullYear();
  const firstMonday = mondayMs(Date.UTC(year, 0, 4));
  const week = Math.round((monday - firstMonday) / (7 * DAY_MS)) + 1;
  return `${year}.w${week < 10 ? '0' : ''}${week}`;
}

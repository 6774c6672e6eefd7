import { daysInMonth, twoDigits, utcMs } from './time.ts';

const DAY_MS = 86_400_000;

// Headers of one batch share a day or two; the text of the last one is kept.
// No day is NaN: until a text is kept, none is found, not even for the day before 1970.
const cache = { header: '', eventDay: Number.NaN, day: '' };

/**
 * `2026-11-21T` for a klog header `I1121 08:…`: klog writes no year, so the event's time gives it. A header more than a day after the event is of the
 * year before (written on 31 December, delivered on 1 January), and mirrored. Undefined where that month has no such day.
 */
export function klogDay(header: string, eventTimeMs: number): string | undefined {
  const eventDay = Math.floor(eventTimeMs / DAY_MS);
  if (eventDay === cache.eventDay && header.startsWith(cache.header, 1)) return cache.day;
  const month = twoDigits(header, 1);
  const day = twoDigits(header, 3);
  const hour = twoDigits(header, 6);
  const minute = twoDigits(header, 9);
  const second = twoDigits(header, 12);
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59 || !(eventTimeMs >= 0) || eventTimeMs > 9e12)
    return undefined;
  const eventYear = new Date(eventTimeMs).getUTCFullYear();
  const secondOfDay = hour * 3600 + minute * 60 + second;
  let year = eventYear;
  if (utcMs(eventYear, month, day, secondOfDay) > eventTimeMs + DAY_MS) year = eventYear - 1;
  else if (utcMs(eventYear + 1, month, day, secondOfDay) <= eventTimeMs + DAY_MS) year = eventYear + 1;
  if (year < 1970 || day > daysInMonth(year, month)) return undefined;
  const text = `${year}-${header.slice(1, 3)}-${header.slice(3, 5)}T`;
  // The hour decides only on the day that is a day ahead: such headers are not kept.
  const headerDay = Math.floor(utcMs(year, month, day, 0) / DAY_MS);
  if (Math.abs(headerDay - eventDay) < 1) {
    cache.header = header.slice(1, 5);
    cache.eventDay = eventDay;
    cache.day = text;
  }
  return text;
}

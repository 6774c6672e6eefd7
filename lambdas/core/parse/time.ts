/** First and last instant of OpenSearch's `date_nanos`. */
const MIN_MS = 0;
const MAX_MS = Date.UTC(2262, 3, 11, 23, 47, 16);

const DAYS_BEFORE = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const DAYS_IN = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether the year has a 29 February. */
function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** Days of a month (1 to 12) in that year; 0 for no month. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2 && isLeapYear(year)) return 29;
  return DAYS_IN[month - 1] ?? 0;
}

/** Milliseconds since the epoch of a UTC calendar time; arithmetic only, for the hot path. The year is 1970 or later. */
export function utcMs(year: number, month: number, day: number, secondOfDay: number): number {
  const y = year - 1;
  const leapDays = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) - 477;
  const days = (year - 1970) * 365 + leapDays + (DAYS_BEFORE[month - 1] ?? 0) + (month > 2 && isLeapYear(year) ? 1 : 0) + day - 1;
  return days * 86_400_000 + secondOfDay * 1000;
}

/** The two digits at `at`, or -1. */
export function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

/** Position after the digits that start at `at`. */
function skipDigits(text: string, at: number): number {
  let i = at;
  for (let c = text.charCodeAt(i); c >= 48 && c <= 57; c = text.charCodeAt(i)) i++;
  return i;
}

/** Position after the time that `rfc3339At` read last. */
export const lastTime = { end: 0 };

/**
 * Reads `2026-11-21T08:26:53.683Z` and its relations at `at`: `T`, `t` or a blank, `.` or `,` before the fraction, an offset or none (then UTC).
 * Gives RFC 3339 in UTC with at most nine digits, or undefined where there is no such time between 1970 and 2262. `lastTime.end` is set.
 */
export function rfc3339At(text: string, at: number): string | undefined {
  const century = twoDigits(text, at);
  const yearOfCentury = twoDigits(text, at + 2);
  if (century < 0 || yearOfCentury < 0 || text.charCodeAt(at + 4) !== 45 || text.charCodeAt(at + 7) !== 45) return undefined;
  const year = century * 100 + yearOfCentury;
  const month = twoDigits(text, at + 5);
  const day = twoDigits(text, at + 8);
  const separator = text.charCodeAt(at + 10);
  if ((separator !== 84 && separator !== 32 && separator !== 116) || text.charCodeAt(at + 13) !== 58 || text.charCodeAt(at + 16) !== 58)
    return undefined;
  const hour = twoDigits(text, at + 11);
  const minute = twoDigits(text, at + 14);
  const second = twoDigits(text, at + 17);
  if (
    year < 1970 ||
    day < 1 ||
    day > daysInMonth(year, month) ||
    hour < 0 ||
    hour > 23 ||
    minute < 0 ||
    minute > 59 ||
    second < 0 ||
    second > 60
  )
    return undefined;
  let i = at + 19;
  let fraction = '';
  let c = text.charCodeAt(i);
  if (c === 46 || c === 44) {
    const end = skipDigits(text, i + 1);
    if (end > i + 1) {
      fraction = text.slice(i + 1, Math.min(end, i + 10));
      i = end;
      c = text.charCodeAt(i);
    }
  }
  let offsetMinutes = 0;
  if (c === 90 || c === 122) i++;
  else if (c === 43 || c === 45) {
    const hours = twoDigits(text, i + 1);
    const colon = text.charCodeAt(i + 3) === 58 ? 1 : 0;
    const minutes = twoDigits(text, i + 3 + colon);
    if (hours >= 0 && hours <= 23 && (minutes < 60 || colon === 0)) {
      const hasMinutes = minutes >= 0 && minutes < 60;
      offsetMinutes = (hours * 60 + (hasMinutes ? minutes : 0)) * (c === 43 ? 1 : -1);
      i += hasMinutes ? 5 + colon : 3;
    }
  }
  lastTime.end = i;
  // A leap second does not exist in OpenSearch: the last nanosecond before it is the nearest instant.
  if (second === 60) return utcText(utcMs(year, month, day, hour * 3600 + minute * 60 + 59) - offsetMinutes * 60_000, '999999999');
  if (offsetMinutes === 0 && year < 2262) {
    const clock = separator === 84 ? text.slice(at, at + 19) : `${text.slice(at, at + 10)}T${text.slice(at + 11, at + 19)}`;
    return fraction === '' ? `${clock}Z` : `${clock}.${fraction}Z`;
  }
  return utcText(utcMs(year, month, day, hour * 3600 + minute * 60 + second) - offsetMinutes * 60_000, fraction);
}

/** The whole text as RFC 3339 in UTC, or undefined. */
export function rfc3339(text: string): string | undefined {
  const time = rfc3339At(text, 0);
  return time !== undefined && lastTime.end === text.length ? time : undefined;
}

/** RFC 3339 of whole seconds since the epoch in ms, with the digits of a fraction; undefined outside 1970 to 2262. */
export function utcText(ms: number, fraction: string): string | undefined {
  if (!(ms >= MIN_MS && ms <= MAX_MS)) return undefined;
  const seconds = new Date(ms).toISOString().slice(0, 19);
  return fraction === '' ? `${seconds}Z` : `${seconds}.${fraction}Z`;
}

/** RFC 3339 of milliseconds since the epoch, three digits; undefined outside 1970 to 2262. */
export function millisText(ms: number): string | undefined {
  return ms >= MIN_MS && ms <= MAX_MS ? new Date(ms).toISOString() : undefined;
}

/**
 * RFC 3339 of a number since the epoch whose unit its size tells: seconds (with a fraction), milliseconds, microseconds or nanoseconds. Takes the
 * number's text, because a double cannot hold nanoseconds. Undefined for what is before 2001 in any unit: more likely a counter than a time.
 */
export function epochText(number: string): string | undefined {
  const match = /^(\d{1,19})(?:\.(\d{1,30}))?(?:[eE]\+?(\d{1,2}))?$/.exec(number);
  if (match === null) return undefined;
  // `1.763713387e+09`: the point moves to the right as text, so that no digit is lost.
  const shift = Number(match[3] ?? 0);
  const decimals = (match[2] ?? '').padEnd(shift, '0');
  const digits = (match[1] as string) + decimals.slice(0, shift);
  const fraction = decimals.slice(shift);
  const size = digits.length;
  if (size < 9 || size > 19) return undefined;
  const secondDigits = size <= 11 ? size : size <= 14 ? size - 3 : size <= 16 ? size - 6 : size - 9;
  const seconds = Number(digits.slice(0, secondDigits));
  if (seconds < 978_307_200) return undefined;
  return utcText(seconds * 1000, (digits.slice(secondDigits) + fraction).slice(0, 9));
}

/** Milliseconds since the epoch of RFC 3339 text, for callers outside the hot path; NaN where it is none. */
export function timeMs(text: string): number {
  const utc = rfc3339(text);
  return utc === undefined ? Number.NaN : Date.parse(utc.length > 24 ? `${utc.slice(0, 23)}Z` : utc);
}

/**
 * Nanoseconds from one UTC time to a later one, both as `rfc3339At` writes them. Exact under 104 days (2^53 ns); undefined where the second is
 * earlier.
 */
export function nanosBetween(from: string, to: string): number | undefined {
  const sameMinute = from.length >= 20 && from.slice(0, 17) === to.slice(0, 17);
  const seconds = sameMinute ? twoDigits(to, 17) - twoDigits(from, 17) : (secondsOf(to) - secondsOf(from)) / 1000;
  const nanos = seconds * 1e9 + fractionNanos(to) - fractionNanos(from);
  return nanos >= 0 && nanos <= Number.MAX_SAFE_INTEGER ? nanos : undefined;
}

function secondsOf(text: string): number {
  const secondOfDay = twoDigits(text, 11) * 3600 + twoDigits(text, 14) * 60 + twoDigits(text, 17);
  return utcMs(twoDigits(text, 0) * 100 + twoDigits(text, 2), twoDigits(text, 5), twoDigits(text, 8), secondOfDay);
}

function fractionNanos(text: string): number {
  let nanos = 0;
  let unit = 100_000_000;
  for (let i = 20; unit >= 1; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) break;
    nanos += digit * unit;
    unit /= 10;
  }
  return nanos;
}

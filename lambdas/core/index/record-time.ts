const RFC_3339 = /^(\d{4})-(\d\d)-(\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?\d*Z$/;
/** Length of `2026-11-21T08:27:`. */
const TO_MINUTE = 17;

// Neighbouring records share the minute: what was found valid for one text up to it holds for the next.
let validMinute = '';

/** A CRI time as `@timestamp` takes it (UTC, up to nanoseconds, 1970 to 2261); undefined for anything else, which then leaves CloudWatch's time. */
export function recordTimeText(time: string | undefined): string | undefined {
  if (time === undefined) return undefined;
  if (time.startsWith(validMinute) && validMinute !== '' && hasSecondsAndFraction(time)) return time;
  const match = RFC_3339.exec(time);
  if (match) {
    const year = Number(match[1]);
    if (year < 1970 || year > 2261 || Number.isNaN(Date.parse(`${match[1]}-${match[2]}-${match[3]}Z`))) return undefined;
    validMinute = time.slice(0, TO_MINUTE);
    return trimmed(time, match[4]);
  }
  // Nodes that are not on UTC write an offset; what is below the millisecond is kept as it is.
  const ms = Date.parse(time);
  if (!(ms >= 0 && ms < 9_183_110_400_000) || !/[+-]\d\d:\d\d$/.test(time)) return undefined;
  const fraction = /\.(\d{1,9})/.exec(time)?.[1];
  return new Date(ms).toISOString().slice(0, 19) + (fraction === undefined ? 'Z' : `.${fraction}Z`);
}

/** Whether `04.503683037Z` follows the minute: seconds below 60, one to nine digits, and nothing else. */
function hasSecondsAndFraction(time: string): boolean {
  const end = time.length - 1;
  if (end < TO_MINUTE + 4 || end > TO_MINUTE + 12 || time.charCodeAt(end) !== 90 || time.charCodeAt(TO_MINUTE + 2) !== 46) return false;
  const tens = time.charCodeAt(TO_MINUTE);
  if (tens < 48 || tens > 53 || !isDigit(time.charCodeAt(TO_MINUTE + 1))) return false;
  for (let i = TO_MINUTE + 3; i < end; i++) if (!isDigit(time.charCodeAt(i))) return false;
  return true;
}

function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}

function trimmed(time: string, fraction: string | undefined): string {
  return fraction === undefined || time.length <= 30 ? time : `${time.slice(0, 29)}Z`;
}

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?\d*Z$/;
const SECONDS = /^[0-5]\d\.\d{9}Z$/;

// `2026-11-21T08:27:` of the time read last: within that minute only the rest has to be looked at.
let minute = '';

/** A CRI time as `@timestamp` takes it (UTC, up to nanoseconds, 1970 to 2261); undefined for anything else, which then leaves CloudWatch's time. */
export function recordTimeText(time: string | undefined): string | undefined {
  if (time === undefined) return undefined;
  if (time.length === 30 && time.startsWith(minute) && minute !== '' && SECONDS.test(time.slice(17))) return time;
  const match = RFC_3339.exec(time);
  if (match === null) return fromOffset(time);
  const year = Number(match[1]);
  if (year < 1970 || year > 2261 || Number.isNaN(Date.parse(`${match[1]}-${match[2]}-${match[3]}Z`))) return undefined;
  minute = time.slice(0, 17);
  return time.length <= 30 ? time : `${time.slice(0, 29)}Z`;
}

/** Nodes that are not on UTC write an offset; what is below the millisecond is kept as it is. */
function fromOffset(time: string): string | undefined {
  const ms = Date.parse(time);
  if (!(ms >= 0 && ms < LAST_MS) || !/T.*[+-]\d\d:\d\d$/.test(time)) return undefined;
  const fraction = /\.(\d{1,9})/.exec(time)?.[1];
  return new Date(ms).toISOString().slice(0, 19) + (fraction === undefined ? 'Z' : `.${fraction}Z`);
}

/** 2262-01-01: date_nanos ends a hundred days later. */
const LAST_MS = 9_214_646_400_000;

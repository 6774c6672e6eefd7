const RFC_3339 = /^(\d{4})-(\d\d)-(\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?\d*Z$/;

/** A CRI time as `@timestamp` takes it (UTC, up to nanoseconds, 1970 to 2261); undefined for anything else, which then leaves CloudWatch's time. */
export function recordTimeText(time: string | undefined): string | undefined {
  if (time === undefined) return undefined;
  const match = RFC_3339.exec(time);
  if (match) {
    const year = Number(match[1]);
    return year >= 1970 && year <= 2261 && !Number.isNaN(Date.parse(`${match[1]}-${match[2]}-${match[3]}Z`))
      ? trimmed(time, match[4])
      : undefined;
  }
  // Nodes that are not on UTC write an offset; what is below the millisecond is kept as it is.
  const ms = Date.parse(time);
  if (!(ms >= 0 && ms < 9_183_110_400_000) || !/[+-]\d\d:\d\d$/.test(time)) return undefined;
  const fraction = /\.(\d{1,9})/.exec(time)?.[1];
  return new Date(ms).toISOString().slice(0, 19) + (fraction === undefined ? 'Z' : `.${fraction}Z`);
}

function trimmed(time: string, fraction: string | undefined): string {
  return fraction === undefined || time.length <= 30 ? time : `${time.slice(0, 29)}Z`;
}

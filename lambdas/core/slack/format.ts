import type { Measurement } from '../alerts/alert.ts';
import type { Texts } from './texts.ts';

/** A time in the reader's own zone; where Slack cannot do that, in UTC. */
export function dateMark(ms: number, format = '{date_short_pretty} {time}'): string {
  const seconds = Math.floor(ms / 1000);
  return `<!date^${seconds}^${format}|${utcText(ms)}>`;
}

/** `2026-11-21 08:25 UTC`. */
export function utcText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** How long something took, in two units at most. */
export function durationText(ms: number, { units }: Texts): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), units.day],
    [Math.floor(seconds / 3600) % 24, units.hour],
    [Math.floor(seconds / 60) % 60, units.minute],
    [seconds % 60, units.second],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return `0${units.second}`;
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}${unit}`)
    .join(' ');
}

const BYTES = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** A number as people read it, with its CloudWatch unit. */
export function numberText(value: number, unit?: string): string {
  const perSecond = unit?.endsWith('/Second') === true ? '/s' : '';
  const base = unit?.replace('/Second', '');
  if (base === 'Bytes') {
    let scaled = value;
    let step = 0;
    while (Math.abs(scaled) >= 1024 && step < BYTES.length - 1) {
      scaled /= 1024;
      step++;
    }
    return `${digits(scaled)} ${BYTES[step]}${perSecond}`;
  }
  const suffix: { readonly [unit: string]: string } = { Percent: ' %', Seconds: ' s', Milliseconds: ' ms', Microseconds: ' µs' };
  return `${digits(value)}${suffix[base ?? ''] ?? ''}${perSecond}`;
}

function digits(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return value.toLocaleString('en-US').replaceAll(',', '\u202F');
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.001 || size >= 1e15)) return value.toExponential(2);
  return String(Number(value.toPrecision(size >= 1000 ? 6 : 4)));
}

const SIGNS: { readonly [comparison: string]: string } = {
  GreaterThanThreshold: '>',
  GreaterThanOrEqualToThreshold: '≥',
  LessThanThreshold: '<',
  LessThanOrEqualToThreshold: '≤',
};

/** The condition of an alarm, such as `> 5` or `outside 10 … 40`; undefined where the notification does not say. */
export function conditionText({ comparison, lower, threshold, unit, upper }: Measurement, { outside }: Texts): string | undefined {
  if (lower !== undefined || upper !== undefined) {
    const bound = (value: number | undefined): string => (value === undefined ? '' : numberText(value, unit));
    return `${outside} ${bound(lower)} … ${bound(upper)}`;
  }
  if (threshold === undefined) return undefined;
  return `${SIGNS[comparison ?? ''] ?? '≷'} ${numberText(threshold, unit)}`;
}

/** Longest period of an alarm: a week (PutMetricAlarm). */
const MAX_PERIOD_SECONDS = 604_800;

/** What is measured and how: `pod_cpu_utilization, Average, 3 of 5 × 1m`. */
export function basisText(measurement: Measurement, texts: Texts): string {
  const { datapointsToAlarm, evaluationPeriods = 1, metric, periodSeconds, statistic } = measurement;
  // A sender may claim any length; one that CloudWatch does not have is left out.
  const span = periodSeconds === undefined || periodSeconds > MAX_PERIOD_SECONDS ? undefined : durationText(periodSeconds * 1000, texts);
  const count = datapointsToAlarm === undefined ? `${evaluationPeriods}` : texts.ofCount(datapointsToAlarm, evaluationPeriods);
  return [metric, statistic, span === undefined ? undefined : `${count} × ${span}`].filter((part) => part !== undefined).join(', ');
}

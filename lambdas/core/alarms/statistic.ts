/** What CloudWatch keeps of published values: one value, or a set of them that a publisher summed up. */
export interface Sample {
  readonly timeMs: number;
  /** The value; of a statistic set, its sum. */
  readonly sum: number;
  readonly count: number;
  readonly minimum: number;
  readonly maximum: number;
  /** Unit as published. @default None */
  readonly unit?: string;
}

/** One published value, as a sample of one. */
export function sampleOf(timeMs: number, value: number, unit?: string): Sample {
  return { timeMs, sum: value, count: 1, minimum: value, maximum: value, ...(unit === undefined ? {} : { unit }) };
}

/** A value of a period with the number of samples behind it. */
export interface Datapoint {
  readonly value: number;
  readonly sampleCount: number;
}

const SIMPLE = ['SampleCount', 'Sum', 'Average', 'Minimum', 'Maximum'] as const;
const PERCENTILE = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/;

/** Reads `p99.9` as 0.999; undefined for any other statistic. */
export function percentileOf(statistic: string): number | undefined {
  const digits = PERCENTILE.exec(statistic)?.[1];
  return digits === undefined ? undefined : Number(digits) / 100;
}

/** Whether a statistic can be computed here: the five simple ones, and percentiles p0 to p100. */
export function isStatistic(statistic: string): boolean {
  return (SIMPLE as readonly string[]).includes(statistic) || PERCENTILE.test(statistic);
}

/**
 * The statistic of a period's samples; undefined where there are none, or for a percentile of a statistic set of several values, which CloudWatch cannot
 * take apart either (unless all of them are the same).
 */
export function datapointOf(samples: readonly Sample[], statistic: string): Datapoint | undefined {
  if (samples.length === 0) return undefined;
  let sum = 0;
  let count = 0;
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  for (const sample of samples) {
    sum += sample.sum;
    count += sample.count;
    minimum = Math.min(minimum, sample.minimum);
    maximum = Math.max(maximum, sample.maximum);
  }
  const share = percentileOf(statistic);
  if (share !== undefined) {
    const value = percentile(samples, share);
    return value === undefined ? undefined : { value, sampleCount: count };
  }
  switch (statistic) {
    case 'SampleCount':
      return { value: count, sampleCount: count };
    case 'Sum':
      return { value: sum, sampleCount: count };
    case 'Average':
      return count === 0 ? undefined : { value: sum / count, sampleCount: count };
    case 'Minimum':
      return { value: minimum, sampleCount: count };
    case 'Maximum':
      return { value: maximum, sampleCount: count };
    default:
      return undefined;
  }
}

/** The smallest value that at least the share of the values does not exceed. */
function percentile(samples: readonly Sample[], share: number): number | undefined {
  const values: { readonly value: number; readonly count: number }[] = [];
  let total = 0;
  for (const { minimum, maximum, count } of samples) {
    if (minimum !== maximum) return undefined;
    values.push({ value: minimum, count });
    total += count;
  }
  values.sort((a, b) => a.value - b.value);
  const rank = Math.max(1, Math.ceil(share * total - 1e-9));
  let seen = 0;
  for (const { value, count } of values) {
    seen += count;
    if (seen >= rank) return value;
  }
  return undefined;
}

/**
 * Samples below which a percentile says little (user guide, "Percentile-based alarms and low data samples"): 10/(1-p) from the median up, 10/p
 * below it. Infinity for p100 and p0, which the guide leaves out.
 */
export function samplesNeeded(share: number): number {
  return share >= 0.5 ? Math.round((10 / (1 - share)) * 1e6) / 1e6 : 10 / share;
}

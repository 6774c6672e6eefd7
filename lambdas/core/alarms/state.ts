/** State of an alarm (CloudWatch, `StateValue`). A fresh alarm is INSUFFICIENT_DATA until its first evaluation. */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export const ALARM_STATES: readonly AlarmState[] = ['OK', 'ALARM', 'INSUFFICIENT_DATA'];

/** How an alarm reads data points that are not there (`TreatMissingData`). */
export const MISSING_DATA = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;
export type MissingData = (typeof MISSING_DATA)[number];

/** Operators that compare with a fixed threshold (`ComparisonOperator`). */
export const STATIC_COMPARISONS = [
  'GreaterThanThreshold',
  'GreaterThanOrEqualToThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
] as const;
export type StaticComparison = (typeof STATIC_COMPARISONS)[number];

/** Operators that compare with an anomaly detection band. */
export const BAND_COMPARISONS = [
  'LessThanLowerOrGreaterThanUpperThreshold',
  'LessThanLowerThreshold',
  'GreaterThanUpperThreshold',
] as const;
export type BandComparison = (typeof BAND_COMPARISONS)[number];

export type Comparison = StaticComparison | BandComparison;

/** The range of values that an anomaly detection model expects at a time. */
export interface Band {
  readonly lower: number;
  readonly upper: number;
}

/** Whether a value breaches a fixed threshold. */
export function breachesThreshold(value: number, comparison: StaticComparison, threshold: number): boolean {
  switch (comparison) {
    case 'GreaterThanThreshold':
      return value > threshold;
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold;
    case 'LessThanThreshold':
      return value < threshold;
    case 'LessThanOrEqualToThreshold':
      return value <= threshold;
  }
}

/** Whether a value leaves a band on a side that the operator watches. A value on the border is inside. */
export function breachesBand(value: number, comparison: BandComparison, { lower, upper }: Band): boolean {
  const isBelow = comparison !== 'GreaterThanUpperThreshold' && value < lower;
  const isAbove = comparison !== 'LessThanLowerThreshold' && value > upper;
  return isBelow || isAbove;
}

/** Whether an operator compares with a band. */
export function isBandComparison(comparison: Comparison): comparison is BandComparison {
  return (BAND_COMPARISONS as readonly string[]).includes(comparison);
}

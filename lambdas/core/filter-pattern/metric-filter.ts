import { compileFilterPattern } from './compile.ts';
import { numberIn } from './number.ts';
import type { FilterPattern, MatchedEvent, ValueSelector } from './types.ts';
import { misfitOf, parseValueSelector } from './value-selector.ts';

/** Units of a CloudWatch metric (`StandardUnit` of PutMetricData). */
export const METRIC_UNITS = [
  'Seconds',
  'Microseconds',
  'Milliseconds',
  'Bytes',
  'Kilobytes',
  'Megabytes',
  'Gigabytes',
  'Terabytes',
  'Bits',
  'Kilobits',
  'Megabits',
  'Gigabits',
  'Terabits',
  'Percent',
  'Count',
  'Bytes/Second',
  'Kilobytes/Second',
  'Megabytes/Second',
  'Gigabytes/Second',
  'Terabytes/Second',
  'Bits/Second',
  'Kilobits/Second',
  'Megabits/Second',
  'Gigabits/Second',
  'Terabits/Second',
  'Count/Second',
  'None',
] as const;
export type MetricUnit = (typeof METRIC_UNITS)[number];

/** Most dimensions of a metric filter (PutMetricFilter, `MetricTransformation`). */
export const MAX_METRIC_FILTER_DIMENSIONS = 3;
/** Longest metric value in characters (`MetricTransformation`, `metricValue`). */
export const MAX_METRIC_VALUE_LENGTH = 100;
/** Longest name of a dimension in characters (`MetricTransformation`, `dimensions`). */
export const MAX_DIMENSION_NAME_LENGTH = 255;

/** A metric filter as its template has it. */
export interface MetricFilterSpec {
  readonly filterPattern: string;
  /** A number such as `1`, `$.property` of a JSON event, or `$field` of a space-delimited one. */
  readonly metricValue: string;
  /** Published for an event that does not match. */
  readonly defaultValue?: number;
  /** Name to `$.property` or `$field`. */
  readonly dimensions?: { readonly [name: string]: string };
  readonly unit?: string;
}

/** What is wrong with a metric filter: the field, the reason, and for a pattern or selector the 1-based column. */
export interface MetricFilterProblem {
  readonly field: string;
  readonly reason: string;
  readonly column?: number;
}

/** What one event adds to a metric. `default` is a value, too: the filter's default for an event that does not match. */
export type MetricOutcome =
  | {
      readonly kind: 'value' | 'default';
      readonly value: number;
      readonly unit: MetricUnit;
      readonly dimensions: { readonly [name: string]: string };
    }
  | { readonly kind: 'none'; readonly reason: 'not-matched' | 'no-value' | 'not-a-number' | 'no-dimension' };

/** A metric filter that CloudWatch Logs would accept. */
export interface MetricFilter {
  readonly ok: true;
  readonly pattern: FilterPattern;
  /** What an event with this message adds to the metric. Never throws. */
  evaluate(message: string): MetricOutcome;
}

/** Checks a metric filter whole and returns what decides its data points, or every problem that it has. */
export function compileMetricFilter(
  spec: MetricFilterSpec,
): MetricFilter | { readonly ok: false; readonly problems: readonly MetricFilterProblem[] } {
  const problems: MetricFilterProblem[] = [];
  const pattern = compileFilterPattern(spec.filterPattern);
  if (!pattern.ok) problems.push({ field: 'filterPattern', reason: pattern.reason, column: pattern.column });
  const known = pattern.ok ? pattern : undefined;
  const value = checkValue(spec.metricValue, known, problems);
  const dimensions = checkDimensions(spec, known, problems);
  const unit = METRIC_UNITS.find((one) => one === (spec.unit ?? 'None'));
  if (unit === undefined) problems.push({ field: 'unit', reason: `"${spec.unit}" is no unit of CloudWatch: ${METRIC_UNITS.join(', ')}` });
  if (spec.defaultValue !== undefined && !Number.isFinite(spec.defaultValue))
    problems.push({ field: 'defaultValue', reason: 'must be a number' });
  if (!pattern.ok || problems.length > 0 || value === undefined || unit === undefined) return { ok: false, problems };
  const { defaultValue } = spec;
  return {
    ok: true,
    pattern,
    evaluate(message) {
      const event = pattern.open(message);
      if (event !== undefined) return publish(event, value, dimensions, unit);
      if (defaultValue === undefined) return { kind: 'none', reason: 'not-matched' };
      return { kind: 'default', value: defaultValue, unit, dimensions: {} };
    },
  };
}

function checkValue(text: string, pattern: FilterPattern | undefined, problems: MetricFilterProblem[]): number | ValueSelector | undefined {
  if (text.length > MAX_METRIC_VALUE_LENGTH)
    problems.push({ field: 'metricValue', reason: `has at most ${MAX_METRIC_VALUE_LENGTH} characters` });
  return numberIn(text) ?? checkSelector('metricValue', text, pattern, problems);
}

function checkSelector(
  field: string,
  text: string,
  pattern: FilterPattern | undefined,
  problems: MetricFilterProblem[],
): ValueSelector | undefined {
  const parsed = parseValueSelector(text);
  if (!parsed.ok) {
    const reason = field === 'metricValue' && !text.startsWith('$') ? 'is a number, $.property or $field' : parsed.reason;
    problems.push({ field, reason, column: parsed.column });
    return undefined;
  }
  const misfit = pattern && misfitOf(pattern, parsed.selector);
  if (misfit !== undefined) problems.push({ field, reason: misfit });
  return parsed.selector;
}

function checkDimensions(
  spec: MetricFilterSpec,
  pattern: FilterPattern | undefined,
  problems: MetricFilterProblem[],
): readonly (readonly [string, ValueSelector])[] {
  const entries = Object.entries(spec.dimensions ?? {});
  if (entries.length > MAX_METRIC_FILTER_DIMENSIONS) {
    problems.push({ field: 'dimensions', reason: `at most ${MAX_METRIC_FILTER_DIMENSIONS} are allowed; there are ${entries.length}` });
  }
  if (entries.length > 0 && spec.defaultValue !== undefined) {
    problems.push({ field: 'defaultValue', reason: 'a metric filter with dimensions cannot have a default value' });
  }
  return entries.flatMap(([name, text]) => {
    const field = `dimensions.${name}`;
    if (name.trim() === '' || name.startsWith(':') || name.length > MAX_DIMENSION_NAME_LENGTH) {
      problems.push({ field, reason: `a dimension's name has 1 to ${MAX_DIMENSION_NAME_LENGTH} characters and does not start with ":"` });
    }
    const selector = checkSelector(field, text, pattern, problems);
    return selector === undefined ? [] : [[name, selector] as const];
  });
}

function publish(
  event: MatchedEvent,
  value: number | ValueSelector,
  dimensions: readonly (readonly [string, ValueSelector])[],
  unit: MetricUnit,
): MetricOutcome {
  const text = typeof value === 'number' ? String(value) : event.valueOf(value);
  if (text === undefined) return { kind: 'none', reason: 'no-value' };
  const number = numberIn(text);
  if (number === undefined) return { kind: 'none', reason: 'not-a-number' };
  const found: [string, string][] = [];
  for (const [name, selector] of dimensions) {
    const label = event.valueOf(selector);
    // CloudWatch has no dimension without a value, and a point without the dimension would belong to another metric.
    if (label === undefined || label.trim() === '') return { kind: 'none', reason: 'no-dimension' };
    found.push([name, label]);
  }
  return { kind: 'value', value: number, unit, dimensions: Object.fromEntries(found) };
}

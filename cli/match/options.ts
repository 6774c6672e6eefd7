import { parseArgs } from 'node:util';
import { compileFilterPattern, type FilterPattern, type FilterPatternError } from '../../lambdas/core/filter-pattern/compile.ts';
import { compileMetricFilter, type MetricFilter } from '../../lambdas/core/filter-pattern/metric-filter.ts';
import { showColumn } from './caret.ts';

/** What a call asks for. */
export interface MatchOptions {
  readonly pattern: FilterPattern;
  /** Set with `--value`. */
  readonly metric: MetricFilter | undefined;
  readonly count: boolean;
  readonly json: boolean;
  /** Container lines are matched as the records that Fluent Bit sends. */
  readonly record: boolean;
  /** `-` is standard input. */
  readonly files: readonly string[];
  /** Lines for stderr about a pattern that is accepted but does something unexpected. */
  readonly warnings: readonly string[];
}

/** Reads the arguments; a string is what is wrong with them, for stderr. */
export function readOptions(args: string[]): MatchOptions | string {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return (error as Error).message;
  }
  const { values, positionals } = parsed;
  if (values.pattern === undefined)
    return "--pattern is missing, as in --pattern '{ $.responseStatus.code = 403 }'; an empty pattern is --pattern ''";
  const text = values.pattern;
  const pattern = compileFilterPattern(text);
  if (!pattern.ok) return problemAt(text, pattern);
  const metric = values.value === undefined ? undefined : readValue(text, values.value);
  if (typeof metric === 'string') return metric;
  return {
    pattern,
    metric,
    count: values.count,
    json: values.json,
    record: values.record,
    files: positionals.length > 0 ? positionals : ['-'],
    warnings: pattern.warnings.map(({ column, reason }) => `column ${column}: ${reason}\n${showColumn(text, column)}`),
  };
}

/** Options whose value may start with a minus, as the pattern `-ERROR` does; parseArgs takes such a value only after "=". */
const WITH_ANY_VALUE: { readonly [option: string]: string } = { '--pattern': '--pattern', '-p': '--pattern', '--value': '--value' };

function joinValues(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const option = args[at] as string;
    if (option === '--') return [...joined, ...args.slice(at)];
    const name = Object.hasOwn(WITH_ANY_VALUE, option) ? WITH_ANY_VALUE[option] : undefined;
    const value = args[at + 1];
    if (name !== undefined && value !== undefined) {
      joined.push(`${name}=${value}`);
      at++;
    } else {
      joined.push(option);
    }
  }
  return joined;
}

function parse(args: string[]) {
  return parseArgs({
    args: joinValues(args),
    allowPositionals: true,
    options: {
      pattern: { type: 'string', short: 'p' },
      value: { type: 'string' },
      count: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      record: { type: 'boolean', default: false },
    },
  });
}

function problemAt(pattern: string, { column, reason }: FilterPatternError): string {
  return `invalid pattern at column ${column}: ${reason}\n${showColumn(pattern, column)}`;
}

function readValue(filterPattern: string, metricValue: string): MetricFilter | string {
  const metric = compileMetricFilter({ filterPattern, metricValue });
  if (metric.ok) return metric;
  const lines = metric.problems.map(({ reason, column }) => {
    return column === undefined
      ? `invalid --value: ${reason}`
      : `invalid --value at column ${column}: ${reason}\n${showColumn(metricValue, column)}`;
  });
  return lines.join('\n');
}

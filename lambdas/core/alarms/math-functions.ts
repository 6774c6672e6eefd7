import { listOf, type MathValue, mapPoints, present, type Series, scalar, series } from './math-value.ts';
import type { Window } from './windows.ts';

/** Thrown where an expression cannot be computed: a wrong argument, a function that alarms may not use. */
export class MathError extends Error {
  override readonly name = 'MathError';
}

/** What a function may know besides its arguments. */
export interface FunctionContext {
  readonly windows: readonly Window[];
  readonly periodSeconds: number;
}

type MathFunction = (args: readonly MathValue[], context: FunctionContext) => MathValue;

/** The argument at a place; throws MathError where it is not given. */
export function argument(args: readonly MathValue[], index: number, name: string): MathValue {
  const value = args[index];
  if (value === undefined) throw new MathError(`${name} has too few arguments`);
  return value;
}

function numberArgument(args: readonly MathValue[], index: number, name: string): number {
  const value = argument(args, index, name);
  if (value.kind !== 'scalar') throw new MathError(`${name}: argument ${index + 1} is a number`);
  return value.value;
}

function seriesOf(value: MathValue): readonly Series[] {
  if (value.kind === 'scalar') throw new MathError('a time series is needed here, not a number');
  return value.kind === 'series' ? [value.series] : value.list;
}

/** One series to a number, several to one series over the points that are there (`missingIsZero`: over all of them). */
function aggregate(name: string, of: (points: number[]) => number, missingIsZero = false): MathFunction {
  return (args) => {
    const value = argument(args, 0, name);
    if (value.kind === 'scalar') return value;
    if (value.kind === 'series') {
      const points = present(value.series);
      return scalar(points.length === 0 ? 0 : of(points));
    }
    const length = value.list[0]?.length ?? 0;
    return series(
      Array.from({ length }, (_, index) => {
        const points = value.list.map((each) => each[index]);
        const there = present(points);
        if (there.length === 0) return undefined;
        return of(missingIsZero ? points.map((point) => point ?? 0) : there);
      }),
    );
  };
}

/** A function of each data point and the one before it that is there. */
function withPrevious(name: string, of: (now: number, before: number, seconds: number) => number): MathFunction {
  return (args, { windows }) => {
    const one = (values: Series): Series => {
      let before: { readonly value: number; readonly atMs: number } | undefined;
      return values.map((value, index) => {
        if (value === undefined) return undefined;
        const atMs = windows[index]?.startMs ?? 0;
        const result = before === undefined ? undefined : of(value, before.value, (atMs - before.atMs) / 1000);
        before = { value, atMs };
        return result;
      });
    };
    const value = argument(args, 0, name);
    return value.kind === 'series' ? series(one(value.series)) : listOf(seriesOf(value).map(one));
  };
}

const perPoint =
  (name: string, change: (point: number) => number): MathFunction =>
  (args) =>
    mapPoints(argument(args, 0, name), change);

/** A series made of the start of each window, in UTC. */
const fromTime =
  (of: (date: Date) => number): MathFunction =>
  (_args, { windows }) =>
    series(windows.map(({ startMs }) => of(new Date(startMs))));

const sum = (points: readonly number[]): number => points.reduce((total, point) => total + point, 0);
const mean = (points: readonly number[]): number => sum(points) / points.length;
const deviation = (points: readonly number[]): number => Math.sqrt(mean(points.map((point) => (point - mean(points)) ** 2)));

function runningSum(values: Series): Series {
  let total = 0;
  return values.map((value) => {
    if (value === undefined) return undefined;
    total += value;
    return total;
  });
}

const pick =
  (name: string, at: number): MathFunction =>
  (args) =>
    series(seriesOf(argument(args, 0, name)).at(at) ?? []);

/** Functions of metric math by name, but for those that need the definitions of metrics (`METRICS`, `FILL`, `IF` …). */
export const MATH_FUNCTIONS: { readonly [name: string]: MathFunction } = {
  ABS: perPoint('ABS', Math.abs),
  CEIL: perPoint('CEIL', Math.ceil),
  FLOOR: perPoint('FLOOR', Math.floor),
  LOG: perPoint('LOG', Math.log),
  LOG10: perPoint('LOG10', Math.log10),
  SUM: aggregate('SUM', sum),
  AVG: aggregate('AVG', mean, true),
  MIN: aggregate('MIN', (points) => Math.min(...points)),
  MAX: aggregate('MAX', (points) => Math.max(...points)),
  STDDEV: aggregate('STDDEV', deviation),
  DATAPOINT_COUNT: aggregate('DATAPOINT_COUNT', (points) => points.length),
  METRIC_COUNT: (args) => scalar(seriesOf(argument(args, 0, 'METRIC_COUNT')).length),
  DIFF: withPrevious('DIFF', (now, before) => now - before),
  DIFF_TIME: withPrevious('DIFF_TIME', (_now, _before, seconds) => seconds),
  RATE: withPrevious('RATE', (now, before, seconds) => (now - before) / seconds),
  RUNNING_SUM: (args) => {
    const value = argument(args, 0, 'RUNNING_SUM');
    return value.kind === 'series' ? series(runningSum(value.series)) : listOf(seriesOf(value).map(runningSum));
  },
  TIME_SERIES: (args, { windows }) => {
    const value = numberArgument(args, 0, 'TIME_SERIES');
    return series(windows.map(() => value));
  },
  REMOVE_EMPTY: (args) => listOf(seriesOf(argument(args, 0, 'REMOVE_EMPTY')).filter((each) => present(each).length > 0)),
  FIRST: pick('FIRST', 0),
  LAST: pick('LAST', -1),
  SLICE: (args) => {
    const from = numberArgument(args, 1, 'SLICE');
    const list = seriesOf(argument(args, 0, 'SLICE'));
    return args.length < 3 ? series(list[from] ?? []) : listOf(list.slice(from, numberArgument(args, 2, 'SLICE')));
  },
  MINUTE: fromTime((date) => date.getUTCMinutes()),
  HOUR: fromTime((date) => date.getUTCHours()),
  // Monday is 1 and Sunday is 7.
  DAY: fromTime((date) => date.getUTCDay() || 7),
  DATE: fromTime((date) => date.getUTCDate()),
  MONTH: fromTime((date) => date.getUTCMonth() + 1),
  YEAR: fromTime((date) => date.getUTCFullYear()),
  EPOCH: fromTime((date) => Math.floor(date.getTime() / 1000)),
};

/** `SORT(list, AVG|MIN|MAX|SUM, ASC|DESC, first n)`. */
export function sortSeries(list: readonly Series[], by: string, order: string, limit: number): Series[] {
  const measures: { readonly [name: string]: (points: number[]) => number } = {
    AVG: mean,
    MIN: (points) => Math.min(...points),
    MAX: (points) => Math.max(...points),
    SUM: sum,
  };
  const measure = measures[by];
  if (measure === undefined || (order !== 'ASC' && order !== 'DESC'))
    throw new MathError('SORT takes AVG, MIN, MAX or SUM, then ASC or DESC');
  const rank = (values: Series): number => (present(values).length === 0 ? Number.NEGATIVE_INFINITY : measure(present(values)));
  const direction = order === 'ASC' ? 1 : -1;
  return [...list].sort((a, b) => direction * (rank(a) - rank(b))).slice(0, limit);
}

/** `FILL`: a number, the value before (`REPEAT`), a line between neighbours (`LINEAR`), or another series. */
export function fillSeries(values: Series, filler: number | 'REPEAT' | 'LINEAR' | Series): Series {
  if (typeof filler === 'number') return values.map((value) => value ?? filler);
  if (filler === 'REPEAT') {
    let before: number | undefined;
    return values.map((value) => {
      before = value ?? before;
      return before;
    });
  }
  if (filler === 'LINEAR') return values.map((value, index) => value ?? between(values, index));
  return values.map((value, index) => value ?? filler[index]);
}

function between(values: Series, index: number): number | undefined {
  const before = values.findLastIndex((value, at) => at < index && value !== undefined);
  const after = values.findIndex((value, at) => at > index && value !== undefined);
  const from = values[before];
  const to = values[after];
  if (from === undefined || to === undefined) return from ?? to;
  return from + ((to - from) * (index - before)) / (after - before);
}

import type { MathOperator } from './math-parse.ts';

/** One value per window of the evaluation range, oldest first; undefined where there is no data point. */
export type Series = readonly (number | undefined)[];

/** What an expression can be: a number, a time series, or several. */
export type MathValue =
  | { readonly kind: 'scalar'; readonly value: number }
  | { readonly kind: 'series'; readonly series: Series }
  | { readonly kind: 'list'; readonly list: readonly Series[] };

export const scalar = (value: number): MathValue => ({ kind: 'scalar', value });
export const series = (values: Series): MathValue => ({ kind: 'series', series: values });
export const listOf = (list: readonly Series[]): MathValue => ({ kind: 'list', list });

/** Applies a function to each data point. A result that is no finite number is dropped, as CloudWatch drops a division by zero. */
export function mapPoints(value: MathValue, change: (point: number) => number): MathValue {
  const one = (each: Series): Series => each.map((point) => (point === undefined ? undefined : finite(change(point))));
  switch (value.kind) {
    case 'scalar':
      return scalar(change(value.value));
    case 'series':
      return series(one(value.series));
    case 'list':
      return listOf(value.list.map(one));
  }
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

const OPERATIONS: { readonly [operator in MathOperator]: (left: number, right: number) => number } = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => (right === 0 ? Number.NaN : left / right),
  '^': (left, right) => left ** right,
  '==': (left, right) => Number(left === right),
  '!=': (left, right) => Number(left !== right),
  '<=': (left, right) => Number(left <= right),
  '>=': (left, right) => Number(left >= right),
  '<': (left, right) => Number(left < right),
  '>': (left, right) => Number(left > right),
  AND: (left, right) => Number(left !== 0 && right !== 0),
  OR: (left, right) => Number(left !== 0 || right !== 0),
};

/** Two values joined. Where only one of two series has a data point, the other one's is 0 (metric math syntax, user guide). */
export function combine(operator: MathOperator, left: MathValue, right: MathValue): MathValue {
  const operate = OPERATIONS[operator];
  if (left.kind === 'scalar' && right.kind === 'scalar') return scalar(operate(left.value, right.value));
  if (left.kind === 'scalar') return mapPoints(right, (point) => operate(left.value, point));
  if (right.kind === 'scalar') return mapPoints(left, (point) => operate(point, right.value));
  const pair = (a: Series, b: Series): Series =>
    a.map((point, index) => {
      const other = b[index];
      return point === undefined && other === undefined ? undefined : finite(operate(point ?? 0, other ?? 0));
    });
  if (left.kind === 'series' && right.kind === 'series') return series(pair(left.series, right.series));
  if (left.kind === 'series' && right.kind === 'list') return listOf(right.list.map((each) => pair(left.series, each)));
  if (left.kind === 'list' && right.kind === 'series') return listOf(left.list.map((each) => pair(each, right.series)));
  if (left.kind === 'list' && right.kind === 'list') return listOf(left.list.map((each, index) => pair(each, right.list[index] ?? [])));
  return left;
}

/** Data points of a series that are there. */
export function present(values: Series): number[] {
  return values.filter((point): point is number => point !== undefined);
}

import { argument, type FunctionContext, fillSeries, MATH_FUNCTIONS, MathError, sortSeries } from './math-functions.ts';
import { MATH_WORDS, type MathNode } from './math-parse.ts';
import { combine, listOf, type MathValue, mapPoints, type Series, scalar, series } from './math-value.ts';

/** What an expression may ask of the alarm around it. */
export interface MathScope extends FunctionContext {
  /** The value of a metric or of another expression by its id; undefined for an id that nothing has. */
  lookUp(id: string): MathValue | undefined;
  /** Ids of the metrics of the alarm; expressions are not among them. */
  readonly metricIds: readonly string[];
  /** The quota of a usage metric, by its id; undefined where it has none. */
  quotaOf(id: string): number | undefined;
  /** The band of a model around a metric or expression: [lower, upper], as many standard deviations wide as asked. */
  bandOf(id: string, deviations: number): readonly [lower: Series, upper: Series];
}

/** Standard deviations of `ANOMALY_DETECTION_BAND` without a second argument. */
const DEFAULT_DEVIATIONS = 2;

/** Computes an expression; throws MathError. */
export function runMath(node: MathNode, scope: MathScope): MathValue {
  switch (node.kind) {
    case 'number':
      return scalar(node.value);
    case 'text':
      throw new MathError(`a text ("${node.value}") only goes into METRICS`);
    case 'id': {
      const value = scope.lookUp(node.name);
      if (value === undefined) throw new MathError(`no metric or expression has the id ${node.name}`);
      return value;
    }
    case 'negative':
      return mapPoints(runMath(node.of, scope), (point) => -point);
    case 'list':
      return listOf(node.items.flatMap((item) => asList(runMath(item, scope))));
    case 'binary':
      return combine(node.operator, runMath(node.left, scope), runMath(node.right, scope));
    case 'call':
      return call(node, scope);
  }
}

type Call = Extract<MathNode, { kind: 'call' }>;

function call(node: Call, scope: MathScope): MathValue {
  const { name, args } = node;
  const own = Object.hasOwn(SPECIAL, name) ? SPECIAL[name] : undefined;
  if (own !== undefined) return own(node, scope);
  const shared = Object.hasOwn(MATH_FUNCTIONS, name) ? MATH_FUNCTIONS[name] : undefined;
  if (shared === undefined) throw new MathError(`there is no function ${name}, or an alarm may not use it`);
  return shared(
    args.map((arg) => runMath(arg, scope)),
    scope,
  );
}

const SPECIAL: { readonly [name: string]: (node: Call, scope: MathScope) => MathValue } = {
  METRICS: ({ args }, scope) => {
    const [part] = args;
    const text = part?.kind === 'text' ? part.value : '';
    return listOf(scope.metricIds.filter((id) => id.includes(text)).flatMap((id) => asList(scope.lookUp(id) ?? listOf([]))));
  },
  PERIOD: (_node, scope) => scalar(scope.periodSeconds),
  SERVICE_QUOTA: (node, scope) => {
    const id = idOf(node, 'SERVICE_QUOTA');
    const quota = scope.quotaOf(id);
    return series(scope.windows.map(() => quota));
  },
  ANOMALY_DETECTION_BAND: (node, scope) => {
    const width = node.args[1];
    const deviations = width === undefined ? DEFAULT_DEVIATIONS : width.kind === 'number' ? width.value : Number.NaN;
    if (!(deviations > 0)) throw new MathError('the width of ANOMALY_DETECTION_BAND is a number above 0');
    const [lower, upper] = scope.bandOf(idOf(node, 'ANOMALY_DETECTION_BAND'), deviations);
    return listOf([upper, lower]);
  },
  FILL: ({ args }, scope) => {
    const values = args.map((arg) => (arg.kind === 'id' && MATH_WORDS.has(arg.name) ? undefined : runMath(arg, scope)));
    const target = values[0];
    const way = args[1];
    if (target === undefined || way === undefined) throw new MathError('FILL has two arguments');
    const filler = way.kind === 'id' && (way.name === 'REPEAT' || way.name === 'LINEAR') ? way.name : fillerOf(values[1]);
    const filled = asList(target).map((each) => fillSeries(each, filler));
    return target.kind === 'list' ? listOf(filled) : series(filled[0] ?? []);
  },
  SORT: ({ args }, scope) => {
    const [list, by, order, limit] = args;
    if (list === undefined || by?.kind !== 'id' || order?.kind !== 'id') throw new MathError('SORT takes a list, a function and an order');
    const most = limit?.kind === 'number' ? limit.value : Number.POSITIVE_INFINITY;
    return listOf(sortSeries(asList(runMath(list, scope)), by.name, order.name, most));
  },
  IF: ({ args }, scope) => {
    const values = args.map((arg) => runMath(arg, scope));
    return choose(argument(values, 0, 'IF'), argument(values, 1, 'IF'), values[2], scope.windows.length);
  },
};

function idOf({ args }: Call, name: string): string {
  const [first] = args;
  if (first?.kind !== 'id') throw new MathError(`${name} takes the id of a metric`);
  return first.name;
}

function fillerOf(value: MathValue | undefined): number | Series {
  if (value?.kind === 'scalar') return value.value;
  if (value?.kind === 'series') return value.series;
  throw new MathError('FILL fills with a number, REPEAT, LINEAR or one series');
}

/** A condition that is missing drops the point; a missing value of a true condition is 0, of a false one drops the point. */
function choose(condition: MathValue, whenTrue: MathValue, whenFalse: MathValue | undefined, length: number): MathValue {
  const at = (value: MathValue | undefined, index: number): number | undefined =>
    value === undefined || value.kind === 'list' ? undefined : value.kind === 'scalar' ? value.value : value.series[index];
  if (condition.kind === 'list') throw new MathError('the condition of IF is one series or a number');
  if (condition.kind === 'scalar') {
    const chosen = condition.value !== 0 ? whenTrue : whenFalse;
    return chosen ?? series(Array.from({ length }, () => undefined));
  }
  return series(
    condition.series.map((point, index) => {
      if (point === undefined) return undefined;
      return point !== 0 ? (at(whenTrue, index) ?? 0) : at(whenFalse, index);
    }),
  );
}

function asList(value: MathValue): readonly Series[] {
  if (value.kind === 'scalar') throw new MathError('a time series is needed here, not a number');
  return value.kind === 'series' ? [value.series] : value.list;
}

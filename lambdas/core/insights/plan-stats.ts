import { type AccumulatorMaker, makeAccumulator } from './aggregate.ts';
import type { CallNode, Item } from './ast.ts';
import { CompileError, ExpressionCompiler } from './compile-expression.ts';
import type { Compiled, Environment, Slots } from './compiled.ts';
import type { ResultType } from './functions.ts';
import type { Period } from './period.ts';
import { printExpression } from './print.ts';
import { Scope } from './scope.ts';
import type { StatsPlan } from './stage-stats.ts';

/** A `stats` command ready to run, and what can be seen behind it. */
export interface PlannedStats {
  readonly plan: StatsPlan;
  readonly scope: Scope;
  readonly columns: readonly { readonly name: string; readonly value: Compiled }[];
  /** The only group is `bin()`: its slot and period. */
  readonly bin: { readonly slot: number; readonly period: Period } | undefined;
}

/** Plans a `stats`: `before` compiles in front of it; behind it a new, closed scope begins. */
export function planStats(
  items: readonly Item[],
  by: readonly Item[],
  before: ExpressionCompiler,
  outer: Scope,
  env: Environment,
): PlannedStats {
  const scope = new Scope(true);
  const columns: { name: string; value: Compiled }[] = [];
  const column = (name: string, slot: number, type: ResultType) => {
    const made = { name, value: { run: (slots: Slots) => slots[slot], type } };
    const same = columns.findIndex((each) => each.name === name);
    if (same < 0) columns.push(made);
    else columns[same] = made;
  };
  const groups = by.map(({ expression, alias }) => {
    const value = before.compile(expression);
    const printed = expression.kind === 'field' ? expression.name : printExpression(expression);
    const slot = scope.define(printed, value.type);
    if (alias !== undefined) scope.define(alias, value.type, slot);
    column(alias ?? printed, slot, value.type);
    return value;
  });
  const calls = items.flatMap((item) => aggregatesOf(item));
  const aggregates: AccumulatorMaker[] = [];
  const places = new Map<CallNode, Compiled>();
  for (const call of calls) {
    const args = call.args.filter((argument) => argument.kind !== 'period').map((argument) => before.compile(argument));
    const needsTime = call.name === 'earliest' || call.name === 'latest';
    const time = needsTime ? outer.find('@timestamp') : undefined;
    if (needsTime && !time) throw new CompileError(`${call.name}() needs @timestamp, which is not there after "stats"`, call.at);
    const maker = makeAccumulator(call.name, args, time?.slot);
    if (!maker) throw new CompileError(`${call.name}() cannot run on files`, call.at);
    aggregates.push(maker);
    const slot = scope.newSlot();
    places.set(call, { run: (slots) => slots[slot], type: typeOf(call, args) });
  }
  const behind = new ExpressionCompiler(scope, env, (call) => places.get(call) as Compiled);
  const computed = items.map(({ expression, alias }) => {
    const value = behind.compile(expression);
    const printed = printExpression(expression);
    const slot = scope.define(printed, value.type);
    if (alias !== undefined) scope.define(alias, value.type, slot);
    column(alias ?? printed, slot, value.type);
    return { slot, run: value.run };
  });
  const only = by.length === 1 ? by[0]?.expression : undefined;
  const period = only?.kind === 'call' && (only.name === 'bin' || only.name === 'datefloor') ? only.args[only.args.length - 1] : undefined;
  return {
    plan: { by: groups, aggregates, row: scope.row, items: computed },
    scope,
    columns,
    bin: period?.kind === 'period' ? { slot: 0, period } : undefined,
  };
}

/** The aggregates of an item, outermost first; aggregates inside of others were refused before. */
function aggregatesOf(item: Item): CallNode[] {
  const found: CallNode[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const call = node as CallNode;
    if (call.kind === 'call' && AGGREGATE.has(call.name.toLowerCase())) {
      found.push(call);
      return;
    }
    for (const part of Object.values(node))
      if (Array.isArray(part)) part.forEach(visit);
      else visit(part);
  };
  visit(item.expression);
  return found;
}

const AGGREGATE = new Set([
  'count',
  'count_distinct',
  'countdistinct',
  'sum',
  'avg',
  'min',
  'max',
  'pct',
  'median',
  'stddev',
  'earliest',
  'latest',
  'sortsfirst',
  'sortslast',
  'countovertime',
  'count_over_time',
  'sumovertime',
  'sum_over_time',
]);

/** The largest time is a time, a count is a number. */
function typeOf(call: CallNode, args: readonly Compiled[]): ResultType {
  const keeps = ['min', 'max', 'pct', 'median', 'earliest', 'latest', 'sortsfirst', 'sortslast'].includes(call.name.toLowerCase());
  return keeps ? (args[0]?.type ?? 'any') : 'number';
}

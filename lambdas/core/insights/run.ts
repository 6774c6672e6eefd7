import type { Query } from './ast.ts';
import { checkQuery, type FieldCatalogue } from './check.ts';
import { CompileError } from './compile-expression.ts';
import type { Environment } from './compiled.ts';
import type { ResultType } from './functions.ts';
import { showValue } from './natural-order.ts';
import { findNeedles, type Needle } from './needle.ts';
import { parseQuery } from './parse-query.ts';
import { type PlannedColumn, Planner } from './plan.ts';
import { type Problem, placeOf, QueryError } from './problem.ts';
import type { LogEvent, RunState, Sink } from './stage.ts';

/** A cell of a result: times and truths as they are shown, maps and lists as JSON; undefined where the field is missing. */
export type Cell = string | number | undefined;

/** The answer of a query. */
export interface QueryResult {
  readonly columns: readonly { readonly name: string; readonly isTime: boolean }[];
  readonly rows: readonly (readonly Cell[])[];
  /** Events that were given to the query. */
  readonly scanned: number;
  /** Events that its filters let pass. */
  readonly matched: number;
  /** Events in which a field of the query stood behind as many others as CloudWatch discovers in one event: there it may be missing. */
  readonly beyondDiscovery: number;
}

/** One run of a query over events; memory is bounded by the rows it must hold. */
export interface QueryRun {
  /** Takes an event; false says that no more are wanted. The event object may be used again. */
  push(event: LogEvent): boolean;
  /** Counts events that a reader left out because of a needle. */
  skip(count: number): void;
  end(): QueryResult;
}

export interface RunOptions extends Environment {
  /** Finds the time of an event that brings none; asked only when the query looks at the time. */
  readonly timeOf?: (event: LogEvent) => number | undefined;
  readonly catalogue?: FieldCatalogue;
}

/** A query that is valid and can run on files. */
export interface CompiledQuery {
  readonly query: Query;
  readonly warnings: readonly Problem[];
  readonly columns: readonly string[];
  /** What the query makes of each column; `any` where that is up to the event. */
  readonly columnTypes: ReadonlyMap<string, ResultType>;
  /** Fields that it reads from events: without `@timestamp`, times need not be found out. */
  readonly eventFields: ReadonlySet<string>;
  /** Texts that an event must hold to pass: a reader that searches for one in its buffer can leave other events out (and tell so by `skip`). */
  readonly needles: readonly Needle[];
  start(): QueryRun;
}

/** Parses, checks and compiles a query; throws QueryError with all problems, each with its place. */
export function compileQuery(text: string, options: RunOptions): CompiledQuery {
  const query = parseQuery(text);
  const problems = checkQuery(query, text, options.catalogue);
  const errors = problems.filter((problem) => problem.severity === 'error');
  if (errors.length > 0) throw new QueryError(errors);
  const plan = planOf(query, text, options);
  return {
    query,
    columns: plan.columns.map((column) => column.name),
    columnTypes: new Map(plan.columns.map(({ name, value }) => [name, value.type])),
    eventFields: plan.eventFields,
    warnings: problems,
    needles: findNeedles(query),
    // Planned anew for each run: stages hold slots, and slots hold rows.
    start: () => startRun(planOf(query, text, options), findNeedles(query), options),
  };
}

function planOf(query: Query, text: string, options: RunOptions): ReturnType<Planner['plan']> {
  try {
    return new Planner(options).plan(query);
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    throw new QueryError([{ severity: 'error', message: error.message, ...placeOf(text, error.at) }]);
  }
}

function startRun(plan: ReturnType<Planner['plan']>, needles: readonly Needle[], options: RunOptions): QueryRun {
  const rows: Cell[][] = [];
  const state: RunState = {
    event: undefined as unknown as LogEvent,
    isMatched: false,
    timeOf: options.timeOf,
    held: 0,
    isBeyondDiscovery: false,
  };
  let sink: Sink = collector(plan.columns, plan.limit, rows);
  for (let i = plan.stages.length - 1; i >= 0; i--) sink = (plan.stages[i] as (typeof plan.stages)[0])(sink, state);
  const first = sink;
  const slots = new Array(plan.row.size).fill(undefined);
  let scanned = 0;
  let matched = 0;
  let beyondDiscovery = 0;
  let open = true;
  return {
    push(event) {
      scanned++;
      if (!open) return false;
      if (needles.length > 0 && !mayHold(event, needles)) return true;
      state.event = event;
      open = first.push(slots);
      if (state.isMatched) {
        matched++;
        state.isMatched = false;
      }
      if (state.isBeyondDiscovery) {
        beyondDiscovery++;
        state.isBeyondDiscovery = false;
      }
      return open;
    },
    skip(count) {
      scanned += count;
    },
    end() {
      first.end();
      return {
        columns: plan.columns.map(({ name, value }) => ({ name, isTime: value.type === 'time' })),
        rows,
        scanned,
        matched,
        beyondDiscovery,
      };
    },
  };
}

/** Whether an event can pass the first filters, as far as its text alone tells. */
function mayHold(event: LogEvent, needles: readonly Needle[]): boolean {
  const message = event.text.slice(event.start, event.end);
  for (const needle of needles)
    if (!message.includes(event.isBytes ? needle.bytes : needle.text)) return !needle.exact && message.includes('\\u00');
  return true;
}

function collector(columns: readonly PlannedColumn[], limit: number, rows: Cell[][]): Sink {
  return {
    push(slots) {
      if (rows.length >= limit) return false;
      rows.push(columns.map(({ value }) => showValue(value.run(slots), value.type === 'time')));
      return rows.length < limit;
    },
    end() {},
  };
}

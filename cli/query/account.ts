import type { ResultType } from '../../lambdas/core/insights/functions.ts';
import { QueryError } from '../../lambdas/core/insights/problem.ts';
import { type Cell, compileQuery } from '../../lambdas/core/insights/run.ts';
import type { Answer } from './render.ts';

/** The calls of CloudWatch Logs that a query needs. */
export interface LogsApi {
  startQuery(input: {
    readonly queryString: string;
    readonly logGroups: readonly string[];
    readonly startSeconds: number;
    readonly endSeconds: number;
  }): Promise<string>;
  queryResults(queryId: string): Promise<QueryState>;
  stopQuery(queryId: string): Promise<void>;
  /** Log groups of the saved queries whose name ends with this one, by the name they are deployed under. */
  savedQueries(name: string): Promise<readonly { readonly name: string; readonly logGroups: readonly string[] }[]>;
}

/** What GetQueryResults says. */
export interface QueryState {
  readonly status: string;
  readonly rows: readonly (readonly { readonly field: string; readonly value: string }[])[];
  readonly bytesScanned: number;
  readonly recordsScanned: number;
  readonly recordsMatched: number;
}

/** The answer of a query that ran in the account. */
export interface AccountAnswer extends Answer {
  readonly status: string;
  readonly bytesScanned: number;
  readonly recordsScanned: number;
  readonly recordsMatched: number;
}

/** Between two looks at a running query; GetQueryResults allows 5 calls a second for all of an account. */
const POLL_MS = 1000;
/** CloudWatch stops a query after 60 minutes. */
const MAX_RUN_MS = 60 * 60_000;
/** A time as CloudWatch shows it. */
const TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/;

export interface AccountQuery {
  readonly text: string;
  readonly logGroups: readonly string[];
  readonly startMs: number;
  readonly endMs: number;
}

export interface AccountPorts {
  readonly api: LogsApi;
  readonly now: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Told about each look at the query. */
  readonly onProgress: (state: QueryState, elapsedMs: number) => void;
}

/** Runs a query in the account: starts it, looks at it once a second, and stops it when the signal says so (it would be paid for until its end). */
export async function runInAccount(query: AccountQuery, ports: AccountPorts, signal: AbortSignal): Promise<AccountAnswer> {
  const { api, now, sleep, onProgress } = ports;
  const started = now();
  const types = typesOf(query.text);
  const queryId = await api.startQuery({
    queryString: query.text,
    logGroups: query.logGroups,
    startSeconds: Math.floor(query.startMs / 1000),
    endSeconds: Math.ceil(query.endMs / 1000),
  });
  for (;;) {
    if (signal.aborted || now() - started > MAX_RUN_MS) {
      await api.stopQuery(queryId);
      const state = await api.queryResults(queryId);
      return toAnswer({ ...state, status: signal.aborted ? 'Cancelled' : 'Timeout' }, types);
    }
    const state = await api.queryResults(queryId);
    onProgress(state, now() - started);
    if (state.status !== 'Scheduled' && state.status !== 'Running') return toAnswer(state, types);
    await sleep(POLL_MS, signal);
  }
}

/** Columns in the order in which rows first name them; `@ptr` is CloudWatch's own and left out. */
function toAnswer(state: QueryState, types: ReadonlyMap<string, ResultType>): AccountAnswer {
  const names: string[] = [];
  for (const row of state.rows) for (const { field } of row) if (field !== '@ptr' && !names.includes(field)) names.push(field);
  const rows = state.rows.map((row) => {
    const values = new Map(row.map(({ field, value }) => [field, value]));
    return names.map((name) => toCell(values.get(name), types.get(name)));
  });
  const columns = names.map((name, i) => ({
    name,
    isTime: rows.length > 0 && rows.every((row) => typeof row[i] === 'string' && TIME.test(row[i])),
  }));
  const { status, bytesScanned, recordsScanned, recordsMatched } = state;
  return { columns, rows, status, bytesScanned, recordsScanned, recordsMatched };
}

/** The types of a query's columns; none where only CloudWatch can run it. */
function typesOf(text: string): ReadonlyMap<string, ResultType> {
  try {
    return compileQuery(text, { nowMs: 0 }).columnTypes;
  } catch (error) {
    if (error instanceof QueryError) return new Map();
    throw error;
  }
}

const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * CloudWatch gives all values as text, and the query says what they were: a count is a number, what `parse` found is a text. For a field of the event a
 * text that is written exactly as JSON writes a number is one, as it would be on files; `007` and `1.30` stay text.
 */
function toCell(value: string | undefined, type: ResultType = 'any'): Cell {
  if (value === undefined || !NUMBER.test(value)) return value;
  const number = Number(value);
  if (type === 'number' || type === 'boolean') return number;
  return type === 'any' && String(number) === value && (!Number.isInteger(number) || Number.isSafeInteger(number)) ? number : value;
}

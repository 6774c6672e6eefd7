import { createHash } from 'node:crypto';
import { QueryError } from '../../lambdas/core/insights/problem.ts';
import { type CompiledQuery, compileQuery, type QueryResult, type QueryRun } from '../../lambdas/core/insights/run.ts';
import { QueryTooLargeError } from '../../lambdas/core/insights/stage.ts';
import type { ApiAnswer } from '../aws/eks-api.ts';
import { uuidOf } from '../template/attributes.ts';
import { storedEvents } from './stored-events.ts';

/** Most log groups of a query, and most queries of an account that run at a time (StartQuery; quotas of CloudWatch Logs, 2026). */
const MAX_GROUPS = 50;
const MAX_RUNNING = 100;
/** Largest `limit` of StartQuery, and what holds without one. */
const MAX_ROWS = 10_000;

/** What the queries of an account are asked of. */
export interface QueryApiParts {
  readonly account: string;
  /** File of each log group that has events. */
  readonly files: ReadonlyMap<string, string>;
  /** Whether there is a log group of a name, with events or without. */
  readonly hasGroup: (name: string) => boolean;
  /** The run's clock. */
  readonly now: () => number;
}

interface StartQuery {
  readonly logGroupName?: string;
  readonly logGroupNames?: readonly string[];
  readonly logGroupIdentifiers?: readonly string[];
  readonly startTime?: number;
  readonly endTime?: number;
  readonly queryString?: string;
  readonly queryLanguage?: string;
  readonly limit?: number;
}

interface Asked {
  readonly text: string;
  readonly compiled: CompiledQuery;
  /** Whether `@ptr` was added as the last column: CloudWatch gives it with every row that is an event. */
  readonly hasPointer: boolean;
  readonly groups: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly limit: number;
}

type Status = 'Running' | 'Complete' | 'Failed' | 'Cancelled';

interface Query {
  readonly id: string;
  readonly asked: Asked;
  readonly createdMs: number;
  status: Status;
  result: QueryResult | undefined;
  bytes: number;
}

type Row = readonly { readonly field: string; readonly value: string }[];

/**
 * StartQuery, GetQueryResults, StopQuery and DescribeQueries over the run's log groups, by the interpreter that saved queries and log alarms use. A range
 * holds both of its ends; rows come newest first unless the query sorts; values are texts.
 */
export class QueryApi {
  readonly #parts: QueryApiParts;
  readonly #queries = new Map<string, Query>();

  constructor(parts: QueryApiParts) {
    this.#parts = parts;
  }

  /** Answers an action; undefined for one that is none of these. */
  answer(action: string, body: string): ApiAnswer | undefined {
    const input = JSON.parse(body || '{}') as { readonly queryId?: string; readonly status?: string };
    switch (action) {
      case 'StartQuery':
        return this.#start(input as StartQuery);
      case 'DescribeQueries':
        return ok({ queries: [...this.#queries.values()].filter(({ status }) => (input.status ?? status) === status).map(described) });
      case 'GetQueryResults':
      case 'StopQuery': {
        const query = this.#queries.get(input.queryId ?? '');
        if (query === undefined) return failure('ResourceNotFoundException', 'The specified query does not exist.');
        return action === 'StopQuery' ? stop(query) : ok(resultsOf(query));
      }
      default:
        return undefined;
    }
  }

  #start(input: StartQuery): ApiAnswer {
    const running = [...this.#queries.values()].filter(({ status }) => status === 'Running').length;
    if (running >= MAX_RUNNING) return failure('LimitExceededException', `${running} queries run already`);
    let asked: Asked | string;
    try {
      asked = this.#read(input);
    } catch (error) {
      if (error instanceof QueryError) return malformed(error);
      throw error;
    }
    if (typeof asked === 'string') return failure('InvalidParameterException', asked);
    const missing = asked.groups.find((name) => !this.#parts.files.has(name) && !this.#parts.hasGroup(name));
    if (missing !== undefined)
      return failure('ResourceNotFoundException', `Log group '${missing}' does not exist for account ID '${this.#parts.account}'`);
    const id = uuidOf(`query ${this.#queries.size} ${asked.text}`);
    const query: Query = { id, asked, createdMs: this.#parts.now(), status: 'Running', result: undefined, bytes: 0 };
    this.#queries.set(id, query);
    void this.#run(query);
    return ok({ queryId: id });
  }

  /** What is asked, or why it cannot be. */
  #read(input: StartQuery): Asked | string {
    const {
      endTime = 0,
      limit = MAX_ROWS,
      logGroupIdentifiers,
      logGroupName,
      logGroupNames,
      queryLanguage = 'CWLI',
      queryString = '',
      startTime = 0,
    } = input;
    if (queryLanguage !== 'CWLI') return `${queryLanguage} has no counterpart on this machine, only CWLI`;
    const given = [logGroupName === undefined ? undefined : [logGroupName], logGroupNames, logGroupIdentifiers].filter(
      (list) => list !== undefined,
    );
    const [named = []] = given;
    if (given.length !== 1 || named.length === 0)
      return 'exactly one of logGroupName, logGroupNames and logGroupIdentifiers names the log groups';
    if (named.length > MAX_GROUPS) return `a query asks at most ${MAX_GROUPS} log groups, not ${named.length}`;
    if (startTime > endTime) return 'startTime lies behind endTime';
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_ROWS) return `limit is 1 to ${MAX_ROWS}`;
    return {
      text: queryString,
      ...this.#compile(queryString),
      groups: named.map((name) => name.replace(/^arn:[^:]*:logs:[^:]*:\d+:log-group:/, '').replace(/:\*$/, '')),
      fromMs: startTime * 1000,
      toMs: endTime * 1000,
      limit,
    };
  }

  #compile(text: string): Pick<Asked, 'compiled' | 'hasPointer'> {
    const hash = (algorithm: string) => (input: string) => createHash(algorithm).update(input).digest('hex');
    const options = { nowMs: this.#parts.now(), md5: hash('md5'), sha256: hash('sha256') };
    const compiled = compileQuery(text, options);
    if (compiled.columns.includes('@ptr') || compiled.columns.some((name) => name.includes('`'))) return { compiled, hasPointer: false };
    try {
      const columns = [...compiled.columns, '@ptr'].map((name) => `\`${name}\``).join(', ');
      return { compiled: compileQuery(`${text}\n| display ${columns}`, options), hasPointer: true };
    } catch (error) {
      if (error instanceof QueryError) return { compiled, hasPointer: false };
      throw error;
    }
  }

  async #run(query: Query): Promise<void> {
    const { compiled, groups } = query.asked;
    try {
      const run = compiled.start();
      for (const group of groups) {
        const file = this.#parts.files.get(group);
        if (file !== undefined && !(await feed(file, `${this.#parts.account}:${group}`, query, run))) break;
      }
      query.result = run.end();
      if (query.status === 'Running') query.status = 'Complete';
    } catch (error) {
      // A query that is too large fails; that a file cannot be read is a fault of this machine, and a failed query all the same.
      if (!(error instanceof QueryTooLargeError))
        console.error(`query ${query.id}: ${error instanceof Error ? error.message : String(error)}`);
      query.status = 'Failed';
    }
  }
}

/** Gives the events of the query's range to it, and counts their bytes; false where it wants no more. */
async function feed(file: string, log: string, query: Query, run: QueryRun): Promise<boolean> {
  const { fromMs, toMs } = query.asked;
  for await (const event of storedEvents(file, log)) {
    if (event.timestampMs < fromMs || event.timestampMs > toMs) continue;
    query.bytes += Buffer.byteLength(event.text);
    if (!run.push(event)) return false;
  }
  return true;
}

function resultsOf({ asked, bytes, result, status }: Query): object {
  const statistics = {
    recordsMatched: result?.matched ?? 0,
    recordsScanned: result?.scanned ?? 0,
    bytesScanned: bytes,
    logGroupsScanned: asked.groups.length,
  };
  return { queryLanguage: 'CWLI', status, statistics, results: result === undefined ? [] : rowsOf(result, asked) };
}

/** A field that is missing in an event is missing in its row. */
function rowsOf({ columns, rows }: QueryResult, { limit }: Asked): Row[] {
  return rows.slice(0, limit).map((row) =>
    columns.flatMap(({ name }, at) => {
      const value = row[at];
      return value === undefined ? [] : [{ field: name, value: String(value) }];
    }),
  );
}

function stop(query: Query): ApiAnswer {
  if (query.status !== 'Running') return failure('InvalidParameterException', `the query is not running: ${query.status}`);
  query.status = 'Cancelled';
  return ok({ success: true });
}

function described({ asked, createdMs, id, status }: Query): object {
  return {
    queryId: id,
    queryString: asked.text,
    status,
    createTime: createdMs,
    logGroupName: asked.groups.join(', '),
    queryLanguage: 'CWLI',
  };
}

const ok = (body: object): ApiAnswer => ({ status: 200, body });

function failure(type: string, message: string): ApiAnswer {
  return { status: 400, body: { __type: type, message } };
}

/** A query that cannot be read: CloudWatch tells the place by offsets; the line and the column are ours. */
function malformed({ message }: QueryError): ApiAnswer {
  return { status: 400, body: { __type: 'MalformedQueryException', message, queryCompileError: { message } } };
}

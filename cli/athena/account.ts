/** The calls of Athena that a query needs. */
export interface AthenaApi {
  start(input: {
    readonly sql: string;
    readonly parameters: readonly string[];
    readonly database: string;
    readonly workgroup: string;
  }): Promise<string>;
  state(id: string): Promise<ExecutionState>;
  /** One page of rows, of at most 1,000; the first row of the first page is a line of names. */
  page(id: string, token: string | undefined): Promise<ResultPage>;
  stop(id: string): Promise<void>;
}

/** What GetQueryExecution says. */
export interface ExecutionState {
  /** QUEUED RUNNING SUCCEEDED FAILED CANCELLED. */
  readonly status: string;
  /** Why it failed, in Athena's words. */
  readonly reason: string | undefined;
  readonly bytesScanned: number;
  readonly engineMs: number;
}

/** What GetQueryResults says. */
export interface ResultPage {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** A missing value is NULL. */
  readonly rows: readonly (readonly (string | undefined)[])[];
  readonly next: string | undefined;
}

/** The answer of a query that ran in the account. */
export interface AccountAnswer extends Pick<ResultPage, 'columns' | 'rows'> {
  readonly state: ExecutionState;
}

/** What running in the account needs of the world. */
export interface AccountPorts {
  readonly api: AthenaApi;
  readonly now: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Told about each look at the query. */
  readonly onProgress: (state: ExecutionState, elapsedMs: number) => void;
}

/** Between two looks: short at first, since most queries take a second; then longer, as GetQueryExecution is shared by all of an account. */
const FIRST_POLL_MS = 250;
const LONGEST_POLL_MS = 5_000;
const POLL_GROWTH = 1.5;
/** How long a query that was stopped is waited for, to tell what it read. */
const STOP_PATIENCE_MS = 10_000;

/**
 * Runs a query in the account: starts it, looks at it until it ends, reads all pages of its answer. When the signal says so it is stopped in Athena, which
 * would go on reading, and be paid, without anybody who listens.
 */
export async function runInAccount(
  input: Parameters<AthenaApi['start']>[0],
  ports: AccountPorts,
  signal: AbortSignal,
): Promise<AccountAnswer> {
  const { api, now, sleep, onProgress } = ports;
  const began = now();
  const id = await api.start(input);
  const isOver = ({ status }: ExecutionState): boolean => status !== 'QUEUED' && status !== 'RUNNING';
  let state = await api.state(id);
  for (let pollMs = FIRST_POLL_MS; !isOver(state) && !signal.aborted; pollMs = Math.min(LONGEST_POLL_MS, pollMs * POLL_GROWTH)) {
    onProgress(state, now() - began);
    await sleep(pollMs, signal);
    if (!signal.aborted) state = await api.state(id);
  }
  if (!isOver(state)) {
    await api.stop(id);
    const until = now() + STOP_PATIENCE_MS;
    const never = new AbortController().signal;
    for (state = await api.state(id); !isOver(state) && now() < until; state = await api.state(id)) await sleep(FIRST_POLL_MS, never);
  }
  if (state.status !== 'SUCCEEDED') return { columns: [], rows: [], state };
  const rows: (readonly (string | undefined)[])[] = [];
  let columns: ResultPage['columns'] = [];
  let token: string | undefined;
  do {
    const page = await api.page(id, token);
    if (token === undefined) columns = page.columns;
    rows.push(...(token === undefined ? withoutNames(page) : page.rows));
    token = page.next;
  } while (token !== undefined && !signal.aborted);
  return { columns, rows, state };
}

/** Athena puts the names of a SELECT's columns into the first row; SHOW and DESCRIBE have none. */
function withoutNames({ columns, rows }: ResultPage): ResultPage['rows'] {
  const [first] = rows;
  const isNames = first !== undefined && columns.length > 0 && columns.every(({ name }, index) => first[index] === name);
  return isNames ? rows.slice(1) : rows;
}

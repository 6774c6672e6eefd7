import type { ChatTable } from '../core/chat/table.ts';
import { AwsError, type CallAws } from './aws-json.ts';

/** What is asked of Logs Insights. */
export interface QueryRequest {
  readonly logGroups: readonly string[];
  readonly query: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly limit: number;
}

/** When a query is stopped. */
export interface QueryBounds {
  readonly maxScanBytes: number;
  readonly timeoutMs: number;
}

/** What came of it; what was found until it was stopped is there. */
export interface QueryAnswer {
  /** `Complete`, `scan-limit`, `timeout`, or CloudWatch's own word. */
  readonly status: string;
  readonly table: ChatTable;
  readonly scannedBytes: number;
  readonly scannedEvents: number;
  readonly tookMs: number;
}

/** Machine time. */
export interface QueryClock {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Pauses between two looks, in ms: short answers come soon, and GetQueryResults allows few calls a second for all of an account. */
const FIRST_POLL_MS = 250;
const LONGEST_POLL_MS = 2_000;

type State = { readonly [name: string]: unknown };

/** Runs a query and looks at it until it ends, has scanned too much or takes too long; then it is stopped, since it would be paid for until its end. */
export async function runQuery(
  call: CallAws,
  request: QueryRequest,
  bounds: QueryBounds,
  { now, sleep }: QueryClock,
): Promise<QueryAnswer> {
  const began = now();
  const { queryId } = await call('StartQuery', {
    logGroupNames: request.logGroups,
    queryString: request.query,
    startTime: Math.floor(request.fromMs / 1000),
    endTime: Math.ceil(request.toMs / 1000),
    limit: request.limit,
  });
  let pauseMs = FIRST_POLL_MS;
  try {
    for (;;) {
      const left = bounds.timeoutMs - (now() - began);
      if (left <= 0) return await stopped(call, queryId, 'timeout', now() - began);
      await sleep(Math.min(pauseMs, left));
      pauseMs = Math.min(LONGEST_POLL_MS, pauseMs * 1.5);
      const state = await call('GetQueryResults', { queryId });
      const status = statusOf(state);
      if (status !== 'Running' && status !== 'Scheduled') return answerOf(state, status, now() - began);
      if (statisticOf(state, 'bytesScanned') > bounds.maxScanBytes) return await stopped(call, queryId, 'scan-limit', now() - began);
    }
  } catch (error) {
    // Nobody will look at it any more.
    await stop(call, queryId).catch(() => undefined);
    throw error;
  }
}

/** CloudWatch's word; nothing else stands in an answer or in the log. */
function statusOf(state: State): string {
  const status = state['status'];
  return typeof status === 'string' && /^[A-Za-z]{1,20}$/.test(status) ? status : 'Unknown';
}

async function stopped(call: CallAws, queryId: unknown, why: string, tookMs: number): Promise<QueryAnswer> {
  const isStopped = await stop(call, queryId);
  const state = await call('GetQueryResults', { queryId });
  // It may have ended in the very moment: then its answer is whole.
  return answerOf(state, isStopped || state['status'] !== 'Complete' ? why : 'Complete', tookMs);
}

/** False where the query had ended already. */
async function stop(call: CallAws, queryId: unknown): Promise<boolean> {
  try {
    await call('StopQuery', { queryId });
    return true;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'InvalidParameterException') return false;
    throw error;
  }
}

function answerOf(state: State, status: string, tookMs: number): QueryAnswer {
  return {
    status,
    table: tableOf((state['results'] ?? []) as readonly ResultRow[]),
    scannedBytes: statisticOf(state, 'bytesScanned'),
    scannedEvents: statisticOf(state, 'recordsScanned'),
    tookMs,
  };
}

type ResultRow = readonly { readonly field?: string; readonly value?: string }[];

/** Columns in the order in which rows first name them; `@ptr` is CloudWatch's own. */
function tableOf(results: readonly ResultRow[]): ChatTable {
  const columns = new Map<string, number>();
  for (const row of results)
    for (const { field } of row) if (field !== undefined && field !== '@ptr' && !columns.has(field)) columns.set(field, columns.size);
  const rows = results.map((row) => {
    const cells = new Array<string | undefined>(columns.size).fill(undefined);
    for (const { field = '', value } of row) {
      const place = columns.get(field);
      if (place !== undefined) cells[place] = value;
    }
    return cells;
  });
  return { columns: [...columns.keys()], rows };
}

function statisticOf(state: State, name: string): number {
  const value = (state['statistics'] as { readonly [name: string]: unknown } | undefined)?.[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

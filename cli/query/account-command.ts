import { setTimeout as delay } from 'node:timers/promises';
import { checkQueryText } from '../../lambdas/core/insights/check.ts';
import { parseQuery } from '../../lambdas/core/insights/parse-query.ts';
import { QueryError } from '../../lambdas/core/insights/problem.ts';
import type { Io } from '../io.ts';
import { type AccountAnswer, type LogsApi, runInAccount } from './account.ts';
import { connectLogs } from './aws-logs.ts';
import { abortOnInterrupt } from './interrupt.ts';
import type { QueryOptions } from './options.ts';
import { scanCost } from './price.ts';
import { formatBytes, Progress } from './progress.ts';
import { inOrderOfTime, renderCsv, renderJson, renderTable } from './render.ts';
import { isSeries } from './series.ts';

const HOUR_MS = 3_600_000;

/** Runs a checked query in the account; Ctrl-C stops it there too. */
export async function queryAccount(text: string, options: QueryOptions, io: Io): Promise<number> {
  const errors = checkQueryText(text).filter((problem) => problem.severity === 'error');
  if (errors.length > 0) throw new QueryError(errors);
  const region = options.region ?? io.env['AWS_REGION'] ?? io.env['AWS_DEFAULT_REGION'];
  const api = await connectLogs(region);
  const logGroups = await chooseLogGroups(text, options, api).catch(explain);
  if (typeof logGroups === 'string') {
    io.stderr.write(`query: ${logGroups}\n`);
    return 2;
  }
  const endMs = options.range.endMs ?? io.now();
  const startMs = options.range.startMs ?? endMs - HOUR_MS;
  const progress = new Progress(io, undefined);
  const interrupt = abortOnInterrupt();
  try {
    const answer = await runInAccount(
      { text: text.trim(), logGroups, startMs, endMs },
      {
        api,
        now: () => io.now(),
        sleep: (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined),
        onProgress: (state, elapsedMs) =>
          progress.text(
            `${state.status}, ${(elapsedMs / 1000).toFixed(0)} s, ${state.recordsScanned.toLocaleString('en-US')} events, ${formatBytes(state.bytesScanned)}`,
          ),
      },
      interrupt.signal,
    ).catch(explain);
    progress.clear();
    return finish(answer, text, options, region, io);
  } finally {
    progress.clear();
    interrupt.release();
  }
}

function finish(answer: AccountAnswer, text: string, options: QueryOptions, region: string | undefined, io: Io): number {
  const isSorted = parseQuery(text).commands.some((command) => command.kind === 'sort');
  const ordered = inOrderOfTime(answer, isSorted || answer.columns[0]?.name === '@timestamp');
  if (options.output === 'json') io.stdout.write(renderJson(ordered));
  else if (options.output === 'csv') io.stdout.write(renderCsv(ordered));
  else if (ordered.rows.length > 0) io.stdout.write(renderTable(ordered, isSeries(text)));
  const count = (value: number) => value.toLocaleString('en-US');
  io.stderr.write(
    `${answer.status}: ${count(answer.recordsScanned)} events scanned (${formatBytes(answer.bytesScanned)}), ${count(answer.recordsMatched)} matched, ${count(answer.rows.length)} rows; ${scanCost(answer.bytesScanned, region, options.pricePerGb)}\n`,
  );
  return answer.status === 'Complete' && answer.rows.length > 0 ? 0 : 1;
}

/** What to do where there is no account to ask; other errors are told as they are. */
export function explain(error: unknown): never {
  const { name, message } = error as Error;
  const isNoAccount = /Credentials|ExpiredToken|UnrecognizedClient|InvalidClientTokenId/.test(name) || /Region is missing/.test(message);
  if (!isNoAccount) throw error;
  throw new Error(
    `${message}; the query was to run in the account, for which a Region (--region, AWS_REGION) and credentials are needed; ` +
      '--logs FILE asks files here, --local the last local run',
    { cause: error },
  );
}

/** The log groups that were named, or those of the saved query; a text says why there are none. */
export async function chooseLogGroups(
  text: string,
  options: Pick<QueryOptions, 'logGroups' | 'name' | 'cluster'>,
  api: Pick<LogsApi, 'savedQueries'>,
): Promise<readonly string[] | string> {
  if (options.logGroups.length > 0) return options.logGroups;
  const first = parseQuery(text).commands[0];
  if (first?.kind === 'account' && first.name === 'source') return [];
  if (options.name === undefined) return 'name the log groups with --log-group, or files with --logs';
  const { cluster } = options;
  const saved = (await api.savedQueries(options.name)).filter(({ name }) => cluster === undefined || name.split('/').includes(cluster));
  const only = saved[0];
  if (only === undefined)
    return `the account has no saved query "${options.name}"${cluster === undefined ? '' : ` of cluster ${cluster}`}; name the log groups with --log-group, or files with --logs`;
  if (saved.length > 1)
    return `the account has several saved queries of that name (${saved.map(({ name }) => name).join(', ')}); choose one with --cluster, or name the log groups with --log-group`;
  return only.logGroups.length > 0 ? only.logGroups : `the saved query "${only.name}" has no log groups; name them with --log-group`;
}

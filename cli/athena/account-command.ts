import { setTimeout as delay } from 'node:timers/promises';
import type { DeployedQuery } from '../../lib/athena/queries.ts';
import { athenaDatabaseName, athenaWorkgroupName } from '../../lib/config/names.ts';
import type { Config } from '../../lib/config/resolve.ts';
import type { Io } from '../io.ts';
import { abortOnInterrupt } from '../query/interrupt.ts';
import { formatBytes, Progress } from '../query/progress.ts';
import { runInAccount } from './account.ts';
import { printAnswer, toAnswer } from './answer.ts';
import { connectAthena } from './aws-athena.ts';
import type { AthenaOptions } from './options.ts';
import { queryCost } from './price.ts';

/** Names of a config that says nothing else. */
const DEFAULT_WORKGROUP = 'eks-telemetry';
const DEFAULT_DATABASE = 'eks_telemetry';

/** Runs a query in the account; Ctrl-C stops it there too. */
export async function askAccount(
  { text }: DeployedQuery,
  literals: readonly string[],
  config: Config | undefined,
  options: AthenaOptions,
  io: Io,
): Promise<number> {
  const region = options.region ?? config?.region ?? io.env['AWS_REGION'] ?? io.env['AWS_DEFAULT_REGION'];
  const database = options.database ?? (config === undefined ? DEFAULT_DATABASE : athenaDatabaseName(config));
  const workgroup = options.workgroup ?? (config === undefined ? DEFAULT_WORKGROUP : athenaWorkgroupName(config));
  const progress = new Progress(io, undefined);
  const interrupt = abortOnInterrupt();
  try {
    const api = await connectAthena(region);
    const { state, columns, rows } = await runInAccount(
      { sql: text, parameters: literals, database, workgroup },
      {
        api,
        now: () => io.now(),
        sleep: (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined),
        onProgress: ({ status, bytesScanned }, elapsedMs) =>
          progress.text(`${status}, ${(elapsedMs / 1000).toFixed(0)} s, ${formatBytes(bytesScanned)}; Ctrl-C stops it`),
      },
      interrupt.signal,
    ).catch(explain);
    progress.clear();
    printAnswer(toAnswer(columns, rows), options.output, io);
    const why = state.reason === undefined ? '' : `: ${state.reason}`;
    // A query that fails is free, one that is stopped is not.
    const cost = state.status === 'FAILED' ? 'not billed' : queryCost(state.bytesScanned, region, options.pricePerTb);
    const read = `${formatBytes(state.bytesScanned)} read in ${(state.engineMs / 1000).toFixed(2)} s; ${cost}`;
    io.stderr.write(
      `${state.status}${why}${state.status === 'SUCCEEDED' ? `: ${rows.length.toLocaleString('en-US')} rows, ` : '; '}${read}\n`,
    );
    return state.status === 'SUCCEEDED' && rows.length > 0 ? 0 : 1;
  } finally {
    progress.clear();
    interrupt.release();
  }
}

/** What to do where there is no account to ask; other errors are told as they are. */
function explain(error: unknown): never {
  const { name, message } = error as Error;
  const isNoAccount = /Credentials|ExpiredToken|UnrecognizedClient|InvalidClientTokenId/.test(name) || /Region is missing/.test(message);
  if (!isNoAccount) throw error;
  throw new Error(
    `${message}; the query was to run in the account, for which a Region (--region, AWS_REGION) and credentials are needed; ` +
      '--local DIR asks buckets in a folder here',
    { cause: error },
  );
}

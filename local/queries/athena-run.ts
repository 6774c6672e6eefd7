// What `npm start -- --athena` shows after the report: named queries on a real Trino over the files that the run wrote.
import type { Writable } from 'node:stream';
import { printAnswer, toAnswer } from '../../cli/athena/answer.ts';
import { formatBytes } from '../../cli/query/progress.ts';
import { readQueryFile } from '../../lib/athena/query-file.ts';
import { readAssembly } from '../template/assembly.ts';
import { type LocalAthena, startLocalAthena } from '../trino/athena.ts';
import { daysIn } from '../trino/days.ts';

/** Asked in this order, where the config has them: one of each kind of file. */
const SHOWN = [
  'alb-5xx-by-target',
  'alb-requests-per-minute',
  'waf-actions',
  'audit-deleted-objects',
  'authenticator-denied-by-role',
  'application-error-trend',
  'events-warnings-by-reason',
  'dead-letters-by-reason',
];
/** Rows of an answer that are shown. */
const SHOWN_ROWS = 8;

/** Settings of the answers. */
export interface AthenaRunOptions {
  /** Folder of the cloud assembly. */
  readonly assembly: string;
  /** Folder of the run's buckets. */
  readonly buckets: string;
  /** The same as a user of the project's folder would write it. */
  readonly folder: string;
  /** Config as it was given, for the hint how to go on. */
  readonly config: string;
  readonly out: Writable;
  readonly onProgress: (step: string) => void;
  readonly signal: AbortSignal;
}

/** Starts Trino, shows answers, and ends it. A Trino that cannot be started is told and is no failure of the run: nothing else needs it. */
export async function showAthena(options: AthenaRunOptions): Promise<void> {
  const { out, signal, onProgress } = options;
  let athena: LocalAthena;
  try {
    athena = await startLocalAthena({ assembly: readAssembly(options.assembly), buckets: options.buckets, signal, onProgress });
  } catch (error) {
    out.write(`athena:  not run: ${error instanceof Error ? error.message : String(error)}\n\n`);
    return;
  }
  try {
    out.write(
      `athena:  ${athena.queries.length} named queries over ${athena.tables.length} tables, on Trino (started in ${(athena.startMs / 1000).toFixed(1)} s)\n\n`,
    );
    const days = await daysIn(options.buckets);
    for (const name of SHOWN) if (!signal.aborted) await showOne(athena, name, days ?? {}, options);
    const rest = options.config === 'config/local.yaml' ? '' : ` --config ${options.config}`;
    out.write(`more:    npx eks-telemetry athena --list\n         npx eks-telemetry athena NAME --local ${options.folder}${rest}\n\n`);
  } finally {
    await athena.stop();
  }
}

async function showOne(
  athena: LocalAthena,
  name: string,
  days: { readonly [name: string]: string },
  { out, signal, onProgress }: AthenaRunOptions,
): Promise<void> {
  const query = athena.queries.find((each) => each.name === name);
  if (query === undefined) return;
  onProgress(`asking ${name}`);
  const read = readQueryFile(query.text);
  const values = read.ok
    ? read.file.parameters.flatMap(({ name: parameter }) => (days[parameter] === undefined ? [] : [[parameter, days[parameter] as string]]))
    : [];
  const { columns, rows, bytesRead, elapsedMs } = await athena.run(query, Object.fromEntries(values), { signal });
  onProgress('');
  out.write(`${name}: ${query.description}\n`);
  printAnswer(toAnswer(columns, rows.slice(0, SHOWN_ROWS)), 'table', { stdout: out });
  const more = rows.length > SHOWN_ROWS ? `the first ${SHOWN_ROWS} of ${rows.length}` : `${rows.length}`;
  out.write(`${more} rows, ${formatBytes(bytesRead)} in ${(elapsedMs / 1000).toFixed(2)} s\n\n`);
}

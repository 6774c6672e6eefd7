import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { bindParameters } from '../../lib/athena/parameters.ts';
import type { DeployedQuery } from '../../lib/athena/queries.ts';
import { synthesize } from '../../local/synth/synthesize.ts';
import { readAssembly } from '../../local/template/assembly.ts';
import { type LocalAthena, startLocalAthena } from '../../local/trino/athena.ts';
import { type Statement, TrinoError, type TrinoResult } from '../../local/trino/client.ts';
import { daysIn } from '../../local/trino/days.ts';
import { planTrino } from '../../local/trino/trino.ts';
import type { Io } from '../io.ts';
import { abortOnInterrupt } from '../query/interrupt.ts';
import { formatBytes, Progress } from '../query/progress.ts';
import { printAnswer, toAnswer } from './answer.ts';
import type { AthenaOptions } from './options.ts';

/** Config of a local run that was given none. */
const DEFAULT_CONFIG = 'config/local.yaml';

/** The project that the templates are synthesized from: above the working directory. */
function projectAbove(cwd: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'bin', 'app.ts')) && existsSync(join(folder, 'cdk.json'))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

/** Runs a query on a real Trino over a folder of buckets, with the tables of the synthesized templates. */
export async function askLocally(query: DeployedQuery, options: AthenaOptions, io: Io): Promise<number> {
  const buckets = resolve(io.cwd, options.local as string);
  const root = projectAbove(io.cwd);
  if (statSync(buckets, { throwIfNoEntry: false })?.isDirectory() !== true)
    return wrong(io, `there is no folder ${options.local}; npm start -- --athena makes .eks-telemetry/local/buckets`);
  if (root === undefined) return wrong(io, 'the tables come from the synthesized templates: run it in the project (bin/app.ts, cdk.json)');
  // Before the synth, which takes longer than to see that nothing can run.
  const missing = await planTrino(io.env);
  if (missing !== undefined) return wrong(io, missing);
  const configFile = options.config === undefined ? join(root, DEFAULT_CONFIG) : resolve(io.cwd, options.config);
  const progress = new Progress(io, undefined);
  const interrupt = abortOnInterrupt();
  let athena: LocalAthena | undefined;
  try {
    progress.text('reading the templates');
    const { directory } = await synthesize({
      ...{ root, configFile, stateDirectory: join(root, '.eks-telemetry'), signal: interrupt.signal },
      onWait: (what) => progress.text(what),
    });
    athena = await startLocalAthena({
      assembly: readAssembly(directory),
      buckets,
      signal: interrupt.signal,
      onProgress: (step) => progress.text(step),
    });
    const named = options.file === undefined ? athena.queries.find(({ name }) => name === query.name) : undefined;
    if (options.file === undefined && named === undefined)
      return wrong(io, `the templates of ${options.config ?? DEFAULT_CONFIG} have no query ${query.name}`);
    const days = query.file.parameters.some(({ type }) => type === 'day') ? await daysIn(buckets) : undefined;
    const defaults = Object.fromEntries(
      query.file.parameters.flatMap(({ name }) => (days !== undefined && (name === 'from' || name === 'to') ? [[name, days[name]]] : [])),
    );
    const values = { ...defaults, ...options.values };
    const watching = {
      signal: interrupt.signal,
      onProgress: (state: string, share: number) => progress.text(`${state}, ${Math.round(share * 100)} %`),
    };
    const answer =
      named === undefined ? await askText(athena, query, values, options, io, watching) : await athena.run(named, values, watching);
    if (typeof answer === 'string') return wrong(io, answer);
    const { columns, rows, bytesRead, elapsedMs } = answer;
    progress.clear();
    printAnswer(toAnswer(columns, rows), options.output, io);
    const range = days === undefined || options.values['from'] !== undefined ? '' : `; days ${days.from} to ${days.to}, all of the folder`;
    io.stderr.write(
      `${rows.length.toLocaleString('en-US')} rows, ${formatBytes(bytesRead)} read in ${(elapsedMs / 1000).toFixed(2)} s by Trino, here${range}\n`,
    );
    return rows.length > 0 ? 0 : 1;
  } catch (error) {
    progress.clear();
    if (!(error instanceof TrinoError)) throw error;
    io.stderr.write(`${query.path}${error.line === undefined ? '' : `:${error.line}:${error.column}`}: ${error.message}\n`);
    return 1;
  } finally {
    progress.clear();
    interrupt.release();
    await athena?.stop();
  }
}

/** A statement of one's own; a text says what is wrong with its values. */
async function askText(
  athena: LocalAthena,
  query: DeployedQuery,
  values: { readonly [name: string]: string },
  options: AthenaOptions,
  io: Io,
  watching: Pick<Statement, 'signal' | 'onProgress'>,
): Promise<TrinoResult | string> {
  const bound = bindParameters(query.file, values, io.now());
  if (!bound.ok) return bound.problem;
  const database = options.database ?? athena.tables[0]?.database ?? '';
  return athena.runText({ sql: query.text, parameters: bound.literals, database, ...watching });
}

function wrong(io: Io, what: string): number {
  io.stderr.write(`athena: ${what}\n`);
  return 2;
}

import type { Config } from '../lib/config/load.ts';
import { type Options, parseOptions, UsageError } from './backfill/options.ts';
import type { Io } from './io.ts';

export const summary = 'read a log group, the archive or access log files again into the search';
export const usage = `Usage: eks-telemetry backfill SOURCE --config FILE [--from T] [--to T] [--input PLACE] [options]

Reads a source of the config again and sends it through the very functions that are deployed: same index, same _id, redacted.
What is there already stays as it is. Interrupted anywhere, the same call goes on where it ended: nothing is lost, nothing is there twice.

Where from:
  (nothing)              of a log source its CloudWatch log group (FilterLogEvents); of an access log its bucket, day by day
  --input archive        of a log source the archive of this config, hour by hour
  --input s3://B/PREFIX  objects: of the archive (kind=…/cluster=…/dt=…/hr=…), of a CreateExportTask, or access log files
  --input DIR            the same in a folder of this machine
  --log-group NAME       one group of a source that takes all groups of a prefix
  --from, --to T         a span before now (90m, 6h, 30d, 52w) or a date (2026-11-21, 2026-11-21T08:30Z); --to is now by default.
                         Your own range takes the place of the 14 days of live delivery, and no retention excludes it

Where to:
  --config FILE          the config that is deployed: sources, formats, families, the domain
  --endpoint URL         this OpenSearch instead of the config's domain; http only for this machine
  --overwrite            write over what is there (index instead of create): after a parser was mended
  --allow-doubles        take files of an export task for a source whose events have only CloudWatch's ids
  --rate N               documents a second, 0 for as fast as it goes   (default 5000: live indexing needs the rest)

How:
  --dry-run              read and transform everything, send nothing
  --yes                  do not ask after the estimate of bytes, requests and cost
  --resume               go on with the source's backfill that ended last, whatever range it has
  --restart              begin anew; also after the config has changed
  --state-dir DIR        (default .eks-telemetry/backfill)
  --json                 NDJSON on stdout: estimate, refused documents, result; progress goes to stderr
  --help                 this text

An export task's files hold no event ids: what live delivery has indexed of them already would be there twice, but for container records.
Exit codes: 0 everything is in the search, 1 something is not (it says what), 2 used wrongly.`;

/** Runs the command. */
export async function run(args: string[], io: Io): Promise<number> {
  try {
    const options = parseOptions(args, io);
    return await (await import('./backfill/command.ts')).backfill(options, await configOf(options), io);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    io.stderr.write(`backfill: ${error.message}\nTry: eks-telemetry backfill --help\n`);
    return 2;
  }
}

async function configOf({ config }: Options): Promise<Config> {
  const { loadConfig, formatProblem } = await import('../lib/config/load.ts');
  const loaded = loadConfig(config);
  if (loaded.ok) return loaded.config;
  const [first] = loaded.problems;
  throw new UsageError(`${loaded.problems.length} problems in the config (\`check\` shows all): ${first ? formatProblem(first) : config}`);
}

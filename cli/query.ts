import { checkQueryText } from '../lambdas/core/insights/check.ts';
import { MAX_DISCOVERED_FIELDS } from '../lambdas/core/insights/limits.ts';
import { parseQuery } from '../lambdas/core/insights/parse-query.ts';
import { type Problem, placeOf, QueryError } from '../lambdas/core/insights/problem.ts';
import { fillParameters, parseQueryFile, type QueryFile } from '../lambdas/core/insights/query-file.ts';
import { timeText } from '../lambdas/core/insights/value.ts';
import { InputError } from './input/byte-source.ts';
import type { Io } from './io.ts';
import { queryAccount } from './query/account-command.ts';
import { type FoundQuery, findQuery, readCatalogue, readQueryFile } from './query/find-query.ts';
import { followOnFiles } from './query/follow.ts';
import { listQueries } from './query/list.ts';
import { runOnFiles } from './query/local-run.ts';
import { type QueryOptions, readOptions } from './query/options.ts';
import { formatBytes } from './query/progress.ts';
import { type Answer, inOrderOfTime, renderCsv, renderJson, renderTable } from './query/render.ts';
import { groupsOfLocalRun } from './query/run-groups.ts';
import { isSeries } from './query/series.ts';
import { streamNames } from './query/stream-names.ts';
import { describeProblems } from './query/tail.ts';

export const summary = 'runs a Logs Insights query, saved or your own, on files here or in the account';
export const usage = `Usage: eks-telemetry query NAME|--file F [--logs FILE…] [options]
       eks-telemetry query --list [TEXT] [--json]

Runs a CloudWatch Logs Insights query. NAME is a file queries/insights/**/NAME.logsinsights (docs/queries.md); --file takes one of your own.

  --list [TEXT]       show the saved queries with question and parameters: all, or those whose name, question or source holds TEXT
  --logs FILE…        ask these files, here: plain lines, containerd's (CRI) framing, CloudWatch events as JSON; gzipped or not; - is stdin.
                      A container line is asked as the record that Fluent Bit sends (log, stream, kubernetes.*)
  --log-stream S      name of the log stream (@logStream) of plain lines; without it the file's own name (kube-scheduler.log.gz), or,
                      where that is no stream of the control plane, the one that a saved query of a single source asks
  --local             ask the log groups of the last local run (npm start) that hold the query's sources
  --log-group G       ask this log group of the account (name or ARN; again for more), with --local of the run. Without it, the
                      log groups of the saved query of that name in the account
  --cluster C         where the account has the saved query for several clusters: this one's
  --region R          its region, else AWS_REGION
  --start T --end T   time range: 2026-11-21T08:00:00Z, 1h (ago), seconds or milliseconds since 1970.
                      In the account the last hour, on files all of them
  --param k=v         a value for {{k}}; without it the default in the query's header
  --config F          a config: queries in its queries.folders can be named, too
  --json | --csv      one JSON object per row, or RFC 4180, instead of a table. In JSON a number is what the event has as a number
                      (a key of "stats … by" too) or the query computes; what a string or "parse" holds is text. CloudWatch has no
                      types: of its answer a field written like a JSON number is one
  --tail              follow: new lines of the files, or Live Tail of the log groups; for queries without stats, sort and limit
  --price-per-gb USD  for the cost of what was scanned in the account

On files every field of a JSON event is found. CloudWatch discovers ${MAX_DISCOVERED_FIELDS} in one event; where a field of the query stands behind as
many others, a warning on stderr tells how many events those are.
In the account the query runs in CloudWatch, which is paid by what it scans; Ctrl-C stops it there.

Exit codes: 0 ok, 1 no rows, or the query failed in the account, 2 an invalid query (with line and column) or used wrongly.
`;

/** Runs the command. */
export async function run(args: string[], io: Io): Promise<number> {
  const options = readOptions(args, io.now());
  if (typeof options === 'string') return wrongUse(io, options);
  const found = await find(options, io);
  if (typeof found === 'number') return found;
  const filled = fill(found, options, io);
  if (filled === undefined) return 2;
  const { text, sources } = filled;
  try {
    const warnings = checkQueryText(text).filter(({ severity }) => severity === 'warning');
    if (warnings.length > 0) io.stderr.write(describeProblems(new QueryError(warnings), found.path));
    if (options.tail) return await followOnFiles(text, sources, options, io);
    if (options.local) {
      const run = groupsOfLocalRun(io.cwd, options.logGroups, sources);
      if ('problem' in run) return wrongUse(io, run.problem);
      io.stderr.write(`${run.groups.join(', ')} of the local run\n`);
      return await queryFiles(text, [], run.files, options, io);
    }
    if (options.logs === undefined) return await queryAccount(text, options, io);
    return await queryFiles(text, sources, options.logs, options, io);
  } catch (error) {
    if (error instanceof QueryError) {
      io.stderr.write(describeProblems(error, found.path));
      return 2;
    }
    if (error instanceof InputError) return wrongUse(io, error.message);
    throw error;
  }
}

/** The query that was asked for; a number is the exit code where there is nothing to run. */
async function find(options: QueryOptions, io: Io): Promise<Exclude<FoundQuery, { problem: string }> | number> {
  if (options.file !== undefined) {
    const read = await readQueryFile(options.file, io.cwd);
    return 'problem' in read ? wrongUse(io, read.problem) : read;
  }
  const catalogue = await readCatalogue(io.cwd, options.config);
  if (typeof catalogue === 'string') return wrongUse(io, `the config has problems:\n${catalogue}`);
  if (options.list) return (await listQueries(catalogue, options.name ?? '', options.output === 'json', io)) ? 0 : 1;
  const found = await findQuery(options.name as string, io.cwd, catalogue);
  return 'problem' in found ? wrongUse(io, found.problem) : found;
}

/** The query with its values, and the sources of its header; problems are told with the places of the file. */
function fill(
  found: Exclude<FoundQuery, { problem: string }>,
  options: QueryOptions,
  io: Io,
): { readonly text: string; readonly sources: readonly string[] } | undefined {
  try {
    const hasHeader = /^#\s?[A-Z][a-z]+:/.test(found.text);
    const file: Pick<QueryFile, 'parameters' | 'query' | 'sources' | 'start'> = hasHeader
      ? parseQueryFile(found.text)
      : { parameters: [], query: found.text, sources: [], start: 0 };
    const filled = fillParameters(file.query, file.parameters, options.parameters);
    try {
      parseQuery(filled.text);
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      throw new QueryError(
        error.problems.map(
          (problem): Problem => ({ ...problem, ...placeOf(found.text, file.start + filled.origin(offsetOf(filled.text, problem))) }),
        ),
      );
    }
    // Blank lines stand for the header, so that every later problem has the line of the file.
    return { text: '\n'.repeat(placeOf(found.text, file.start).line - 1) + filled.text, sources: file.sources };
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    io.stderr.write(describeProblems(error, found.path));
    return undefined;
  }
}

function offsetOf(text: string, { line, column }: Problem): number {
  let start = 0;
  for (let i = 1; i < line; i++) start = text.indexOf('\n', start) + 1;
  return start + column - 1;
}

async function queryFiles(
  text: string,
  sources: readonly string[],
  files: readonly string[],
  options: QueryOptions,
  io: Io,
): Promise<number> {
  const nameOf = streamNames(sources, options.logStream, (note) => io.stderr.write(note));
  const { result, bytes, elapsedMs, firstMs, lastMs } = await runOnFiles(text, files, options.range, io, nameOf);
  print(result, text, options.output, io);
  const range = firstMs === undefined || lastMs === undefined ? '' : `; ${timeText(firstMs)} to ${timeText(lastMs)} UTC`;
  const count = (value: number) => value.toLocaleString('en-US');
  io.stderr.write(
    `${count(result.scanned)} events (${formatBytes(bytes)}) in ${(elapsedMs / 1000).toFixed(2)} s, ${count(result.matched)} matched, ${count(result.rows.length)} rows${range}\n`,
  );
  if (result.beyondDiscovery > 0) io.stderr.write(discoveryWarning(result.beyondDiscovery));
  return result.rows.length > 0 ? 0 : 1;
}

/** What the account may answer otherwise: CloudWatch does not find all fields of a large event. */
function discoveryWarning(events: number): string {
  return (
    `warning: in ${events.toLocaleString('en-US')} of the events a field of this query stands behind ${MAX_DISCOVERED_FIELDS} others; CloudWatch discovers at most ` +
    `${MAX_DISCOVERED_FIELDS} fields in a JSON event, so in the account it may be missing there: take it out of @message with "parse"\n`
  );
}

/** Prints an answer in the form that was asked for. */
function print(answer: Answer, text: string, output: QueryOptions['output'], io: Io): void {
  const isSorted = parseQuery(text).commands.some((command) => command.kind === 'sort');
  const ordered = inOrderOfTime(answer, isSorted || answer.columns[0]?.name === '@timestamp');
  if (output === 'json') io.stdout.write(renderJson(ordered));
  else if (output === 'csv') io.stdout.write(renderCsv(ordered));
  else if (ordered.rows.length > 0) io.stdout.write(renderTable(ordered, isSeries(text)));
}

function wrongUse(io: Io, what: string): number {
  io.stderr.write(`query: ${what}\n`);
  return 2;
}

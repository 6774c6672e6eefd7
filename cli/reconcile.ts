import { dirname } from 'node:path';
import type { Verdict } from '../lambdas/core/reconcile/reconcile.ts';
import type { Io } from './io.ts';
import { missingLocalRun } from './local-run-state.ts';
import { printable } from './query/width.ts';
import { type Options, parseOptions, ReconcileUsageError } from './reconcile/options.ts';
import { table } from './reconcile/table.ts';

export const summary = 'check that every received event is accounted for';
export const usage = `Usage: eks-telemetry reconcile [--since 1h] [--config FILE | --local [DIR]] [--json]

Checks for every source that received = indexed + duplicate + dead-lettered + excluded + joined + returned, over all delivery attempts.
In an account it also checks that what CloudWatch Logs forwarded was finished by the functions.

  --config FILE   the account and sources of a config: from CloudWatch metrics (cloudwatch:GetMetricData)
  --local [DIR]   a local run's folder (default .eks-telemetry/local; also without --config where there is one)
  --since SPAN    90m, 6h, 2d: how far back (default 1h; an account's last 5 minutes are left out, they are still under way)
  --json          one JSON object per source on stdout
  --help          this text

Exit codes: 0 it adds up, 1 it does not (or nothing was counted), 2 used wrongly.`;

/** Runs the command. */
export async function run(args: string[], io: Io): Promise<number> {
  let options: Options;
  try {
    options = parseOptions(args, io.cwd);
  } catch (error) {
    if (!(error instanceof ReconcileUsageError)) throw error;
    io.stderr.write(`reconcile: ${error.message}\nTry: eks-telemetry reconcile --help\n`);
    return 2;
  }
  const verdicts =
    options.kind === 'local' ? await localVerdicts(options.metricsFile, options.sinceMs) : await accountVerdicts(options, io);
  if (verdicts === undefined) return 1;
  if (options.json) for (const verdict of verdicts) io.stdout.write(`${JSON.stringify(verdict)}\n`);
  else io.stdout.write(`${text(verdicts)}\n`);
  if (verdicts.length === 0) io.stderr.write(`reconcile: ${nothingCounted(options)}\n`);
  return verdicts.length > 0 && verdicts.every(({ ok }) => ok) ? 0 : 1;
}

function nothingCounted(options: Options): string {
  const otherwise = 'no source has any count in this time';
  return options.kind === 'local' ? missingLocalRun(dirname(options.metricsFile), otherwise) : otherwise;
}

async function localVerdicts(metricsFile: string, sinceMs: number | undefined): Promise<Verdict[]> {
  return (await import('./reconcile/local.ts')).reconcileFile(metricsFile, sinceMs);
}

async function accountVerdicts(options: Extract<Options, { kind: 'account' }>, io: Io): Promise<Verdict[] | undefined> {
  const { formatProblem, loadConfig } = await import('../lib/config/load.ts');
  const loaded = loadConfig(options.config);
  if (!loaded.ok) {
    for (const problem of loaded.problems) io.stderr.write(`${formatProblem(problem)}\n`);
    return undefined;
  }
  const { cloudWatchReader, reconcileAccount } = await import('./reconcile/account.ts');
  return reconcileAccount(loaded.config, await cloudWatchReader(loaded.config.region), { nowMs: io.now(), sinceMs: options.sinceMs });
}

function text(verdicts: readonly Verdict[]): string {
  const hasAccount = verdicts.some(({ forwarded }) => forwarded !== undefined);
  const columns = [
    'source',
    ...(hasAccount ? ['incoming', 'forwarded'] : []),
    'received',
    'indexed',
    'duplicate',
    'dead-lettered',
    'excluded',
    'joined',
    'returned',
    '',
  ];
  const rows = verdicts.map(({ source, counts, incoming, forwarded, excluded, ok }) => [
    source,
    ...(hasAccount ? [incoming, forwarded].map((value) => (value === undefined ? '' : String(value))) : []),
    ...[counts.received, counts.indexed, counts.duplicate, counts.deadLettered, excluded, counts.joined, counts.returned].map(String),
    ok ? 'ok' : 'DOES NOT ADD UP',
  ]);
  const lines = table(columns, rows);
  for (const { source, counts, problems } of verdicts) {
    for (const [rule, count] of Object.entries(counts.excluded)) lines.push(`${source}: ${count} excluded by ${rule}`);
    for (const problem of problems) lines.push(`${source}: ${problem}`);
  }
  // Names of sources and rules are what a function counted, and may come from a file of a run.
  return lines.map(printable).join('\n');
}

import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { missingLocalRun } from '../local-run-state.ts';

/** What to reconcile. */
export type Options =
  | { readonly kind: 'local'; readonly metricsFile: string; readonly sinceMs: number | undefined; readonly json: boolean }
  | { readonly kind: 'account'; readonly config: string; readonly sinceMs: number; readonly json: boolean };

/** A way of using the command that it does not know. */
export class ReconcileUsageError extends Error {}

const DEFAULT_LOCAL = '.eks-telemetry/local';
const DEFAULT_SINCE_MS = 3_600_000;
const UNITS: { readonly [unit: string]: number } = { m: 60_000, h: 3_600_000, d: 86_400_000 };
/** GetMetricData answers at most 100,800 points: 15 days by the minute is far below for one metric, and metrics by the minute are kept that long. */
const MAX_SINCE_MS = 15 * 86_400_000;

/** Reads the arguments. Without `--config` a local run is meant, where there is one. */
export function parseOptions(args: readonly string[], cwd: string): Options {
  const { rest, local } = splitLocal(args, cwd);
  let values: { config?: string; since?: string; json?: boolean };
  try {
    ({ values } = parseArgs({ args: rest, options: { config: { type: 'string' }, since: { type: 'string' }, json: { type: 'boolean' } } }));
  } catch (error) {
    throw new ReconcileUsageError(error instanceof Error ? error.message : String(error));
  }
  const json = values.json === true;
  const sinceMs = values.since === undefined ? undefined : spanOf(values.since);
  if (local !== undefined && values.config !== undefined) throw new ReconcileUsageError('--local and --config exclude each other');
  if (values.config !== undefined)
    return { kind: 'account', config: resolve(cwd, values.config), sinceMs: sinceMs ?? DEFAULT_SINCE_MS, json };
  const metricsFile = join(resolve(cwd, local ?? DEFAULT_LOCAL), 'metrics.ndjson');
  if (!existsSync(metricsFile)) {
    const otherwise =
      local === undefined
        ? 'there is no local run here: name --config FILE or --local DIR'
        : `${local} holds no local run (no metrics.ndjson)`;
    throw new ReconcileUsageError(missingLocalRun(dirname(metricsFile), otherwise));
  }
  return { kind: 'local', metricsFile, sinceMs, json };
}

/** `--local` may stand alone or before a folder, which node's parser does not know. */
function splitLocal(args: readonly string[], cwd: string): { readonly rest: string[]; readonly local: string | undefined } {
  const rest: string[] = [];
  let local: string | undefined;
  for (let at = 0; at < args.length; at++) {
    const argument = args[at] ?? '';
    const next = args[at + 1];
    if (argument.startsWith('--local=')) local = argument.slice('--local='.length);
    else if (argument !== '--local') rest.push(argument);
    else if (next !== undefined && statSync(resolve(cwd, next), { throwIfNoEntry: false })?.isDirectory()) {
      local = next;
      at++;
    } else local = DEFAULT_LOCAL;
  }
  return { rest, local };
}

function spanOf(text: string): number {
  const span = /^(\d{1,6})([mhd])$/.exec(text);
  const ms = span ? Number(span[1]) * (UNITS[span[2] ?? ''] ?? 0) : 0;
  if (ms < 60_000 || ms > MAX_SINCE_MS)
    throw new ReconcileUsageError(`--since takes a span from 1m to 15d, such as 90m, 6h or 2d; got ${JSON.stringify(text)}`);
  return ms;
}

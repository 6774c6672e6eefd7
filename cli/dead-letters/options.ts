import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Io } from '../io.ts';
import { missingLocalRun } from '../local-run-state.ts';

/** What the command was asked to do. */
export interface Options {
  readonly action: 'list' | 'show' | 'replay';
  /** Keys or ids after the action. */
  readonly names: readonly string[];
  readonly reason?: string;
  readonly source?: string;
  readonly sinceMs?: number;
  readonly config?: string;
  readonly bucket?: string;
  readonly region?: string;
  readonly endpoint?: string;
  /** Folder of a local run; absent: the account. */
  readonly local?: string;
  readonly json: boolean;
  readonly raw: boolean;
  readonly dryRun: boolean;
}

/** A way of using the command that it does not know. */
export class UsageError extends Error {}

const ACTIONS = ['list', 'show', 'replay'] as const;
const DEFAULT_LOCAL = '.eks-telemetry/local';
const UNITS: { readonly [unit: string]: number } = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90m`, `6h`, `2d`, or a date: a point in time in ms. */
export function parseSince(text: string, nowMs: number): number {
  const span = /^(\d{1,6})([mhd])$/.exec(text);
  if (span) return nowMs - Number(span[1]) * (UNITS[span[2] ?? ''] ?? 0);
  const at = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new UsageError(`--since takes a span (90m, 6h, 2d) or a date, got ${JSON.stringify(text)}`);
  return at;
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** `--local` may stand alone or before a folder, which node's parser does not know. */
function splitLocal(args: readonly string[], cwd: string): { readonly rest: string[]; readonly local?: string } {
  const rest: string[] = [];
  let local: string | undefined;
  for (let position = 0; position < args.length; position++) {
    const argument = args[position] ?? '';
    const next = args[position + 1];
    if (argument.startsWith('--local=')) local = argument.slice('--local='.length);
    else if (argument !== '--local') rest.push(argument);
    else if (next !== undefined && !next.startsWith('-') && isFolder(resolve(cwd, next))) {
      local = next;
      position++;
    } else local = DEFAULT_LOCAL;
  }
  return local === undefined ? { rest } : { rest, local };
}

/** Reads the arguments. Without `--config`, `--bucket` and `--local` a local run is meant where there is one. */
export function parseOptions(args: string[], io: Pick<Io, 'cwd' | 'now'>): Options {
  const { rest, local } = splitLocal(args, io.cwd);
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(rest);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = parsed;
  const [action, ...names] = positionals;
  const known = ACTIONS.find((name) => name === action);
  if (!known)
    throw new UsageError(action === undefined ? 'say list, show or replay' : `no action "${action}"; actions are ${ACTIONS.join(', ')}`);
  if (known === 'show' && names.length === 0) throw new UsageError('show takes the ids that list prints');
  if (known === 'list' && names.length > 0) throw new UsageError('list takes no names; use --reason, --source and --since');
  if (local !== undefined && values.bucket !== undefined) throw new UsageError('--local and --bucket exclude each other');
  const { 'dry-run': dryRun, since, json, raw, config, ...others } = values;
  const folder = local ?? (config === undefined && values.bucket === undefined ? DEFAULT_LOCAL : undefined);
  const path = folder === undefined ? undefined : resolve(io.cwd, folder);
  if (path !== undefined && !existsSync(join(path, 'buckets'))) {
    const otherwise =
      local === undefined
        ? 'there is no local run here: name --config FILE, --bucket NAME or --local DIR'
        : `${folder} holds no local run (no folder buckets)`;
    throw new UsageError(missingLocalRun(path, otherwise));
  }
  return {
    action: known,
    names,
    ...others,
    ...(config === undefined ? {} : { config: resolve(io.cwd, config) }),
    ...(since === undefined ? {} : { sinceMs: parseSince(since, io.now()) }),
    ...(path === undefined ? {} : { local: path }),
    json: json === true,
    raw: raw === true,
    dryRun: dryRun === true,
  };
}

function parse(args: string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      reason: text,
      source: text,
      since: text,
      config: text,
      bucket: text,
      region: text,
      endpoint: text,
      json: flag,
      raw: flag,
      'dry-run': flag,
    },
  });
}

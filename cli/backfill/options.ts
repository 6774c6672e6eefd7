import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Io } from '../io.ts';
import { parseMoment, type TimeRange } from './time-range.ts';

/** What the command was asked to do. */
export interface Options {
  readonly source: string;
  readonly config: string;
  /** Undefined where neither `--from` nor `--to` was given. */
  readonly range: TimeRange | undefined;
  /** Whether the same call means another range a moment later: a span, or no end. */
  readonly isMoving: boolean;
  /** `s3://bucket/prefix`, `archive` for the config's own one, or a folder (absolute). */
  readonly input: string | undefined;
  /** Of a source whose log groups are a prefix. */
  readonly logGroup: string | undefined;
  readonly endpoint: string | undefined;
  readonly overwrite: boolean;
  /** Whether events without CloudWatch's ids are taken. */
  readonly allowDoubles: boolean;
  /** Documents a second; 0 for no limit. */
  readonly rate: number;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly json: boolean;
  /** Goes on with the unfinished backfill of the source that ran last. */
  readonly resume: boolean;
  /** Forgets what an unfinished one has done. */
  readonly restart: boolean;
  /** Folder of states (absolute). */
  readonly stateDir: string;
}

/** A way of using the command that it does not know. */
export class UsageError extends Error {}

/** What live indexing of a busy cluster needs is left free: a domain's core takes some 13,000 documents a second (docs/performance.md). */
const DEFAULT_RATE = 5_000;
/** States lie here; none holds a text of an event. */
const STATE_DIR = '.eks-telemetry/backfill';
/** The range of everything: years that a file's name can say. */
export const ALL_TIMES: TimeRange = { fromMs: 0, toMs: Date.UTC(2999, 0) };

/** Reads the arguments. */
export function parseOptions(args: readonly string[], io: Pick<Io, 'cwd' | 'now'>): Options {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = parsed;
  const [source, ...more] = positionals;
  if (source === undefined) throw new UsageError('say which source of the config: its name');
  if (more.length > 0) throw new UsageError(`one source at a time, got ${positionals.join(' ')}`);
  if (values.config === undefined) throw new UsageError('--config FILE says how the source is read and where it goes');
  if (values.resume === true && values.restart === true) throw new UsageError('--resume and --restart exclude each other');
  const { input, rate } = values;
  return {
    source,
    config: resolve(io.cwd, values.config),
    range: rangeOf(values.from, values.to, io.now()),
    isMoving: isMoving(values.from, values.to),
    input: input === undefined || input === 'archive' || input.startsWith('s3://') ? input : resolve(io.cwd, input),
    logGroup: values['log-group'],
    endpoint: values.endpoint,
    overwrite: values.overwrite === true,
    allowDoubles: values['allow-doubles'] === true,
    rate: rate === undefined ? DEFAULT_RATE : rateOf(rate),
    dryRun: values['dry-run'] === true,
    yes: values.yes === true,
    json: values.json === true,
    resume: values.resume === true,
    restart: values.restart === true,
    stateDir: resolve(io.cwd, values['state-dir'] ?? STATE_DIR),
  };
}

function rangeOf(from: string | undefined, to: string | undefined, nowMs: number): TimeRange | undefined {
  if (from === undefined && to === undefined) return undefined;
  const moment = (name: string, text: string): number => {
    const ms = parseMoment(text, nowMs);
    if (ms === undefined)
      throw new UsageError(
        `--${name} takes a span before now (90m, 6h, 30d, 52w) or a date (2026-11-21, 2026-11-21T08:30Z), got "${text}"`,
      );
    return ms;
  };
  const range = { fromMs: from === undefined ? ALL_TIMES.fromMs : moment('from', from), toMs: to === undefined ? nowMs : moment('to', to) };
  if (range.fromMs >= range.toMs) throw new UsageError(`--from must be before --to, got ${isoOf(range.fromMs)} and ${isoOf(range.toMs)}`);
  return range;
}

function isMoving(from: string | undefined, to: string | undefined): boolean {
  if (from === undefined && to === undefined) return false;
  return to === undefined || [from ?? '', to].some((text) => /[mhdw]$/.test(text));
}

/** ISO 8601 in UTC. */
export function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}

function rateOf(text: string): number {
  const rate = Number(text);
  if (!/^\d{1,7}$/.test(text) || !Number.isSafeInteger(rate))
    throw new UsageError(`--rate takes documents a second, 0 for no limit, got "${text}"`);
  return rate;
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...{ config: text, from: text, to: text, input: text, 'log-group': text, endpoint: text, rate: text, 'state-dir': text },
      ...{ overwrite: flag, 'allow-doubles': flag, 'dry-run': flag, yes: flag, json: flag, resume: flag, restart: flag },
    },
  });
}

import { createInterface } from 'node:readline/promises';
import type { Config } from '../../lib/config/load.ts';
import type { Io } from '../io.ts';
import { abortOnInterrupt } from '../query/interrupt.ts';
import { printable } from '../query/width.ts';
import { blockedIndices } from './blocked-indices.ts';
import { type Estimate, estimateOf, estimateText } from './estimate.ts';
import { isoOf, type Options, UsageError } from './options.ts';
import { BackfillProgress } from './progress.ts';
import { exitCode, resultText, resumeCall } from './report.ts';
import type { RunPorts } from './run.ts';
import { type Prepared, prepare, stateFile } from './start.ts';
import { type BackfillState, lockState, readState, saveState, unfinished } from './state.ts';
import { familiesOf, hashOf, type Subject, subjectOf } from './subject.ts';
import { addTotals, newTotals } from './totals.ts';

const MAX_NAMED = 10;
/** Files that could not be read, named one by one. */
const MAX_TOLD = 50;

/** Estimates, asks, runs, reports. Resolves to the exit code. */
export async function backfill(given: Options, config: Config, io: Io): Promise<number> {
  const subject = subjectOf(config, given.source);
  const options = given.restart || given.dryRun ? given : await resumed(given, io);
  const prepared = await prepare(options, config, subject, io);
  const path = stateFile(options.stateDir, prepared.identity);
  const release = options.dryRun ? async () => undefined : await lockState(path);
  try {
    const state = options.dryRun || options.restart ? undefined : await stateOf(path, hashOf(subject), io);
    if (state === 'changed') return 1;
    const estimate = await tellEstimate(prepared, options, config, subject, io);
    if (estimate.files === 0) {
      io.stderr.write('backfill: there is no file of that source and time\n');
      return 1;
    }
    if (!(await mayGoOn(options, io))) return 1;
    return await runPrepared(prepared, { path, state, estimate, config: hashOf(subject) }, options, io);
  } finally {
    await release();
  }
}

/**
 * The options of the unfinished backfill that is gone on with, its range and what it writes: with `--resume` the one that ran last; without it the one of the
 * same call, where that call means another range by now.
 */
async function resumed(options: Options, io: Pick<Io, 'stderr'>): Promise<Options> {
  if (!options.resume && !options.isMoving) return options;
  const { source, input, logGroup, endpoint, overwrite } = options;
  const candidates = await unfinished(options.stateDir, source);
  const latest = candidates.find(
    ({ state: { identity } }) =>
      options.resume ||
      (identity.request.input === input &&
        identity.request.logGroup === logGroup &&
        identity.overwrite === overwrite &&
        identity.request.isMoving &&
        (endpoint === undefined || identity.endpoint === endpoint)),
  );
  if (latest === undefined) {
    if (options.resume) throw new UsageError(`no unfinished backfill of ${source} in ${options.stateDir}`);
    return options;
  }
  const { identity } = latest.state;
  io.stderr.write(`going on with the backfill that ended at ${latest.state.updatedAt}; --restart begins anew\n`);
  return {
    ...options,
    range: identity.range,
    isMoving: identity.request.isMoving,
    endpoint: identity.endpoint,
    overwrite: identity.overwrite,
    input: identity.request.input,
    logGroup: identity.request.logGroup,
  };
}

async function stateOf(path: string, config: string, io: Pick<Io, 'stderr'>): Promise<BackfillState | undefined | 'changed'> {
  const state = await readState(path);
  if (state === undefined || state.isDone) return undefined;
  if (state.config === config) return state;
  io.stderr.write(
    `backfill: the config says otherwise how this source is read than when the backfill began: half of it would be read one way, half the other.\nName --restart to begin anew (what is there stays; --overwrite writes over it), or take the config of then. State: ${path}\n`,
  );
  return 'changed';
}

async function tellEstimate(prepared: Prepared, options: Options, config: Config, subject: Subject, io: Io): Promise<Estimate> {
  const { identity, isLocal } = prepared;
  const names = new Set(familiesOf(subject));
  const families = config.families.filter(({ name }) => names.has(name));
  const replicas = families.reduce((sum, family) => sum + family.replicas, 0) / Math.max(1, families.length);
  const estimate = estimateOf(await prepared.work(), config, { replicas, rate: options.rate });
  const { range, source, endpoint } = identity;
  const cluster = subject.kind === 'files' ? subject.source.clusterIndexName : subject.rule.clusterIndexName;
  const blocked = options.dryRun
    ? []
    : await blockedIndices({ families, clusterIndexName: cluster }, range, {
        endpoint,
        region: config.region,
        credentials: prepared.credentials,
        now: io.now,
      });
  if (options.json)
    io.stdout.write(`${JSON.stringify({ type: 'estimate', source, ...range, ...estimate, readOnlyIndices: blocked ?? null })}\n`);
  const span = options.range === undefined ? 'all times' : `${isoOf(range.fromMs)} to ${isoOf(range.toMs)}`;
  io.stderr.write(
    `backfill ${source}: ${estimate.input}, ${span}${options.dryRun ? ', a dry run' : ` -> ${endpoint}${options.overwrite ? ', OVERWRITING what is there' : ''}`}\n`,
  );
  io.stderr.write(estimateText(estimate, isLocal));
  const oldDays = Math.floor((io.now() - range.fromMs) / 86_400_000);
  const short = families.filter(({ retentionDays }) => options.range !== undefined && retentionDays < oldDays);
  if (short.length > 0)
    io.stderr.write(
      `  note    older than the retention of ${listOf(short.map(({ name, retentionDays }) => `${name} (${retentionDays} days)`))}: ISM deletes these indices so long after they are made now\n`,
    );
  if (blocked === undefined) io.stderr.write('  note    the search does not tell which indices are read-only\n');
  else if (blocked.length > 0) io.stderr.write(`  note    read-only, so nothing is written to: ${listOf(blocked)}\n`);
  return estimate;
}

function listOf(names: readonly string[]): string {
  return names.length > MAX_NAMED ? `${names.slice(0, MAX_NAMED).join(', ')} and ${names.length - MAX_NAMED} more` : names.join(', ');
}

async function mayGoOn(options: Options, io: Io): Promise<boolean> {
  if (options.yes || options.dryRun) return true;
  if ((io.stdin as { isTTY?: boolean }).isTTY !== true) throw new UsageError('nobody is there to be asked: --yes says that it may begin');
  const asking = createInterface({ input: io.stdin, output: io.stderr });
  try {
    return /^y(?:es)?$/i.test((await asking.question('go on? [y/N] ')).trim());
  } finally {
    asking.close();
  }
}

interface RunState {
  readonly path: string;
  readonly state: BackfillState | undefined;
  readonly estimate: Estimate;
  readonly config: string;
}

async function runPrepared(prepared: Prepared, { path, state, estimate, config }: RunState, options: Options, io: Io): Promise<number> {
  const { identity } = prepared;
  const totals = newTotals();
  if (state !== undefined) addTotals(totals, state.totals);
  if (state !== undefined) io.stderr.write(`going on behind ${totals.read.toLocaleString('en-US')} events of earlier runs\n`);
  const share = (lineMs: number | undefined): number | undefined => {
    if (estimate.files !== undefined)
      return estimate.bytes === undefined || estimate.bytes === 0 ? undefined : totals.bytes / estimate.bytes;
    return lineMs === undefined ? undefined : (lineMs - identity.range.fromMs) / (identity.range.toMs - identity.range.fromMs);
  };
  const progress = new BackfillProgress(io, share(state?.checkpoint?.next.line) ?? 0);
  const before = totals.read;
  const { signal, release } = abortOnInterrupt();
  const save = (checkpoint: BackfillState['checkpoint'], isDone: boolean): Promise<void> =>
    saveState(path, {
      version: 1,
      identity,
      config,
      ...(checkpoint === undefined ? {} : { checkpoint }),
      totals,
      isDone,
      updatedAt: isoOf(io.now()),
    });
  const ports: RunPorts = {
    send: prepared.send,
    overwrite: identity.overwrite,
    signal,
    async done(more, checkpoint) {
      addTotals(totals, more);
      progress.show({ share: checkpoint === undefined ? 1 : share(checkpoint.next.line), events: totals.read - before });
      if (!options.dryRun) await save(checkpoint, checkpoint === undefined);
    },
    refused(document) {
      if (options.json) io.stdout.write(`${JSON.stringify({ type: 'refused', ...document })}\n`);
    },
  };
  let told = 0;
  const tell = (key: string, reason: string, detail: string): void => {
    progress.clear();
    if (told++ < MAX_TOLD) io.stderr.write(`backfill: ${printable(key)}: ${reason}: ${printable(detail)}\n`);
  };
  try {
    const end = await prepared.run(state, ports, tell);
    progress.clear();
    const code = exitCode(totals, end);
    if (options.json)
      io.stdout.write(
        `${JSON.stringify({ type: 'result', end: end.kind, ...totals, ...(end.kind === 'stopped' ? { returned: end.returned } : {}) })}\n`,
      );
    else io.stdout.write(resultText(totals, end, identity, options.dryRun));
    if (end.kind !== 'done' && !options.dryRun) io.stderr.write(`${end.kind}; what is done is kept. To go on: ${resumeCall(identity)}\n`);
    return code;
  } finally {
    progress.clear();
    release();
  }
}

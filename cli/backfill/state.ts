import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Checkpoint } from './positions.ts';
import type { TimeRange } from './time-range.ts';
import type { Totals } from './totals.ts';

/** What a backfill is: two with the same of it are one, and the second goes on where the first one ended. */
export interface Identity {
  readonly source: string;
  /** Where it is read from: a log group, `s3://bucket/prefix`, or a folder. */
  readonly input: string;
  readonly range: TimeRange;
  readonly endpoint: string;
  readonly overwrite: boolean;
  /** What was asked for, for whoever goes on with it. */
  readonly request: { readonly input?: string; readonly logGroup?: string; readonly isMoving: boolean };
}

/** What is known of a backfill between its runs. No text of any event is in it. */
export interface BackfillState {
  readonly version: 1;
  readonly identity: Identity;
  /** Hash of what the config says of how the source is read and where it goes. */
  readonly config: string;
  /** Absent before anything is done. */
  readonly checkpoint?: Checkpoint;
  readonly totals: Totals;
  readonly isDone: boolean;
  /** ISO 8601. */
  readonly updatedAt: string;
}

/** Writes a state whole or not at all: into a file beside it, onto the disk, and then under its name. */
export async function saveState(path: string, state: BackfillState): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}.tmp`;
  const file = await open(beside, 'w', 0o600);
  try {
    await file.writeFile(JSON.stringify(state));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
}

/** Reads a state; undefined where there is none. Throws for a file that is something else. */
export async function readState(path: string): Promise<BackfillState | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  let state: BackfillState;
  try {
    state = JSON.parse(text) as BackfillState;
  } catch {
    throw new Error(`${path} is no state of a backfill; remove it to begin anew`);
  }
  if (state?.version !== 1) throw new Error(`${path} is the state of another version's backfill; remove it to begin anew`);
  return state;
}

/** The unfinished backfills of a source in a folder, the one that ran last first. */
export async function unfinished(folder: string, source: string): Promise<{ readonly path: string; readonly state: BackfillState }[]> {
  const names = await readdir(folder).catch(() => []);
  const found: { path: string; state: BackfillState }[] = [];
  for (const name of names.filter((each) => each.endsWith('.json'))) {
    const path = join(folder, name);
    const state = await readState(path).catch(() => undefined);
    if (state !== undefined && !state.isDone && state.identity.source === source) found.push({ path, state });
  }
  return found.sort((a, b) => (a.state.updatedAt < b.state.updatedAt ? 1 : -1));
}

/**
 * Keeps a second process off the same backfill: both would do all of it, and each would say that it did. Gives the function that lets go; throws where another
 * one holds it. One that a dead process left is taken over.
 */
export async function lockState(path: string): Promise<() => Promise<void>> {
  await mkdir(dirname(path), { recursive: true });
  const lock = `${path}.lock`;
  for (let attempt = 0; ; attempt++) {
    try {
      const file = await open(lock, 'wx', 0o600);
      await file.writeFile(String(process.pid));
      await file.close();
      return () => rm(lock, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 0) throw error;
      const holder = Number(await readFile(lock, 'utf8').catch(() => ''));
      if (isAlive(holder)) throw new Error(`another process (${holder}) runs this backfill; if it does not, remove ${lock}`);
      await rm(lock, { force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

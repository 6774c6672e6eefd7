import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** How often a waiting process looks, ms: a synth takes seconds. */
const LOOK_EVERY_MS = 100;

/** Locks that this process holds: its own number in a file of an earlier process with the same number means nothing. */
const held = new Set<string>();

/** How to wait for a lock. */
export interface LockOptions {
  /** Called once, with the process that holds it, before the wait. */
  readonly onWait?: ((pid: number) => void) | undefined;
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
}

/** Takes a lock file and gives the function that lets go. Waits while a living process holds it; one that a dead process left is taken over. */
export async function takeLock(lock: string, { onWait, signal }: LockOptions = {}): Promise<() => void> {
  for (let attempt = 0; ; attempt++) {
    signal?.throwIfAborted();
    if (create(lock)) {
      held.add(lock);
      return () => {
        held.delete(lock);
        rmSync(lock, { force: true });
      };
    }
    const holder = holderOf(lock);
    if (holder === undefined) continue;
    if (!holds(holder, lock)) {
      discard(lock);
      continue;
    }
    if (attempt === 0) onWait?.(holder);
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
}

/** A link appears with its content or not at all: nobody sees a lock without its holder. */
function create(lock: string): boolean {
  const own = `${lock}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Takes a dead process's lock away; where another process has taken it over in between, its lock is given back. */
function discard(lock: string): void {
  const aside = `${lock}.${process.pid}.dead`;
  try {
    renameSync(lock, aside);
    const holder = holderOf(aside);
    if (holder !== undefined && holds(holder, lock)) linkSync(aside, lock);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/** The process in a lock file; undefined where there is none any more. */
function holderOf(lock: string): number | undefined {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
  }
}

function holds(pid: number, lock: string): boolean {
  return pid === process.pid ? held.has(lock) : isAlive(pid);
}

/** Whether a process of this machine lives, whoever's it is. */
export function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Process that is making a local run in a folder at this moment; undefined where none is. Its files come one after the other. */
export function runningLocalRun(folder: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(dirname(folder), 'run.lock'), 'utf8'));
    if (!Number.isInteger(pid) || pid <= 0) return undefined;
    process.kill(pid, 0);
    return pid;
  } catch {
    return undefined;
  }
}

/** What to say where a command finds nothing of a local run in a folder. */
export function missingLocalRun(folder: string, otherwise: string): string {
  const pid = runningLocalRun(folder);
  return pid === undefined ? otherwise : `a local run is starting here (process ${pid}); try again when it shows its report`;
}

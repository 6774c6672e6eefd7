import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Places of a run's files; `.eks-telemetry/local` is made anew by each run. */
export interface StatePaths {
  /** `.eks-telemetry` */
  readonly base: string;
  /** `.eks-telemetry/local` */
  readonly directory: string;
  readonly buckets: string;
  /** EMF of every invocation, one line each. */
  readonly metrics: string;
  readonly report: string;
  /** What the functions wrote besides metrics. */
  readonly functionLog: string;
  /** Events of the log groups, for `eks-telemetry query --local`. */
  readonly logGroups: string;
  /** Documents, where no engine could be started. */
  readonly documents: string;
  /** What the engine wrote. */
  readonly engineLog: string;
}

/** The places below `directory`, the folder of one run; `base` is what runs share. */
export function statePaths(base: string, directory: string): StatePaths {
  const at = (name: string): string => join(directory, name);
  return {
    base,
    directory,
    buckets: at('buckets'),
    metrics: at('metrics.ndjson'),
    report: at('report.json'),
    functionLog: at('functions.log'),
    logGroups: at('log-groups'),
    documents: at('documents'),
    engineLog: at('search-engine.log'),
  };
}

/** Makes the state directory anew. Throws where another run uses it: the files of two runs would mix. */
export function openState(root: string): { readonly paths: StatePaths; readonly release: () => void } {
  const base = join(root, '.eks-telemetry');
  const directory = join(base, 'local');
  const lock = join(base, 'run.lock');
  mkdirSync(base, { recursive: true });
  const holder = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0;
  if (holder && holder !== process.pid && isAlive(holder))
    throw new Error(`another local run (process ${holder}) is using ${directory}: end it first (it holds ${lock})`);
  writeFileSync(lock, String(process.pid));
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const paths = statePaths(base, directory);
  writeFileSync(paths.metrics, '');
  return { paths, release: () => rmSync(lock, { force: true }) };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

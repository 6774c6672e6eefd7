// One OpenSearch process: its folder, its command line, the wait until it answers, and its end.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Java } from './java.ts';
import { classArchive, type Runner } from './runner.ts';

/** What a process needs to start; the same again starts it on the same data. */
export interface ProcessPlan {
  readonly java: Java;
  readonly runner: Runner;
  readonly classpath: string;
  readonly heapMb: number;
  /** Compiles in one step only: starts with half of the CPU time (8 s to 4 s, measured), runs slower for good. */
  readonly isBrief: boolean;
  /** Base folder of the node: data, logs and its config. */
  readonly folder: string;
  /** HTTP port on 127.0.0.1, at most 9299: the runner exits silently above it. */
  readonly port: number;
  readonly clusterName: string;
  readonly env: NodeJS.ProcessEnv;
  /** Removes the folder if this process dies without stopping the engine. */
  readonly removeFolderOnCrash: boolean;
  /** Where its output goes, behind what is there. @default stdout.log in the folder, which goes with it */
  readonly logFile?: string | undefined;
  /** Gives a start up that is under way. */
  readonly signal?: AbortSignal | undefined;
}

/** A started process. */
export interface EngineProcess {
  readonly pid: number;
  /** Resolves when the process is gone, whoever ended it, with how: `exit 1`, `exit SIGKILL`. */
  readonly gone: Promise<string>;
  /** Ends it: `term` flushes and closes, `kill` is the power cut. Resolves when the process is gone. */
  end(how: 'term' | 'kill'): Promise<void>;
}

/** Loopback only; a nearly full disk must not make every index read-only on a developer's machine. */
const CONFIG = `network.host: 127.0.0.1
cluster.routing.allocation.disk.threshold_enabled: false
`;
const TERM_PATIENCE_MS = 30_000;

/** The file that an engine's output goes to. */
export function logFileOf({ logFile, folder }: Pick<ProcessPlan, 'logFile' | 'folder'>): string {
  return logFile ?? join(folder, 'stdout.log');
}

/** Last lines of the engine's own log: what to show when it does not start. */
export async function logTail(file: string, lines = 15): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}

/** A shell that outlives this process and ends the engine (and removes its folder) if it is killed without a chance to do so itself. */
export function guard(pid: number, { folder, removeFolderOnCrash }: Pick<ProcessPlan, 'folder' | 'removeFolderOnCrash'>): ChildProcess {
  const remove = removeFolderOnCrash ? 'rm -rf "$2"' : ':';
  const script = `cat >/dev/null; kill -TERM "$1" 2>/dev/null; sleep 5; kill -KILL "$1" 2>/dev/null; ${remove}`;
  const shell = spawn('/bin/sh', ['-c', script, 'guard', String(pid), folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  shell.unref();
  shell.stdin?.on('error', () => {});
  (shell.stdin as (NodeJS.WritableStream & { unref?: () => void }) | null)?.unref?.();
  return shell;
}

function commandLine(plan: ProcessPlan, archive: string, archiveBeside: string): string[] {
  const share = existsSync(archive) ? [`-XX:SharedArchiveFile=${archive}`, '-Xshare:auto'] : [`-XX:ArchiveClassesAtExit=${archiveBeside}`];
  const native = plan.java.major >= 22 ? ['--enable-native-access=ALL-UNNAMED'] : [];
  return [
    `-Xms${plan.heapMb}m`,
    `-Xmx${plan.heapMb}m`,
    ...share,
    ...native,
    ...(plan.isBrief ? ['-XX:TieredStopAtLevel=1'] : []),
    '-Xlog:disable',
    '-cp',
    plan.classpath,
    'org.codelibs.opensearch.runner.OpenSearchRunner',
    '-basePath',
    plan.folder,
    '-numOfNode',
    '1',
    '-baseHttpPort',
    // The runner listens on base + number of the node.
    String(plan.port - 1),
    '-clusterName',
    plan.clusterName,
  ];
}

async function answers(plan: ProcessPlan): Promise<boolean> {
  const get = async (path: string): Promise<Record<string, unknown> | undefined> => {
    const response = await fetch(`http://127.0.0.1:${plan.port}${path}`, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
    return response?.ok ? ((await response.json()) as Record<string, unknown>) : undefined;
  };
  const root = await get('/');
  if (root?.['cluster_name'] !== plan.clusterName) return false;
  const health = await get('/_cluster/health?timeout=2s');
  // Yellow: one node cannot hold replicas. Red right after a restart means that shards are still recovering.
  return health?.['status'] === 'green' || health?.['status'] === 'yellow';
}

/**
 * Starts the process and waits until it answers and its shards are there. Throws with the log's end where it does not within `patienceMs`, and ends it
 * at once where the start is given up.
 */
export async function startProcess(plan: ProcessPlan, patienceMs: number): Promise<EngineProcess> {
  const config = join(plan.folder, 'node_1', 'config');
  await mkdir(config, { recursive: true });
  await writeFile(join(config, 'opensearch.yml'), CONFIG);
  const archive = classArchive(plan.java, plan.classpath, plan.env);
  const archiveBeside = `${archive}.${process.pid}.${plan.port}`;
  const log = openSync(logFileOf(plan), 'a');
  const child = spawn(plan.java.program, commandLine(plan, archive, archiveBeside), {
    cwd: plan.folder,
    stdio: ['ignore', log, log],
    // Its own group: Ctrl-C reaches this process first, which then ends the engine in order.
    detached: true,
    env: plan.env,
  });
  closeSync(log);
  const gone = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(`exit ${code ?? signal}`));
  });
  let ended: string | undefined;
  void gone.then((how) => {
    ended = how;
  });
  child.unref();
  const pid = child.pid;
  if (pid === undefined) throw new Error(`could not start ${plan.java.program}: ${await gone}`);
  const watcher = guard(pid, plan);
  const killNow = (): void => {
    child.kill('SIGKILL');
    if (plan.removeFolderOnCrash) rmSync(plan.folder, { recursive: true, force: true });
  };
  process.once('exit', killNow);

  const end = async (how: 'term' | 'kill'): Promise<void> => {
    process.removeListener('exit', killNow);
    watcher.kill('SIGKILL');
    child.ref();
    if (ended === undefined) child.kill(how === 'kill' ? 'SIGKILL' : 'SIGTERM');
    let whole = how === 'term';
    const timer = setTimeout(() => {
      whole = false;
      child.kill('SIGKILL');
    }, TERM_PATIENCE_MS);
    await gone;
    clearTimeout(timer);
    // Written by the JVM on its orderly way out, once per Java and class path; a half-written one is thrown away.
    if (whole) await rename(archiveBeside, archive).catch(() => {});
    await rm(archiveBeside, { force: true });
  };

  const giveUp = (): void => void child.kill('SIGKILL');
  plan.signal?.addEventListener('abort', giveUp, { once: true });
  if (plan.signal?.aborted) giveUp();
  const until = Date.now() + patienceMs;
  while (!(await answers(plan))) {
    const why =
      (plan.signal?.aborted ? 'the start was given up' : ended) ??
      (Date.now() > until ? `no answer after ${Math.round(patienceMs / 1000)} s` : undefined);
    if (why !== undefined) {
      await end('kill');
      throw new Error(
        `OpenSearch ${plan.runner.openSearch} on Java ${plan.java.major}, port ${plan.port}: ${why}\n${await logTail(logFileOf(plan))}`,
      );
    }
    await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 100))]);
  }
  plan.signal?.removeEventListener('abort', giveUp);
  return { pid, gone, end };
}

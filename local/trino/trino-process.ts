// One Trino process: its files, its command line, the wait until it answers, and its end.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { guard, logTail } from '../search-engine/engine-process.ts';
import type { Java } from '../search-engine/java.ts';
import { classArchive } from './release.ts';

/** What a process needs to start. */
export interface TrinoPlan {
  readonly java: Java;
  /** Folder with `lib` and `plugin`. */
  readonly home: string;
  /** Folder of this process: its config, its data, and `fs`, the file system that its tables see. Removed at the end. */
  readonly folder: string;
  /** HTTP port on 127.0.0.1. */
  readonly port: number;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}

/** A started process. */
export interface TrinoProcess {
  readonly pid: number;
  /** Resolves when the process is gone, whoever ended it, with how. */
  readonly gone: Promise<string>;
  end(): Promise<void>;
}

/** Name of the only catalog: Athena's own, lower case as Trino has it. */
export const CATALOG = 'awsdatacatalog';

/** The first end writes the archive of classes, which takes 10 s of its own. */
const TERM_PATIENCE_MS = 60_000;

/** Small: one user, two cores, files of megabytes, so that no plan is worth statistics. */
const settings = (plan: TrinoPlan): string => `coordinator=true
node-scheduler.include-coordinator=true
http-server.http.port=${plan.port}
discovery.uri=http://127.0.0.1:${plan.port}
plugin.dir=${join(plan.home, 'plugin')}
catalog.config-dir=${join(plan.folder, 'etc', 'catalog')}
query.max-memory=1GB
query.max-memory-per-node=1GB
memory.heap-headroom-per-node=400MB
task.concurrency=1
task.max-worker-threads=2
query.min-expire-age=5s
query.max-history=5
enable-dynamic-filtering=false
optimizer.join-reordering-strategy=NONE
sql.default-catalog=${CATALOG}
sql.default-schema=default
`;

/** A partition that a projection names and no folder has is no rows in S3, but an error in a file system; folders inside of one are read, as Athena does. */
const catalog = (plan: TrinoPlan): string => `connector.name=hive
hive.metastore=file
hive.metastore.catalog.dir=local:///metastore
fs.native-local.enabled=true
local.location=${join(plan.folder, 'fs')}
hive.partition-projection-enabled=true
hive.metastore-cache-ttl=0s
hive.file-status-cache-expire-time=0s
hive.security=allow-all
hive.ignore-absent-partitions=true
hive.recursive-directories=true
hive.max-partitions-per-scan=1000000
hive.table-statistics-enabled=false
hive.collect-column-statistics-on-write=false
hive.split-loader-concurrency=2
`;

async function writeFiles(plan: TrinoPlan): Promise<void> {
  await mkdir(join(plan.folder, 'etc', 'catalog'), { recursive: true });
  await mkdir(join(plan.folder, 'fs', 'metastore'), { recursive: true });
  await writeFile(join(plan.folder, 'etc', 'config.properties'), settings(plan));
  await writeFile(join(plan.folder, 'etc', 'catalog', `${CATALOG}.properties`), catalog(plan));
  await writeFile(join(plan.folder, 'etc', 'log.properties'), 'io.trino=WARN\nio.airlift=WARN\n');
}

function commandLine(plan: TrinoPlan, archive: string, archiveBeside: string): string[] {
  const share = existsSync(archive) ? [`-XX:SharedArchiveFile=${archive}`, '-Xshare:auto'] : [`-XX:ArchiveClassesAtExit=${archiveBeside}`];
  return [
    '-Xmx2G',
    // Large enough from the start: a heap and a class space that grow collect all of it each time.
    '-Xms768M',
    '-Xmn384M',
    '-XX:MetaspaceSize=400M',
    '-XX:-UsePerfData',
    '-XX:+UseSerialGC',
    // Compiles in one step only: queries here last a second, and the start is what one waits for.
    '-XX:TieredStopAtLevel=1',
    ...share,
    '-Xlog:disable',
    '--add-modules=jdk.incubator.vector',
    '--enable-native-access=ALL-UNNAMED',
    '--sun-misc-unsafe-memory-access=allow',
    '-Djdk.attach.allowAttachSelf=true',
    '-Dfile.encoding=UTF-8',
    '-Duser.timezone=UTC',
    '-Dnode.environment=local',
    '-Dnode.id=local',
    `-Dnode.data-dir=${plan.folder}`,
    '-Dnode.bind-ip=127.0.0.1',
    '-Dnode.internal-address=127.0.0.1',
    `-Dlog.levels-file=${join(plan.folder, 'etc', 'log.properties')}`,
    `-Dconfig=${join(plan.folder, 'etc', 'config.properties')}`,
    '-cp',
    join(plan.home, 'lib', '*'),
    'io.trino.server.TrinoServer',
  ];
}

/** Whether it takes a query; it says that it is started before its only node takes work. */
async function answers(port: number): Promise<boolean> {
  try {
    const info = await fetch(`http://127.0.0.1:${port}/v1/info`, { signal: AbortSignal.timeout(5_000) });
    return info.ok && ((await info.json()) as { starting?: boolean }).starting === false;
  } catch {
    // Not there yet, or so busy with its start that an answer stops half-way.
    return false;
  }
}

/** Starts the process and waits until it says that it has started. Throws with the log's end where it does not within `patienceMs`. */
export async function startTrinoProcess(plan: TrinoPlan, patienceMs: number): Promise<TrinoProcess> {
  await writeFiles(plan);
  const archive = classArchive(plan.java, plan.env);
  const archiveBeside = `${archive}.${process.pid}.${plan.port}`;
  const logFile = join(plan.folder, 'stdout.log');
  const log = openSync(logFile, 'a');
  const child = spawn(plan.java.program, commandLine(plan, archive, archiveBeside), {
    cwd: plan.folder,
    stdio: ['ignore', log, log],
    // Its own group: Ctrl-C reaches this process first, which then ends the engine in order.
    detached: true,
    env: plan.env,
  });
  closeSync(log);
  let ended: string | undefined;
  const gone = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(`exit ${code ?? signal}`));
  });
  void gone.then((how) => {
    ended = how;
  });
  child.unref();
  const pid = child.pid;
  if (pid === undefined) throw new Error(`could not start ${plan.java.program}: ${await gone}`);
  const watcher = guard(pid, { folder: plan.folder, removeFolderOnCrash: true });
  const killNow = (): void => {
    child.kill('SIGKILL');
    rmSync(plan.folder, { recursive: true, force: true });
  };
  process.once('exit', killNow);
  const end = async (signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> => {
    process.removeListener('exit', killNow);
    child.ref();
    if (ended === undefined) child.kill(signal);
    let isWhole = signal === 'SIGTERM';
    const timer = setTimeout(() => {
      isWhole = false;
      child.kill('SIGKILL');
    }, TERM_PATIENCE_MS);
    await gone;
    clearTimeout(timer);
    watcher.kill('SIGKILL');
    // Written by the JVM on its orderly way out, once per Java; a half-written one is thrown away.
    if (isWhole) await rename(archiveBeside, archive).catch(() => {});
    await rm(archiveBeside, { force: true });
  };
  const giveUp = (): void => void child.kill('SIGKILL');
  plan.signal?.addEventListener('abort', giveUp, { once: true });
  if (plan.signal?.aborted) giveUp();
  const until = Date.now() + patienceMs;
  while (!(await answers(plan.port))) {
    const why =
      (plan.signal?.aborted ? 'the start was given up' : ended) ??
      (Date.now() > until ? `no answer after ${Math.round(patienceMs / 1000)} s` : undefined);
    if (why !== undefined) {
      const tail = await logTail(logFile);
      await end('SIGKILL');
      throw new Error(`Trino on Java ${plan.java.major}, port ${plan.port}: ${why}\n${tail}`);
    }
    await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 100))]);
  }
  plan.signal?.removeEventListener('abort', giveUp);
  return { pid, gone, end: () => end() };
}

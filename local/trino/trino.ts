// A real Trino as a stand-in for Athena: tables from the synthesized templates over files of this machine.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findJavas, type Java } from '../search-engine/java.ts';
import { runStatement, type Statement, TrinoError, type TrinoResult } from './client.ts';
import { databaseSchema, type GlueTable, metastoreTable } from './glue-tables.ts';
import { hasMaven, installTrino, isInstalled, MIN_JAVA, NO_MAVEN, TRINO_VERSION } from './release.ts';
import { startTrinoProcess, type TrinoProcess } from './trino-process.ts';

/** Settings of a start. */
export interface TrinoOptions {
  /** @default process.env */
  readonly env?: NodeJS.ProcessEnv;
  /** How long a start may take, ms. @default 120000 */
  readonly patienceMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** Called with one sentence per step. */
  readonly onProgress?: ((step: string) => void) | undefined;
}

/** A running Trino. */
export interface Trino {
  /** Such as `http://127.0.0.1:41234`. */
  readonly url: string;
  readonly pid: number;
  /** Folder that its tables see as `local:///`. */
  readonly files: string;
  /** Milliseconds from the start of the process until it ran a query. */
  readonly startMs: number;
  run(statement: Statement): Promise<TrinoResult>;
  /** Ends it and removes its folder. Calling it twice is fine. */
  stop(): Promise<void>;
}

/** The first Java that is new enough; throws with what was found where there is none. */
export async function chooseJava(env: NodeJS.ProcessEnv): Promise<Java> {
  const javas = await findJavas(env);
  const java = javas.find(({ major }) => major >= MIN_JAVA);
  if (java) return java;
  const seen = javas.length === 0 ? 'none was found' : `found only ${javas.map(({ major, home }) => `${major} in ${home}`).join(', ')}`;
  throw new Error(`Trino ${TRINO_VERSION}, which runs Athena's queries here, needs Java ${MIN_JAVA} or newer: ${seen}. Set JAVA_HOME`);
}

/** Why no Trino can run here: no Java, or neither a Trino in the cache nor a Maven that would fetch it; undefined where one can. Starts nothing. */
export async function planTrino(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    await chooseJava(env);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if ((await isInstalled(env)) || (await hasMaven(env))) return undefined;
  return NO_MAVEN;
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port: 0, host: '127.0.0.1' }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

const PORT_TRIES = 3;

/** Fetches Trino where it is not there, starts it on a free port of 127.0.0.1, and waits until it runs a query. Throws with the reason where there is none. */
export async function startTrino(options: TrinoOptions = {}): Promise<Trino> {
  const env = options.env ?? process.env;
  const { onProgress, signal } = options;
  const java = await chooseJava(env);
  const home = await installTrino({ java, env, onProgress, signal });
  onProgress?.(`starting Trino ${TRINO_VERSION} on Java ${java.major}`);
  const folder = await mkdtemp(join(tmpdir(), 'eks-telemetry-trino-'));
  await mkdir(join(folder, 'fs'), { recursive: true });
  const began = Date.now();
  const discard = () => rm(folder, { recursive: true, force: true, maxRetries: 5 });
  let started: { readonly process: TrinoProcess; readonly port: number } | undefined;
  try {
    for (let attempt = 1; started === undefined; attempt++) {
      const port = await freePort();
      const process = await startTrinoProcess({ java, home, folder, port, env, signal }, options.patienceMs ?? 120_000).catch(
        (error: unknown) => {
          // Only a port that was taken in between is worth another try.
          if (attempt >= PORT_TRIES || !/BindException|Address already in use/i.test(String(error))) throw error;
          return undefined;
        },
      );
      if (process) started = { process, port };
    }
  } catch (error) {
    await discard();
    throw error;
  }
  const files = join(folder, 'fs');
  const url = `http://127.0.0.1:${started.port}`;
  const { process: running } = started;
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= running.end().then(discard);
    return stopping;
  };
  await firstQuery(url, files).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    url,
    pid: running.pid,
    files,
    startMs: Date.now() - began,
    run: (statement) => runStatement(url, statement),
    stop,
  };
}

const FIRST_QUERY_TRIES = 200;
const PROBE = { database: 'probe', name: 'lines' };

/** It says that it has started before its only node takes work; only a query that reads a file shows that it does. */
async function firstQuery(url: string, files: string): Promise<void> {
  const folder = join(files, 'probe');
  const metastore = join(files, 'metastore', PROBE.database, PROBE.name);
  await mkdir(folder, { recursive: true });
  await mkdir(metastore, { recursive: true });
  await writeFile(join(folder, 'a.txt'), 'a\n');
  await writeFile(join(files, 'metastore', `.${PROBE.database}.trinoSchema`), JSON.stringify(databaseSchema(PROBE.database)));
  const table: GlueTable = {
    ...PROBE,
    location: 'local:///probe',
    columns: [{ name: 'line', type: 'string' }],
    partitionKeys: [],
    parameters: {},
    serde: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
    serdeParameters: {},
  };
  await writeFile(join(metastore, '.trinoSchema'), JSON.stringify(metastoreTable(table)));
  for (let attempt = 1; ; attempt++) {
    try {
      await runStatement(url, { sql: `SELECT count(line) FROM ${PROBE.name}`, database: PROBE.database });
      break;
    } catch (error) {
      if (!(error instanceof TrinoError) || error.code !== 'NO_NODES_AVAILABLE' || attempt >= FIRST_QUERY_TRIES) throw error;
      await delay(100);
    }
  }
  for (const path of [folder, join(files, 'metastore', PROBE.database), join(files, 'metastore', `.${PROBE.database}.trinoSchema`)])
    await rm(path, { recursive: true, force: true });
}

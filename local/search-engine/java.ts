// Finds a Java to run OpenSearch on: JAVA_HOME, then PATH, then the folders where installers put it.
import { execFile } from 'node:child_process';
import { access, constants, readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** A Java that can be run. */
export interface Java {
  /** Path of the `java` program. */
  readonly program: string;
  /** Folder that JAVA_HOME would name. */
  readonly home: string;
  /** Feature release: 17, 21, 25. */
  readonly major: number;
}

/** Folders whose children are Java homes; `*` stands for one path segment. */
const USUAL_FOLDERS = [
  '/usr/lib/jvm/*',
  '/usr/java/*',
  '/opt/java/*',
  '/opt/jdk*',
  '/opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home',
  '/usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home',
  '/Library/Java/JavaVirtualMachines/*/Contents/Home',
  '~/.sdkman/candidates/java/*',
  '~/.jdks/*',
  '~/.asdf/installs/java/*',
  '~/.local/share/mise/installs/java/*',
];

/** Feature release out of a version text: `25.0.3` is 25, `1.8.0_402` is 8; undefined where there is none. */
export function majorOf(version: string): number | undefined {
  const match = /^(\d+)(?:\.(\d+))?/.exec(version.trim());
  if (!match) return undefined;
  const first = Number(match[1]);
  return first === 1 && match[2] !== undefined ? Number(match[2]) : first;
}

async function expand(pattern: string): Promise<string[]> {
  let found = [pattern.startsWith('/') ? '/' : ''];
  for (const segment of pattern.split('/').filter((part) => part !== '')) {
    const next: string[] = [];
    for (const base of found) {
      if (!segment.includes('*')) {
        next.push(join(base, segment));
        continue;
      }
      const prefix = segment.slice(0, segment.indexOf('*'));
      const names = await readdir(base).catch(() => []);
      for (const name of names.sort().reverse()) if (name.startsWith(prefix)) next.push(join(base, name));
    }
    found = next;
  }
  return found;
}

async function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function inspect(home: string): Promise<Java | undefined> {
  const program = join(home, 'bin', 'java');
  if (!(await isProgram(program))) return undefined;
  // Every JDK and most JREs carry a `release` file; reading it is 100 times cheaper than starting a JVM.
  const release = await readFile(join(home, 'release'), 'utf8').catch(() => '');
  let major = majorOf(/^JAVA_VERSION="([^"]+)"/m.exec(release)?.[1] ?? '');
  if (major === undefined) {
    const printed = await promisify(execFile)(program, ['-version'], { timeout: 10_000 }).then(
      ({ stderr }) => stderr,
      () => '',
    );
    major = majorOf(/version "([^"]+)"/.exec(printed)?.[1] ?? '');
  }
  return major === undefined ? undefined : { program, home, major };
}

/** All Javas of this machine, the ones that the user points at (JAVA_HOME, PATH) first; never two of one home. */
export async function findJavas(env: NodeJS.ProcessEnv): Promise<Java[]> {
  const homes: string[] = [];
  if (env['JAVA_HOME']) homes.push(env['JAVA_HOME']);
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    if (folder !== '' && (await isProgram(join(folder, 'java')))) homes.push(dirname(folder));
  }
  for (const pattern of USUAL_FOLDERS) homes.push(...(await expand(pattern.replace(/^~/, homedir()))));
  const javas = await Promise.all([...new Set(homes)].map(inspect));
  return javas.filter((java): java is Java => java !== undefined);
}

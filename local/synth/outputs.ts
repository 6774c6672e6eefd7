// Which folder an assembly goes to. Functions of a run are loaded from its assembly when they are first needed, so a folder that a living process uses stays as it is.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './lock.ts';

/** The usual folder. Another one has the start of its fingerprint behind the name. */
const NAME = 'cdk.out';
const FOLDER = /^cdk\.out(-[0-9a-f]{12})?$/;

/** A folder for an assembly. */
export interface Output {
  readonly directory: string;
  /** Whether the assembly lies there already. */
  readonly isCached: boolean;
  /** To be called when the assembly is whole. */
  readonly finish: () => void;
}

/** The folder with this fingerprint, else one that may be written: `cdk.out`, or one beside it while another process uses that. Removes what nobody uses. */
export function chooseOutput(stateDirectory: string, fingerprint: string): Output {
  const folders = readdirSync(stateDirectory).filter((name) => FOLDER.test(name));
  const markOf = (name: string): string => join(stateDirectory, `${name}.fingerprint`);
  const found = folders.find(
    (name) =>
      existsSync(join(stateDirectory, name, 'manifest.json')) &&
      existsSync(markOf(name)) &&
      readFileSync(markOf(name), 'utf8') === fingerprint,
  );
  const name = found ?? (users(stateDirectory, NAME).length === 0 ? NAME : `${NAME}-${fingerprint.slice(0, 12)}`);
  const directory = join(stateDirectory, name);
  for (const other of folders)
    if (other !== found && other !== NAME && users(stateDirectory, other).length === 0) remove(stateDirectory, other);
  if (found === undefined) remove(stateDirectory, name);
  mkdirSync(usersOf(stateDirectory, name), { recursive: true });
  writeFileSync(join(usersOf(stateDirectory, name), String(process.pid)), '');
  return { directory, isCached: found !== undefined, finish: () => writeFileSync(markOf(name), fingerprint) };
}

const usersOf = (stateDirectory: string, name: string): string => join(stateDirectory, `${name}.users`);

/** Other processes that live and use a folder. */
function users(stateDirectory: string, name: string): number[] {
  const folder = usersOf(stateDirectory, name);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map(Number)
    .filter((pid) => pid !== process.pid && isAlive(pid));
}

function remove(stateDirectory: string, name: string): void {
  for (const path of [`${name}.fingerprint`, name, `${name}.users`]) rmSync(join(stateDirectory, path), { recursive: true, force: true });
}

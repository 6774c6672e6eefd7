import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import {
  builtinFolder,
  type CatalogueQuery,
  catalogueOf,
  type DeployedQuery,
  planNamedQueries,
  readCatalogue,
} from '../../lib/athena/queries.ts';
import { readQueryFile } from '../../lib/athena/query-file.ts';
import { nearestName } from '../../lib/config/nearest-name.ts';
import type { Config } from '../../lib/config/resolve.ts';
import type { AthenaOptions } from './options.ts';

/** The queries that can be named, and the config where one was given. */
export interface Catalogue {
  readonly queries: readonly CatalogueQuery[];
  readonly config: Config | undefined;
}

/** Reads the catalogue: this program's folder, `queries/athena` of the working directory or above it, folders of a config. A text says what is wrong with the config. */
export async function openCatalogue(cwd: string, config: string | undefined): Promise<Catalogue | string> {
  if (config === undefined) {
    const folders = [builtinFolder(), folderAbove(cwd)].filter((folder) => folder !== undefined);
    return { queries: readCatalogue(folders), config: undefined };
  }
  const { loadConfigFile, formatProblem } = await import('../../lib/config/load.ts');
  const loaded = loadConfigFile(resolve(cwd, config), config, { provesRegexes: false });
  if (!loaded.ok) return loaded.problems.map(formatProblem).join('\n');
  return { queries: catalogueOf(loaded.config), config: loaded.config };
}

function folderAbove(cwd: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const candidate = join(folder, 'queries', 'athena');
    if (existsSync(candidate)) return candidate;
    if (dirname(folder) === folder) return undefined;
  }
}

/** A query as it is run, or what is wrong. */
export type Found = { readonly query: DeployedQuery } | { readonly problem: string };

/** The query that was named, or the file that was given; with a config as it is deployed from it. */
export async function findQuery(options: AthenaOptions, { queries, config }: Catalogue, cwd: string): Promise<Found> {
  if (options.file !== undefined) return readOwn(options.file, cwd);
  const name = options.name as string;
  const found = queries.find((query) => query.name === name);
  if (found === undefined) {
    const near = nearestName(
      name,
      queries.map((query) => query.name),
    );
    return { problem: `there is no named query "${name}"; ${near === undefined ? '--list shows them' : `did you mean "${near}"?`}` };
  }
  if (found.file === undefined)
    return { problem: found.problems.map(({ line, column, what }) => `${found.path}:${line}:${column}: ${what}`).join('\n') };
  if (config !== undefined) {
    const plan = planNamedQueries(config, [found]);
    const [deployed] = plan.deployed;
    if (deployed === undefined) return { problem: `the config leaves out ${name}: ${plan.leftOut[0]?.reason}` };
    return { query: deployed };
  }
  if (found.text.includes('{{')) return { problem: `${name} asks a table that only a config names: add --config F` };
  return { query: { name, path: found.path, file: found.file, text: found.text } };
}

/** A statement of one's own needs no header; without one it has no parameters. */
async function readOwn(file: string, cwd: string): Promise<Found> {
  const path = resolve(cwd, file);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    return { problem: `cannot read ${file}: ${(error as Error).message}` };
  }
  if (text.trim() === '') return { problem: `${file} is empty` };
  const shown = relative(cwd, path);
  const read = readQueryFile(text);
  if (read.ok) return { query: { name: shown, path: shown, file: read.file, text } };
  if (/^-- [A-Z][a-z]+:/.test(text))
    return { problem: read.problems.map(({ line, column, what }) => `${file}:${line}:${column}: ${what}`).join('\n') };
  return {
    query: {
      name: shown,
      path: shown,
      text,
      file: { title: shown, purpose: '', tables: [], parameters: [], columns: [], sql: text, order: [] },
    },
  };
}

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { didYouMean } from '../../lambdas/core/insights/problem.ts';
import { builtinQueryFolder, QUERY_EXTENSION, queryNamesIn } from '../../lib/config/saved-queries.ts';

/** A saved query found by its name, or what is wrong. */
export type FoundQuery = { readonly path: string; readonly text: string } | { readonly problem: string };

/** The saved queries that can be named: paths of their files by folder and name. */
export type Catalogue = ReadonlyMap<string, string>;

/**
 * Reads the catalogue: the folder that this program brings, `queries/insights` of the working directory or above it, and the folders of a config;
 * a later one takes the place of a name. A text says what is wrong with the config.
 */
export async function readCatalogue(cwd: string, config?: string): Promise<Catalogue | string> {
  const folders = [builtinQueryFolder(), folderAbove(cwd)];
  if (config !== undefined) {
    const { loadConfigFile, formatProblem } = await import('../../lib/config/load.ts');
    const path = resolve(cwd, config);
    const loaded = loadConfigFile(path, config, { provesRegexes: false });
    if (!loaded.ok) return loaded.problems.map(formatProblem).join('\n');
    folders.push(...loaded.config.queries.folders.map((folder) => resolve(dirname(path), folder)));
  }
  const known = new Map<string, string>();
  for (const folder of folders) {
    if (folder !== undefined) for (const name of queryNamesIn(folder)) known.set(name, join(folder, name + QUERY_EXTENSION));
  }
  return known;
}

function folderAbove(cwd: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const candidate = join(folder, 'queries', 'insights');
    if (existsSync(candidate)) return candidate;
    if (dirname(folder) === folder) return undefined;
  }
}

/** Finds `NAME` or `folder/NAME` in the catalogue. */
export async function findQuery(name: string, cwd: string, catalogue: Catalogue): Promise<FoundQuery> {
  const exact = catalogue.get(name);
  const matches: [string, string][] = exact === undefined ? [...catalogue].filter(([path]) => path.endsWith(`/${name}`)) : [[name, exact]];
  const [only] = matches;
  if (matches.length === 1 && only !== undefined) return { path: relative(cwd, only[1]), text: await readFile(only[1], 'utf8') };
  if (matches.length > 1) return { problem: `"${name}" is the name of several queries: ${matches.map(([path]) => path).join(', ')}` };
  // A mistyped folder is told as well as a mistyped name.
  const names = [...catalogue.keys()];
  const near = name.includes('/')
    ? didYouMean(name, names)
    : didYouMean(name, new Set(names.map((path) => path.split('/').pop() as string)));
  const hint =
    near !== undefined ? `did you mean "${near}"?` : names.length > 0 ? '--list shows them' : 'there is no folder queries/insights';
  return { problem: `there is no saved query "${name}"; ${hint}` };
}

/** Reads a query from a file of one's own. */
export async function readQueryFile(file: string, cwd: string): Promise<FoundQuery> {
  try {
    return { path: file, text: await readFile(resolve(cwd, file), 'utf8') };
  } catch (error) {
    return {
      problem: `${file}: ${(error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message}`,
    };
  }
}

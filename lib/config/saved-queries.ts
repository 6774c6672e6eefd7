import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CheckedQueryFile, checkQueryFile, type QueryFileChecks } from '../../lambdas/core/insights/query-file-check.ts';
import type { Problem } from './problems.ts';
import type { ParsedConfig } from './schema.ts';

/** What a file of a saved query ends in. */
export const QUERY_EXTENSION = '.logsinsights';

/** A saved query of a config. */
export interface SavedQuery {
  /** Folder and name, without the extension: `control-plane/node-not-ready`. */
  readonly name: string;
  /** The file as problems name it, relative to the working directory. */
  readonly path: string;
  readonly checked: CheckedQueryFile;
}

/** Saved queries of a config, and what its `queries` says that cannot be. */
export interface SavedQueries {
  /** Sorted by name; those that `exclude` names are not among them. */
  readonly queries: readonly SavedQuery[];
  /** Names that `exclude` switched off, sorted. */
  readonly excluded: readonly string[];
  /** Positions in `queries.folders` of folders that are not there. */
  readonly missingFolders: readonly number[];
  /** Positions in `queries.exclude` of patterns that no query has. */
  readonly idleExclusions: readonly number[];
  /** Names that several folders of the config have. */
  readonly duplicates: readonly string[];
}

/** Names of query files in a folder, without the extension and with `/`, sorted. */
export function queryNamesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((entry) => entry.endsWith(QUERY_EXTENSION))
    .map((entry) => entry.slice(0, -QUERY_EXTENSION.length).replaceAll('\\', '/'))
    .sort();
}

/** The folder `queries/insights` that this program brings along; undefined where somebody took it away. */
export function builtinQueryFolder(): string | undefined {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, 'queries', 'insights');
    if (existsSync(candidate)) return candidate;
    if (dirname(folder) === folder) return undefined;
  }
}

/**
 * Reads and checks the queries of a config: those that this program brings, and those in `queries.folders` (relative to the config's folder),
 * which take the place of one of the same name.
 */
export function loadSavedQueries(parsed: ParsedConfig, configFolder: string): SavedQueries {
  const { folders, exclude } = parsed.queries;
  const files = new Map<string, string>();
  const missingFolders: number[] = [];
  const duplicates = new Set<string>();
  const builtin = builtinQueryFolder();
  if (builtin !== undefined) for (const name of queryNamesIn(builtin)) files.set(name, join(builtin, name + QUERY_EXTENSION));
  const own = new Set<string>();
  for (const [index, entry] of folders.entries()) {
    const folder = resolve(configFolder, entry);
    if (!existsSync(folder)) {
      missingFolders.push(index);
      continue;
    }
    for (const name of queryNamesIn(folder)) {
      if (own.has(name)) duplicates.add(name);
      own.add(name);
      files.set(name, join(folder, name + QUERY_EXTENSION));
    }
  }
  const patterns = exclude.map(wildcard);
  const isExcluded = (name: string) => patterns.some((pattern) => pattern.test(name));
  const names = [...files.keys()].sort();
  const checks = checksOf(parsed);
  return {
    queries: names.filter((name) => !isExcluded(name)).map((name) => readQuery(name, files.get(name) as string, checks)),
    excluded: names.filter(isExcluded),
    missingFolders,
    idleExclusions: patterns.flatMap((pattern, index) => (names.some((name) => pattern.test(name)) ? [] : [index])),
    duplicates: [...duplicates].sort(),
  };
}

/** `events/*` as an expression; `*` stands for any text. */
function wildcard(pattern: string): RegExp {
  return new RegExp(`^${pattern.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
}

/** Sources and fields that the config adds to the documented ones. */
function checksOf({ sources, applications }: ParsedConfig): Required<QueryFileChecks> {
  return {
    ownSources: sources.filter(({ kind }) => kind === 'logGroup').map(({ name }) => name),
    ownFields: [...new Set(applications.flatMap(({ fields }) => Object.keys(fields)))],
  };
}

/** Results of checks by what was checked: a run loads several configs, and their queries are the same. */
const checkedBefore = new Map<string, CheckedQueryFile>();
const MAX_REMEMBERED = 2000;

const NOTHING_OWN: Required<QueryFileChecks> = { ownSources: [], ownFields: [] };

function readQuery(name: string, file: string, checks: Required<QueryFileChecks>): SavedQuery {
  const text = readFileSync(file, 'utf8');
  // What is right with the documented fields alone is right with more of them: most files are checked once, whatever the configs declare.
  let checked = checkOnce(text, NOTHING_OWN);
  const asksOwn = checked.file?.sources.some((source) => checks.ownSources.includes(source)) === true;
  if (checked.problems.length > 0 || asksOwn) checked = checkOnce(text, checks);
  return { name, path: relative('', file), checked };
}

function checkOnce(text: string, checks: Required<QueryFileChecks>): CheckedQueryFile {
  const key = JSON.stringify([checks.ownSources, checks.ownFields, text]);
  let checked = checkedBefore.get(key);
  if (checked === undefined) {
    if (checkedBefore.size >= MAX_REMEMBERED) checkedBefore.clear();
    checked = checkQueryFile(text, checks);
    checkedBefore.set(key, checked);
  }
  return checked;
}

/** Everything wrong with the files themselves, as problems and warnings beside those of the config. */
export function queryFileProblems({ queries }: SavedQueries): { readonly problems: Problem[]; readonly warnings: Problem[] } {
  const found: { problems: Problem[]; warnings: Problem[] } = { problems: [], warnings: [] };
  for (const { path, checked } of queries) {
    for (const { severity, line, column, message, hint } of checked.problems) {
      const what = hint === undefined ? message : `${message}; ${hint}`;
      found[severity === 'error' ? 'problems' : 'warnings'].push({ file: path, line, column, field: '', what });
    }
  }
  return found;
}

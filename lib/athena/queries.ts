import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Problem } from '../config/problems.ts';
import type { Config } from '../config/resolve.ts';
import { type QueryFile, type QueryFileProblem, readQueryFile } from './query-file.ts';
import { codeOf } from './query-text.ts';
import { planTables, TABLE_NAMES } from './tables.ts';

/** What a file of a named query ends in. */
export const SQL_EXTENSION = '.sql';
/** In a statement: the table of `athena.costReport`, and its name among a query's tables. */
const COST_REPORT = '{{costReport}}';
const COST_REPORT_TABLE = 'cost_report';

/** A named query of a folder. */
export interface CatalogueQuery {
  readonly name: string;
  /** As problems name it, relative to the working directory. */
  readonly path: string;
  readonly text: string;
  /** Undefined where the file has problems. */
  readonly file: QueryFile | undefined;
  readonly problems: readonly QueryFileProblem[];
}

/** A named query as it is deployed. */
export interface DeployedQuery {
  readonly name: string;
  readonly path: string;
  readonly file: QueryFile;
  /** Header and statement: the console shows what it is for, and what each `?` means. */
  readonly text: string;
}

/** Named queries of a config. */
export interface QueryPlan {
  readonly deployed: readonly DeployedQuery[];
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
}

/** The folder `queries/athena` that this program brings along; undefined where somebody took it away. */
export function builtinFolder(): string | undefined {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, 'queries', 'athena');
    if (existsSync(candidate)) return candidate;
    if (dirname(folder) === folder) return undefined;
  }
}

/** Every query of the given folders, sorted by name; one of a later folder takes the place of one of the same name. */
export function readCatalogue(folders: readonly string[]): CatalogueQuery[] {
  const files = new Map<string, string>();
  for (const folder of folders) {
    if (!existsSync(folder)) continue;
    for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
      if (entry.endsWith(SQL_EXTENSION)) files.set(entry.slice(0, -SQL_EXTENSION.length).replaceAll('\\', '/'), join(folder, entry));
    }
  }
  return [...files.keys()].sort().map((name) => readOne(name, files.get(name) as string));
}

/** Named queries of a config: the program's own, then those of `athena.folders`. */
export function catalogueOf({ athena }: Pick<Config, 'athena'>): CatalogueQuery[] {
  const builtin = builtinFolder();
  return readCatalogue([...(builtin === undefined ? [] : [builtin]), ...athena.folders]);
}

function readOne(name: string, path: string): CatalogueQuery {
  const text = readFileSync(path, 'utf8');
  const read = readQueryFile(text);
  const shown = relative('', path);
  if (!read.ok) return { name, path: shown, text, file: undefined, problems: read.problems };
  const problems = checkTables(read.file);
  return { name, path: shown, text, file: problems.length > 0 ? undefined : read.file, problems };
}

function checkTables({ tables, sql }: QueryFile): QueryFileProblem[] {
  const code = codeOf(sql);
  const known: readonly string[] = [...TABLE_NAMES, COST_REPORT_TABLE];
  return tables.flatMap((table) => {
    const problem = (what: string): QueryFileProblem[] => [{ line: 1, column: 1, what }];
    if (!known.includes(table)) return problem(`there is no table ${table}; tables are ${known.join(', ')}`);
    const word = table === COST_REPORT_TABLE ? COST_REPORT : table;
    if (!code.includes(word)) return problem(`the header names the table ${table}, which the statement does not ask`);
    const key =
      table === COST_REPORT_TABLE ? 'billing_period' : table === 'cloudfront' ? 'date' : /^(?:alb|nlb|waf)/.test(table) ? 'day' : 'dt';
    // A quoted name counts too.
    return new RegExp(`\\b${key}\\b`).test(sql)
      ? []
      : problem(`${table} without a condition on ${key} reads every file that was ever written`);
  });
}

/** Everything wrong with a config's query files, beside the problems of the config. */
export function athenaFileProblems(config: Pick<Config, 'athena'>): Problem[] {
  if (!config.athena.enabled) return [];
  return catalogueOf(config).flatMap(({ path, problems }) =>
    problems.map(({ line, column, what }) => ({ file: path, line, column, field: '', what })),
  );
}

/** Decides for each named query whether it is deployed. A query whose file has problems is in neither list: checks tell of it. */
export function planNamedQueries(config: Config, catalogue: readonly CatalogueQuery[]): QueryPlan {
  const { tables, leftOut: missing } = planTables(config);
  const excluded = config.athena.exclude.map(wildcard);
  const { costReport } = config.athena;
  const deployed: DeployedQuery[] = [];
  const leftOut: { name: string; reason: string }[] = [];
  for (const { name, path, text, file } of catalogue) {
    if (file === undefined) continue;
    const absent = file.tables.find((table) => table !== COST_REPORT_TABLE && !tables.some((each) => each.name === table));
    if (excluded.some((pattern) => pattern.test(name))) leftOut.push({ name, reason: 'athena.exclude' });
    else if (absent !== undefined) {
      leftOut.push({ name, reason: missing.find((table) => table.name === absent)?.reason ?? `there is no table ${absent}` });
    } else if (file.tables.includes(COST_REPORT_TABLE) && costReport === undefined) {
      leftOut.push({ name, reason: 'athena.costReport names no table' });
    } else {
      const quoted = (costReport?.table ?? '').split('.').map((part) => `"${part}"`);
      deployed.push({ name, path, file, text: text.trim().replaceAll(COST_REPORT, quoted.join('.')) });
    }
  }
  return { deployed, leftOut };
}

/** `alb-*` as an expression; `*` stands for any text. */
export function wildcard(pattern: string): RegExp {
  return new RegExp(`^${pattern.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
}

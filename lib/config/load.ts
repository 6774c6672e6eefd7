import { dirname } from 'node:path';
import { loadCatalogue } from '../alarms/catalogue.ts';
import { athenaFileProblems } from '../athena/queries.ts';
import { CHECKS } from './checks/all.ts';
import { readFileText } from './file-text.ts';
import { findingsOf, valueAt } from './issues.ts';
import { type Finding, fieldName, type Path, type Problem, showValue, sortProblems } from './problems.ts';
import { pruneToValid, wholeConfig } from './prune.ts';
import { type Config, resolveConfig } from './resolve.ts';
import { queryFileProblems } from './saved-queries.ts';
import { configSchema } from './schema.ts';
import { readYaml, type YamlSource } from './yaml-source.ts';

export type { Finding, Problem } from './problems.ts';
export { formatProblem } from './problems.ts';
export type { ApplicationConfig, ClusterConfig, Config, DomainConfig, SearchConfig, SourceConfig } from './resolve.ts';

/** A config, or everything that is wrong with it. Warnings stop nothing. */
export type LoadedConfig =
  | { readonly ok: true; readonly config: Config; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly warnings: readonly Problem[] };

export interface LoadOptions {
  /**
   * Whether expressions of the user are proven linear. Only who has just loaded the same file with the proof may leave it out.
   *
   * @default true
   */
  readonly provesRegexes?: boolean;
  /**
   * Folder that paths in the file are relative to.
   *
   * @default - the file's folder
   */
  readonly folder?: string;
}

/** Reads and checks a config file. Problems come all at once, sorted by place; a file that cannot be read is a problem too. */
export function loadConfig(path: string, options: LoadOptions = {}): LoadedConfig {
  return loadConfigFile(path, path, options);
}

/** The same with a name of its own for problems: what the user typed, where that is not the path. */
export function loadConfigFile(path: string, file: string, options: LoadOptions = {}): LoadedConfig {
  const read = readFileText(path);
  if (read.ok) return loadConfigText(read.text, file, { folder: dirname(path), ...options });
  const { what, limit, line = 1 } = read;
  return { ok: false, problems: [{ file, line, column: 1, field: '', what, ...(limit === undefined ? {} : { limit }) }], warnings: [] };
}

/** The same for a text; `file` is the name that problems carry. */
export function loadConfigText(text: string, file: string, options: LoadOptions = {}): LoadedConfig {
  const source = readYaml(text.startsWith('\uFEFF') ? text.slice(1) : text);
  const problems: Problem[] = source.problems.map((problem) => ({ file, field: '', ...problem }));
  const warnings: Problem[] = [];
  if (!source.isReadable) return { ok: false, problems: sortProblems(problems), warnings };

  if (source.data === null || source.data === undefined) {
    const what = 'the file says nothing; start from config/minimal.yaml';
    return { ok: false, problems: [{ file, line: 1, column: 1, field: '', what }], warnings };
  }
  const { data } = source;
  const locate = (finding: Finding): Problem => locateFinding(finding, source, file);
  const parsed = configSchema.safeParse(data);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) problems.push(...findingsOf(issue, data, source.written).map(locate));
  }
  // Where fields have fixed names, the schema has said so already.
  problems.push(
    ...lostNames(data)
      .map(locate)
      .filter(({ field }) => !problems.some((problem) => problem.field === field)),
  );
  const pruned = parsed.success ? wholeConfig(parsed.data) : pruneToValid(data);
  if (pruned) {
    const config = resolveConfig(pruned.parsed, options.folder ?? dirname(file));
    const into = (list: Problem[]) => (finding: Finding) => {
      const path = pruned.original(finding.path);
      if (!pruned.isTakenOut(path)) list.push(locate({ ...finding, path }));
    };
    const isGiven = (path: Path): boolean => valueAt(data, pruned.original(path)) !== undefined;
    const context = { config, isIncomplete: pruned.isIncomplete, isGiven, provesRegexes: options.provesRegexes ?? true };
    for (const check of CHECKS) check(context, { problem: into(problems), warning: into(warnings) });
    const ofQueries = queryFileProblems(config.savedQueries);
    problems.push(...ofQueries.problems);
    warnings.push(...ofQueries.warnings);
    if (config.alarms.enabled) problems.push(...loadCatalogue().problems);
    problems.push(...athenaFileProblems(config));
    if (parsed.success && problems.length === 0) return { ok: true, config, warnings: sortProblems(warnings) };
  }
  return { ok: false, problems: sortProblems(problems), warnings: sortProblems(warnings) };
}

/** Members named `__proto__`: a schema drops them without a word, and their settings with them. */
function lostNames(data: unknown, path: Path = []): Finding[] {
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([name, value]): Finding[] => {
    const at = [...path, Array.isArray(data) ? Number(name) : name];
    if (name === '__proto__') return [{ path: at, atKey: true, what: 'nothing can have this name; take another', value: name }];
    return lostNames(value, at);
  });
}

function locateFinding(finding: Finding, source: YamlSource, file: string): Problem {
  return {
    file,
    ...source.place(finding.path, finding.atKey),
    field: fieldName(finding.path),
    what: finding.what,
    ...(finding.limit === undefined ? {} : { limit: finding.limit }),
    ...(finding.written !== undefined
      ? { value: finding.written }
      : finding.value !== undefined
        ? { value: showValue(finding.value) }
        : {}),
  };
}

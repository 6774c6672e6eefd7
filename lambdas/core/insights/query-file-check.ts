import type { Command, Expression } from './ast.ts';
import { checkQueryText } from './check.ts';
import type { FieldCatalogue } from './check-expression.ts';
import { parseQuery } from './parse-query.ts';
import { didYouMean, type Place, type Problem, placeOf, QueryError } from './problem.ts';
import { type FilledQuery, fillParameters, parseQueryFile, type QueryFile, trialValues } from './query-file.ts';
import { compileQuery } from './run.ts';
import { fieldsOf, QUERY_SOURCE_NAMES } from './sources.ts';

/** A saved query with everything that is wrong with it; the query is there unless its header cannot be read. */
export interface CheckedQueryFile {
  readonly file: QueryFile | undefined;
  /** Sorted by place; places are those of the file. */
  readonly problems: readonly Problem[];
  /** Fields that its `filterIndex` asks: a field index policy must have them, or the query finds nothing. */
  readonly indexedFields: readonly string[];
}

export interface QueryFileChecks {
  /** Sources beside the documented ones, such as log groups of the config: their fields are not known, so all are taken. */
  readonly ownSources?: readonly string[];
  /** Fields beside the documented ones, such as those that applications of the config declare. */
  readonly ownFields?: readonly string[];
}

/** Reads and checks a saved query: header, sources, grammar, fields of its sources, and that the columns are those it says. */
export function checkQueryFile(text: string, { ownSources = [], ownFields = [] }: QueryFileChecks = {}): CheckedQueryFile {
  let file: QueryFile;
  try {
    file = parseQueryFile(text);
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    return { file: undefined, problems: sorted(error.problems), indexedFields: [] };
  }
  const filled = fillParameters(file.query, file.parameters, trialValues(file));
  const problems: Problem[] = [];
  const add = (problem: Problem) => problems.push({ ...problem, ...placeInFile(text, file, filled, problem) });
  const isOpen = file.sources.some((name) => ownSources.includes(name));
  const catalogue: FieldCatalogue = isOpen ? ANY_FIELD : fieldsOf(file.sources, ownFields);
  for (const problem of checkQueryText(filled.text, catalogue)) add(problem);
  for (const name of file.sources) {
    if (!QUERY_SOURCE_NAMES.includes(name) && !ownSources.includes(name)) problems.push(unknownSource(text, file, name, ownSources));
  }
  const isValid = problems.every(({ severity }) => severity === 'warning');
  if (isValid) problems.push(...columnProblems(text, file, filled.text));
  return { file, problems: sorted(problems), indexedFields: isValid ? indexedFieldsOf(filled.text) : [] };
}

const ANY_FIELD: FieldCatalogue = { has: () => true, names: [] };

function sorted(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
}

/** A place of the filled query, in the file. */
function placeInFile(text: string, file: QueryFile, filled: FilledQuery, { line, column }: Place): Place {
  let start = 0;
  for (let i = 1; i < line; i++) start = filled.text.indexOf('\n', start) + 1;
  return placeOf(text, file.start + filled.origin(start + column - 1));
}

function unknownSource(text: string, file: QueryFile, name: string, ownSources: readonly string[]): Problem {
  const near = didYouMean(name, [...QUERY_SOURCE_NAMES, ...ownSources]);
  const hint = near ? `did you mean "${near}"?` : `sources are ${[...QUERY_SOURCE_NAMES, ...ownSources].join(', ')}`;
  const found = text.indexOf(name, file.places.source);
  const at = found < 0 || found >= file.start ? file.places.source : found;
  return { severity: 'error', message: `there is no source "${name}"`, hint, ...placeOf(text, at) };
}

/** Columns that the query gives, against those that the header says. A query that only CloudWatch can run is not compared. */
function columnProblems(text: string, file: QueryFile, query: string): Problem[] {
  let columns: readonly string[];
  try {
    columns = compileQuery(query, { nowMs: 0 }).columns;
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    return [];
  }
  if (columns.length === file.columns.length && columns.every((name, i) => name === file.columns[i])) return [];
  return [
    {
      severity: 'error',
      message: `the query gives the columns ${columns.join(', ')}`,
      hint: `write "# Columns: ${columns.join(', ')}", or change the query`,
      ...placeOf(text, file.places.columns),
    },
  ];
}

/** Fields in the conditions of `filterIndex`, in the order in which they stand. */
function indexedFieldsOf(query: string): string[] {
  const names = new Set<string>();
  for (const command of parseQuery(query).commands) if (isFilterIndex(command)) collect(command.condition, names);
  return [...names];
}

function isFilterIndex(command: Command): command is Command & { kind: 'filter' } {
  return command.kind === 'filter' && command.word === 'filterIndex';
}

function collect(node: Expression, names: Set<string>): void {
  if (node.kind === 'field') names.add(node.name);
  else if (node.kind === 'binary') for (const side of [node.left, node.right]) collect(side, names);
  else if (node.kind === 'in' || node.kind === 'in-query') collect(node.left, names);
}

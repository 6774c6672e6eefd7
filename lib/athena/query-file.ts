import { placeholdersOf } from './query-text.ts';

/** A parameter of a named query. */
export interface QueryParameter {
  readonly name: string;
  readonly type: 'text' | 'number' | 'day';
  /** Undefined when the query cannot run without a value. Of a day: `7d` is a week ago, `0d` today. */
  readonly defaultValue: string | undefined;
  readonly description: string;
}

/**
 * A named query: comment lines that say what it is, then one statement.
 *
 *     -- Title: Clients with the most requests
 *     -- For: finding who loads the service, before a limit is set.
 *     -- Tables: alb
 *     -- Parameter: from (day) = 1d - first day
 *     -- Column: client_ip - address
 *     SELECT …
 *
 * Each key stands once, but Parameter and Column as often as there are; columns in the order of the answer. A comment line that begins with three blanks
 * goes on with the key before it. In the statement each value is a `?` with its parameter's name behind it, `? /* from *\/`: Athena asks values by their
 * place only, and the console shows the comment.
 */
export interface QueryFile {
  readonly title: string;
  readonly purpose: string;
  readonly tables: readonly string[];
  readonly parameters: readonly QueryParameter[];
  readonly columns: readonly { readonly name: string; readonly meaning: string }[];
  /** The statement behind the header. */
  readonly sql: string;
  /** Names of the parameters, in the order of the `?`. */
  readonly order: readonly string[];
}

/** What is wrong with a file, and where: lines and columns from 1. */
export interface QueryFileProblem {
  readonly line: number;
  readonly column: number;
  readonly what: string;
}

/** A file, or everything that is wrong with it. */
export type ReadQueryFile =
  | { readonly ok: true; readonly file: QueryFile }
  | { readonly ok: false; readonly problems: readonly QueryFileProblem[] };

const KEYS = ['Title', 'For', 'Tables', 'Parameter', 'Column'];
const PARAMETER = /^([a-z][a-z0-9_]{0,63}) \((text|number|day)\)(?: = (?:"([^"]*)"|(\S+)))? - (.+)$/;
const COLUMN = /^([a-z_][a-z0-9_]*) - (.+)$/;

interface Entry {
  readonly key: string;
  value: string;
  readonly line: number;
}

/** Reads a named query. */
export function readQueryFile(text: string): ReadQueryFile {
  const problems: QueryFileProblem[] = [];
  const fail = (line: number, what: string, column = 1) => void problems.push({ line, column, what });
  const { entries, start, headerLines } = readHeader(text, fail);
  const single = (key: string): string => {
    const found = entries.filter((entry) => entry.key === key);
    if (found.length === 0) fail(1, `the header has no "-- ${key}: …"`);
    if (found[1]) fail(found[1].line, `a second "-- ${key}:"`);
    return found[0]?.value.trim() ?? '';
  };
  const title = single('Title');
  const purpose = single('For');
  const tables = single('Tables')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const parameters = entries.filter(({ key }) => key === 'Parameter').flatMap((entry) => parameterOf(entry, fail) ?? []);
  const columns = entries
    .filter(({ key }) => key === 'Column')
    .flatMap(({ value, line }) => {
      const [, name, meaning] = COLUMN.exec(value.trim()) ?? [];
      if (name === undefined || meaning === undefined) fail(line, 'a column that cannot be read: write "-- Column: name - what it means"');
      return name === undefined || meaning === undefined ? [] : [{ name, meaning }];
    });
  if (columns.length === 0) fail(1, 'the header has no "-- Column: name - what it means"');
  const sql = text.slice(start).trim();
  if (sql === '') fail(headerLines + 1, 'there is no statement behind the header');
  const order = checkPlaceholders(text, start, parameters, entries, fail);
  if (problems.length > 0) return { ok: false, problems: problems.sort((a, b) => a.line - b.line || a.column - b.column) };
  return { ok: true, file: { title, purpose, tables, parameters, columns, sql, order } };
}

type Fail = (line: number, what: string, column?: number) => void;

function readHeader(text: string, fail: Fail): { readonly entries: Entry[]; readonly start: number; readonly headerLines: number } {
  const entries: Entry[] = [];
  let start = 0;
  let line = 0;
  while (start < text.length) {
    const end = text.indexOf('\n', start);
    const content = text.slice(start, end < 0 ? undefined : end).trimEnd();
    if (!content.startsWith('--')) break;
    line++;
    const match = /^-- ([A-Z][a-z]+): ?(.*)$/.exec(content);
    const last = entries.at(-1);
    if (match) {
      const [, key = '', value = ''] = match;
      if (!KEYS.includes(key)) fail(line, `the header knows no "-- ${key}:"; its keys are ${KEYS.join(', ')}`);
      entries.push({ key, value, line });
    } else if (/^-- {3,}\S/.test(content) && last) last.value += ` ${content.slice(2).trim()}`;
    else if (content !== '--') fail(line, 'a line of the header that is neither "-- Key: …" nor goes on with one by three blanks');
    start = end < 0 ? text.length : end + 1;
  }
  return { entries, start, headerLines: line };
}

function parameterOf({ value, line }: Entry, fail: Fail): QueryParameter | undefined {
  const match = PARAMETER.exec(value.trim());
  if (match === null) {
    fail(line, 'a parameter that cannot be read: write "-- Parameter: name (text|number|day) = default - what it is"');
    return undefined;
  }
  const [, name = '', type = '', quoted, bare, description = ''] = match;
  const parameter: QueryParameter = { name, type: type as QueryParameter['type'], defaultValue: quoted ?? bare, description };
  const { defaultValue } = parameter;
  if (defaultValue !== undefined && parameter.type === 'number' && !NUMBER.test(defaultValue))
    fail(line, `the default of ${name} is no number`);
  if (defaultValue !== undefined && parameter.type === 'day' && !DAY.test(defaultValue))
    fail(line, `the default of ${name} is no day: write YYYY-MM-DD, or 7d for a week ago`);
  return parameter;
}

/** A number as SQL writes it. */
export const NUMBER = /^-?\d{1,18}(?:\.\d{1,18})?$/;
/** A day, or days before today. */
export const DAY = /^(?:\d{4}-\d{2}-\d{2}|\d{1,4}d)$/;

function checkPlaceholders(
  text: string,
  start: number,
  parameters: readonly QueryParameter[],
  entries: readonly Entry[],
  fail: Fail,
): string[] {
  const order: string[] = [];
  for (const { at, name } of placeholdersOf(text.slice(start))) {
    const before = text.slice(0, start + at);
    const line = before.split('\n').length;
    const column = before.length - before.lastIndexOf('\n');
    if (name === undefined) fail(line, 'a ? without its name: write "? /* name */"', column);
    else if (!parameters.some((parameter) => parameter.name === name)) fail(line, `"${name}" is no parameter of the header`, column);
    else order.push(name);
  }
  const lines = entries.filter(({ key }) => key === 'Parameter').map(({ line }) => line);
  for (const [index, { name }] of parameters.entries()) {
    if (parameters.findIndex((other) => other.name === name) < index) fail(lines[index] ?? 1, `a second parameter ${name}`);
    if (!order.includes(name)) fail(lines[index] ?? 1, `the parameter ${name} is not used: write "? /* ${name} */" in the statement`);
  }
  return order;
}

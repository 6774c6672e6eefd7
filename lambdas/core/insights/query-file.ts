import { type Problem, placeOf, QueryError } from './problem.ts';

/** A parameter `{{name}}` of a saved query. */
export interface QueryParameter {
  readonly name: string;
  /** Undefined when the query cannot run without a value. */
  readonly defaultValue: string | undefined;
  readonly description: string;
}

/**
 * A saved query: comment lines that say what it is, then the query.
 *
 *     # Question: which nodes stopped being ready, and when?
 *     # Source: controllerManager
 *     # Columns: @timestamp, node
 *     # When: a NodeNotReady alarm fired, or pods are being evicted.
 *     # Parameter: node = ip- - beginning of the node's name
 *     filter …
 *
 * Each key stands once, but Parameter as often as there are parameters. Question, Source and Columns must be there. A comment line that begins with
 * three blanks goes on with the key before it. The default of a parameter may stand in double quotes, and must if it holds " - " or is empty; without
 * ` = ` there is none. The header ends at the first line that is no comment.
 */
export interface QueryFile {
  readonly question: string;
  /** Kinds of logs that it asks, such as `audit`, `api`, `controllerManager`, `application`. */
  readonly sources: readonly string[];
  readonly columns: readonly string[];
  readonly when: string | undefined;
  readonly parameters: readonly QueryParameter[];
  /** The query behind the header, as it is deployed; placeholders stay. */
  readonly query: string;
  /** Offset of the query in the file. */
  readonly start: number;
  /** Offsets of the lines that name sources and columns. */
  readonly places: { readonly source: number; readonly columns: number };
}

const KEYS = ['Question', 'Source', 'Columns', 'When', 'Parameter'];
const PLACEHOLDER = /\{\{([^{}\n]*)\}\}/g;
/** Names of parameters, and the limits below: reference of QueryParameter and PutQueryDefinition, 2026. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;
const MAX_PARAMETERS = 20;
const MAX_DEFAULT_CHARACTERS = 1024;
const MAX_DESCRIPTION_CHARACTERS = 512;

interface HeaderEntry {
  readonly key: string;
  value: string;
  readonly at: number;
}

/** Reads a saved query; throws QueryError with every problem of its header. */
export function parseQueryFile(text: string): QueryFile {
  const problems: Problem[] = [];
  const fail = (at: number, message: string, hint?: string) =>
    problems.push({ severity: 'error', message, ...(hint ? { hint } : {}), ...placeOf(text, at) });
  const { entries, start } = readHeader(text, fail);
  const single = (key: string): string | undefined => {
    const found = entries.filter((entry) => entry.key === key);
    if (found.length > 1) fail((found[1] as HeaderEntry).at, `a second "# ${key}:"`);
    return found[0]?.value.trim() || undefined;
  };
  const question = single('Question');
  const source = single('Source');
  const columns = single('Columns');
  const when = single('When');
  for (const [key, value] of Object.entries({ Question: question, Source: source, Columns: columns })) {
    if (value === undefined) fail(0, `the header has no "# ${key}:"`, 'see any query under queries/insights');
  }
  const parameters = entries.filter((entry) => entry.key === 'Parameter').flatMap((entry) => parseParameter(entry, fail) ?? []);
  checkPlaceholders(text, start, parameters, entries, fail);
  if (text.slice(start).trim() === '') fail(start, 'there is no query behind the header');
  if (problems.length > 0) throw new QueryError(problems);
  const list = (value: string | undefined) =>
    (value ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  return {
    question: question ?? '',
    sources: list(source),
    columns: splitColumns(columns ?? ''),
    when,
    parameters,
    query: text.slice(start),
    start,
    places: { source: placeOfKey(entries, 'Source'), columns: placeOfKey(entries, 'Columns') },
  };
}

function placeOfKey(entries: readonly HeaderEntry[], key: string): number {
  return entries.find((entry) => entry.key === key)?.at ?? 0;
}

/** Columns are separated by commas outside of parentheses: `count(*), pct(ms, 95)` are two. */
function splitColumns(text: string): string[] {
  const columns: string[] = [];
  let level = 0;
  let from = 0;
  for (let at = 0; at <= text.length; at++) {
    const char = text[at];
    if (char === '(') level++;
    else if (char === ')') level--;
    else if (char === undefined || (char === ',' && level === 0)) {
      if (text.slice(from, at).trim() !== '') columns.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  return columns;
}

type Fail = (at: number, message: string, hint?: string) => void;

function readHeader(text: string, fail: Fail): { entries: HeaderEntry[]; start: number } {
  const entries: HeaderEntry[] = [];
  let at = 0;
  while (at < text.length) {
    const end = text.indexOf('\n', at);
    const line = text.slice(at, end < 0 ? undefined : end).trimEnd();
    if (!line.startsWith('#')) break;
    const match = /^#\s?([A-Z][a-z]+):(.*)$/.exec(line);
    const last = entries[entries.length - 1];
    if (match) {
      const key = match[1] as string;
      if (!KEYS.includes(key)) fail(at, `the header knows no "# ${key}:"`, `its keys are ${KEYS.join(', ')}`);
      entries.push({ key, value: match[2] as string, at });
    } else if (/^#\s{3,}\S/.test(line) && last) last.value += ` ${line.slice(1).trim()}`;
    else if (line !== '#')
      fail(
        at,
        'a line of the header that is neither "# Key: …" nor goes on with one',
        'begin it with "#" and three blanks, or put the comment below the query\'s first line',
      );
    at = end < 0 ? text.length : end + 1;
  }
  return { entries, start: at };
}

function parseParameter({ value, at }: HeaderEntry, fail: Fail): QueryParameter | undefined {
  const match = /^\s*([^\s=]+)\s*(?:=\s*(?:"([^"]*)"|(.*?)))?\s+-\s+(.+)$/.exec(value);
  const name = match?.[1];
  if (!match || name === undefined || !NAME.test(name)) {
    fail(at, 'a parameter that cannot be read', 'write "# Parameter: name = default - description"');
    return undefined;
  }
  const defaultValue = match[2] ?? match[3];
  const description = (match[4] as string).trim();
  if ((defaultValue?.length ?? 0) > MAX_DEFAULT_CHARACTERS)
    fail(at, `the default of "${name}" has ${defaultValue?.length} characters, CloudWatch takes ${MAX_DEFAULT_CHARACTERS}`);
  if (description.length > MAX_DESCRIPTION_CHARACTERS)
    fail(at, `the description of "${name}" has ${description.length} characters, CloudWatch takes ${MAX_DESCRIPTION_CHARACTERS}`);
  return { name, defaultValue, description };
}

function checkPlaceholders(
  text: string,
  start: number,
  parameters: readonly QueryParameter[],
  entries: readonly HeaderEntry[],
  fail: Fail,
): void {
  const used = new Set<string>();
  for (const match of text.slice(start).matchAll(PLACEHOLDER)) {
    const name = (match[1] as string).trim();
    used.add(name);
    if (!parameters.some((parameter) => parameter.name === name))
      fail(start + match.index, `{{${name}}} is no parameter of the header`, `add "# Parameter: ${name} = default - description"`);
  }
  const seen = new Set<string>();
  const places = entries.filter((entry) => entry.key === 'Parameter');
  if (parameters.length > MAX_PARAMETERS)
    fail(places[MAX_PARAMETERS]?.at ?? 0, `${parameters.length} parameters, CloudWatch takes ${MAX_PARAMETERS}`);
  parameters.forEach(({ name }, i) => {
    if (!used.has(name))
      fail(places[i]?.at ?? 0, `the parameter "${name}" is not used`, `write {{${name}}} in the query, or take the line away`);
    if (seen.has(name)) fail(places[i]?.at ?? 0, `two parameters are named "${name}"`);
    seen.add(name);
  });
}

/** A query with its values put in. */
export interface FilledQuery {
  readonly text: string;
  /** The offset in the query with placeholders that an offset of the filled text came from. */
  readonly origin: (at: number) => number;
}

/**
 * Puts values in place of `{{name}}`, as text, the way CloudWatch does. Refused: a name that is no parameter, a parameter with neither value nor
 * default, and a value with a line break or with the quote that its placeholder stands in, which would end the string and could smuggle in commands.
 */
export function fillParameters(
  query: string,
  parameters: readonly QueryParameter[],
  values: { readonly [name: string]: string },
): FilledQuery {
  const problems: Problem[] = [];
  const fail = (message: string, hint?: string) =>
    problems.push({ severity: 'error', message, ...(hint ? { hint } : {}), line: 1, column: 1 });
  for (const name of Object.keys(values)) {
    if (!parameters.some((parameter) => parameter.name === name))
      fail(
        `there is no parameter "${name}"`,
        parameters.length > 0 ? `parameters are ${parameters.map((parameter) => parameter.name).join(', ')}` : 'this query has none',
      );
  }
  const pieces: { readonly filled: number; readonly origin: number }[] = [{ filled: 0, origin: 0 }];
  let text = '';
  let from = 0;
  for (const match of query.matchAll(PLACEHOLDER)) {
    const name = (match[1] as string).trim();
    const parameter = parameters.find((each) => each.name === name);
    const value = Object.hasOwn(values, name) ? values[name] : parameter?.defaultValue;
    if (value === undefined) {
      fail(
        `the parameter "${name}" has no default and no value was given`,
        `add --param ${name}=… (${parameter?.description ?? 'not described'})`,
      );
      continue;
    }
    const quote = quoteAround(query, match.index);
    if (/[\r\n]/.test(value) || (quote !== undefined && value.includes(quote)))
      fail(
        `the value of "${name}" holds ${quote !== undefined && value.includes(quote) ? `the quote ${quote} that it stands in` : 'a line break'}`,
      );
    text += query.slice(from, match.index) + value;
    from = match.index + match[0].length;
    pieces.push({ filled: text.length - value.length, origin: match.index }, { filled: text.length, origin: from });
  }
  if (problems.length > 0) throw new QueryError(problems);
  return {
    text: text + query.slice(from),
    origin: (at) => {
      const next = pieces.findIndex((piece) => piece.filled > at);
      const i = (next < 0 ? pieces.length : next) - 1;
      const piece = pieces[Math.max(0, i)] as (typeof pieces)[0];
      // Inside of a value every place is that of its placeholder.
      return i % 2 === 1 ? piece.origin : piece.origin + (at - piece.filled);
    },
  };
}

/**
 * Values with which a query can be parsed and checked: the defaults; where there is none, a word inside of quotes and a number outside, since
 * both fit wherever such a placeholder stands.
 */
export function trialValues({ query, parameters }: Pick<QueryFile, 'query' | 'parameters'>): { [name: string]: string } {
  const values: { [name: string]: string } = {};
  for (const match of query.matchAll(PLACEHOLDER)) {
    const name = (match[1] as string).trim();
    if (parameters.some((parameter) => parameter.name === name && parameter.defaultValue === undefined))
      values[name] ??= quoteAround(query, match.index) === undefined ? '1' : 'x';
  }
  return values;
}

/** The quote (", ', `, or / of a regular expression) that is open at an offset, seen from the start of its line. */
export function quoteAround(query: string, at: number): string | undefined {
  let open: string | undefined;
  for (let i = query.lastIndexOf('\n', at - 1) + 1; i < at; i++) {
    const char = query[i] as string;
    if (open !== undefined) {
      if (char === '\\' && open !== '`') i++;
      else if (char === open) open = undefined;
    } else if (char === '"' || char === "'" || char === '`') open = char;
    else if (char === '/' && /(?:like|=~|parse\s+\S+|parse)\s*$/i.test(query.slice(0, i))) open = char;
  }
  return open;
}

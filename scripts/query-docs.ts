// What docs/queries.md says: made of the query files and of their answers on the samples, so that it can neither be forgotten nor be wrong.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { runOnFiles } from '../cli/query/local-run.ts';
import { type Answer, inOrderOfTime, renderTable } from '../cli/query/render.ts';
import { isSeries } from '../cli/query/series.ts';
import { displayWidth } from '../cli/query/width.ts';
import { MAX_DISCOVERED_FIELDS } from '../lambdas/core/insights/limits.ts';
import { parseQuery } from '../lambdas/core/insights/parse-query.ts';
import { QueryError } from '../lambdas/core/insights/problem.ts';
import { fillParameters, parseQueryFile, type QueryFile, trialValues } from '../lambdas/core/insights/query-file.ts';
import { QUERY_SOURCES } from '../lambdas/core/insights/sources.ts';
import { QUERY_EXTENSION, queryNamesIn } from '../lib/config/saved-queries.ts';
import { EXAMPLE_LINES, EXAMPLE_VALUES } from './query-examples.ts';

/** Rows of an answer that are shown; a series shows more, since its shape is the answer. */
const SHOWN_ROWS = 6;
const SHOWN_SERIES = 16;
/** Longest cells to try, widest first: the first with which a table fits the page. */
const SHOWN_CELLS = [72, 56, 44, 36, 28, 20];
/** Columns of text that a table on the page may take. */
const PAGE_WIDTH = 180;
/** The clock of every run: a query that asks for `now()` answers the same next year. */
const NOW_MS = Date.parse('2026-11-21T12:00:00Z');

/** Sample files of a source, relative to the root. */
const SAMPLES: { readonly [source: string]: readonly string[] } = {
  audit: ['control-plane/kube-apiserver-audit.log.gz'],
  api: ['control-plane/kube-apiserver.log.gz'],
  authenticator: ['control-plane/authenticator.log.gz'],
  controllerManager: ['control-plane/kube-controller-manager.log.gz'],
  scheduler: ['control-plane/kube-scheduler.log.gz'],
  application: ['containers', 'ingress'],
  events: ['events'],
  performance: ['performance'],
  dataplane: ['dataplane'],
  host: ['host'],
  pipeline: ['pipeline'],
};

/** Files of the samples that hold a query's sources; a folder stands for all that lie in it. */
export function sampleFilesOf(root: string, sources: readonly string[]): string[] {
  const files = sources.flatMap((source) => SAMPLES[source] ?? []).flatMap((entry) => filesAt(root, join('samples', entry)));
  return [...new Set(files)];
}

function filesAt(root: string, path: string): string[] {
  if (path.endsWith('.gz')) return [path];
  try {
    return readdirSync(join(root, path))
      .filter((name) => name.endsWith('.gz'))
      .sort()
      .map((name) => join(path, name));
  } catch {
    return [];
  }
}

/** The whole page. */
export async function queryDocs(root: string): Promise<string> {
  const folder = join(root, 'queries/insights');
  const queries = queryNamesIn(folder).map((name) => ({
    name,
    file: parseQueryFile(readFileSync(join(folder, name + QUERY_EXTENSION), 'utf8')),
  }));
  const folders = [...new Set(queries.map(({ name }) => folderOf(name)))];
  const sections: string[] = [];
  for (const each of folders) {
    sections.push(`## ${each}`);
    for (const { name, file } of queries.filter((query) => folderOf(query.name) === each)) sections.push(await section(root, name, file));
  }
  return `${[intro(queries.length), contents(folders, queries), ...sections].join('\n\n')}\n`;
}

function folderOf(name: string): string {
  return name.split('/').slice(0, -1).join('/');
}

function intro(count: number): string {
  const sources = markdownTable(
    ['source', 'what it holds'],
    QUERY_SOURCES.map(({ name, about }) => [name, about]),
  );
  return `# Saved queries

<!-- Written by scripts/write-query-docs.ts from queries/insights and samples/; a test fails where it is out of date. -->

${count} questions as files. Each is deployed as a saved CloudWatch Logs Insights query for every cluster that has the logs it asks, under
\`<prefix>/<cluster>/<folder>/<name>\` in the console. Here each one stands with its answer on the recorded [samples](../samples/README.md).

\`\`\`
npx eks-telemetry query --list                                  names, questions, parameters
npx eks-telemetry query NAME --logs FILE…                       on files here, .gz and containerd's framing included
npx eks-telemetry query NAME --local                            on the log groups of the last npm start
npx eks-telemetry query NAME --start 2h --param name=value      in the account, on the log groups it was deployed with
\`\`\`

A file of any name will do: plain lines are taken as the log that the query asks, and the command says so. Only a name that is a log stream of the
control plane (\`kube-scheduler.log.gz\`) says what the file holds; \`--log-stream\` says it for any.

A query of your own is a file in a folder that \`queries.folders\` of the config names; \`queries.exclude\` switches one off. The header of a file:
\`Question\`, \`Source\` (below), \`Columns\` (in the order of the answer), \`When\`, and a \`Parameter\` for each \`{{name}}\`. \`check\` and the synth parse every
file, compare its fields with those that its sources are documented to have, and fail with file, line and column.

\`filterIndex\` reads only what the field index of the log group points to, which is cheaper and quicker. The deploy puts the fields that these
queries ask into the index policy of each group (at most 20 a group). It holds from then on: events from before the first deploy are not in it,
so a query that must see them wants \`filter\` instead. Only log groups of class Standard have indexes.

\`--json\` types its values alike everywhere: a number is what the event has as a JSON number, as a key of \`stats … by\` too, and what the query
computes; JSON strings and what \`parse\` finds are text. CloudWatch gives all values as text; of its answer a computed value is a number again, and
a field that is written exactly like a JSON number (\`403\`, not \`007\` or \`1.30\`) is one.

CloudWatch discovers at most ${MAX_DISCOVERED_FIELDS} fields in one JSON event and does not say which of a larger one. On files all are found, and a warning tells in how
many events a field of the query stands behind ${MAX_DISCOVERED_FIELDS} others: there take it out of \`@message\` with \`parse\`.

${sources}`;
}

function contents(folders: readonly string[], queries: readonly { name: string; file: QueryFile }[]): string {
  return folders
    .map((folder) =>
      [
        `**${folder}**`,
        '',
        ...queries
          .filter(({ name }) => folderOf(name) === folder)
          .map(({ name, file }) => `- [${name.slice(folder.length + 1)}](#${anchor(name)}): ${file.question}`),
      ].join('\n'),
    )
    .join('\n\n');
}

/** The anchor that a heading gets: lower case, blanks as \`-\`, other signs left out. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

async function section(root: string, name: string, file: QueryFile): Promise<string> {
  const parts = [`### ${name}`, `**${capital(file.question)}**${file.when === undefined ? '' : ` When: ${file.when}`}`];
  const columns = file.columns.map((column) => `\`${column}\``).join(', ');
  parts.push(`Source: ${file.sources.join(', ')}. Columns: ${columns}.`);
  if (file.parameters.length > 0) {
    const rows = file.parameters.map(({ name: parameter, defaultValue, description }) => {
      const value = defaultValue === undefined ? 'none' : `\`${defaultValue === '' ? '""' : defaultValue}\``;
      return [parameter, value, description];
    });
    parts.push(markdownTable(['parameter', 'default', 'what it is'], rows));
  }
  parts.push(`\`\`\`\n${file.query.trim()}\n\`\`\``, await answer(root, name, file));
  return parts.join('\n\n');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A table in the shape that the formatter gives it, so that neither undoes the other. */
function markdownTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [titles, ...rows].map((row) => row.map((text) => text.replaceAll('|', '\\|')));
  const widths = titles.map((_, at) => Math.max(3, ...lines.map((row) => displayWidth(row[at] ?? ''))));
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, at) => (row[at] ?? '') + ' '.repeat(width - displayWidth(row[at] ?? ''))).join(' | ')} |`;
  const [head = [], ...body] = lines;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

async function answer(root: string, name: string, file: QueryFile): Promise<string> {
  const files = sampleFilesOf(root, file.sources);
  if (files.length === 0) return 'There are no samples of this source.';
  const chosen = EXAMPLE_VALUES[name] ?? {};
  const { text } = fillParameters(file.query, file.parameters, { ...trialValues(file), ...chosen });
  try {
    const found = await ask(root, text, files);
    const values = Object.entries(chosen).map(([parameter, value]) => `\`--param ${parameter}=${value}\``);
    if (found.rows.length > 0) return shown(found, text, `the samples${values.length > 0 ? ` with ${values.join(' ')}` : ''}`);
    const example = EXAMPLE_LINES[name];
    const none = 'The samples hold no such event.';
    if (example === undefined) return none;
    const written = await withFile(example.file, example.lines(root), (path) => ask(root, text, [path]));
    return `${none} ${shown(written, text, example.origin)}`;
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    return `It runs in CloudWatch only: ${error.problems.map(({ message }) => message).join('; ')}.`;
  }
}

async function ask(root: string, text: string, files: readonly string[]): Promise<Answer> {
  const sink = new PassThrough();
  const io = { stdin: sink, stdout: sink, stderr: sink, env: {}, isTty: false, cwd: root, now: () => NOW_MS };
  return (await runOnFiles(text, files, {}, io)).result;
}

async function withFile<T>(name: string, lines: readonly string[], use: (path: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'query-docs-'));
  try {
    const path = join(folder, name);
    writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
    return await use(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function shown(found: Answer, text: string, on: string): string {
  const isSorted = parseQuery(text).commands.some((command) => command.kind === 'sort');
  const ordered = inOrderOfTime(found, isSorted || found.columns[0]?.name === '@timestamp');
  const hasBars = isSeries(text);
  const rows = ordered.rows.slice(0, hasBars ? SHOWN_SERIES : SHOWN_ROWS);
  const count = rows.length < ordered.rows.length ? `, the first ${rows.length} of ${ordered.rows.length} rows` : '';
  return `On ${on}${count}:\n\n\`\`\`\n${fitting({ columns: ordered.columns, rows }, hasBars)}\n\`\`\``;
}

function fitting(shown: Answer, hasBars: boolean): string {
  const tables = SHOWN_CELLS.map((cellWidth) => renderTable(shown, hasBars, cellWidth).trimEnd());
  return tables.find((table) => table.split('\n').every((line) => line.length <= PAGE_WIDTH)) ?? (tables.at(-1) as string);
}

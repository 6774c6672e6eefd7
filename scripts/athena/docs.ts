// What docs/athena.md says: made of the named queries and of their answers on the samples, so that it can neither be forgotten nor be wrong.
import { toAnswer } from '../../cli/athena/answer.ts';
import { renderTable } from '../../cli/query/render.ts';
import { displayWidth } from '../../cli/query/width.ts';
import { type QueryFile, readQueryFile } from '../../lib/athena/query-file.ts';
import type { LocalAthena } from '../../local/trino/athena.ts';
import type { TrinoResult } from '../../local/trino/client.ts';
import type { NamedQuery } from '../../local/trino/glue-tables.ts';
import { exampleValues } from './assembly.ts';

/** Rows of an answer that are shown; a series shows more, since its shape is the answer. */
const SHOWN_ROWS = 6;
const SHOWN_SERIES = 12;
/** Longest cells to try, widest first: the first with which a table fits the page. */
const SHOWN_CELLS = [60, 44, 32, 24, 18, 12];
const PAGE_WIDTH = 180;

/** The whole page. */
export function athenaDocs(
  { queries, tables }: Pick<LocalAthena, 'queries' | 'tables'>,
  answers: ReadonlyMap<string, TrinoResult>,
): string {
  const sections = queries.map((query) => section(query, fileOf(query), answers.get(query.name)));
  const contents = queries.map((query) => `- [${query.name}](#${query.name}): ${fileOf(query).title}`).join('\n');
  const own = tables.filter(({ database }) => database === queries[0]?.database);
  return `${[intro(queries.length, own), '## Queries', contents, ...sections].join('\n\n')}\n`;
}

/**
 * The page without the numbers of answers that are estimates (approx_percentile, approx_distinct): they depend on the order in which files are read, which
 * nobody promises.
 */
export function withoutEstimates(page: string): string {
  return page
    .split('\n### ')
    .map((part) =>
      /\bapprox_/.test(part)
        ? part.replace(/\nOn the samples[\s\S]*$/, (answer) => answer.replace(/ *-?\d[\d.]*/g, ' #').replace(/─+/g, '─'))
        : part,
    )
    .join('\n### ');
}

function fileOf({ name, text }: NamedQuery): QueryFile {
  const read = readQueryFile(text);
  if (!read.ok) throw new Error(`${name}: ${read.problems[0]?.what}`);
  return read.file;
}

function intro(count: number, tables: LocalAthena['tables']): string {
  const rows = tables.map(({ name, location, partitionKeys, columns }) => [
    `\`${name}\``,
    partitionKeys.map((key) => key.name).join(', ') || 'none',
    String(columns.length),
    `\`${location.replace(/-?111122223333-us-east-1/, '-…')}\``,
  ]);
  return `# Athena

<!-- Written by scripts/write-athena-docs.ts from queries/athena and samples/; a test fails where it is out of date. -->

${count} questions in SQL over raw access logs, the archive and dead letters. Each is deployed as a named query in the workgroup of \`athena:\` in the config;
here each one stands with its answer on the recorded [samples](../samples/README.md), given by a real Trino.

\`\`\`
npx eks-telemetry athena --list                                            names, titles, parameters
npx eks-telemetry athena NAME --config config/prod.yaml --from 7d          in the account: progress, Ctrl-C stops it, bytes and cost at the end
npx eks-telemetry athena NAME --local .eks-telemetry/local/buckets         here, on the files of the last npm start
npm start -- --athena                                                      some of them, right after the local run
\`\`\`

## How it works

**Parameters** are Athena's own \`?\`, each with its name in a comment behind it: the console asks for the values in the order of the \`?\` and shows the
comments, the command takes them by name (\`--from\`, \`--to\`, \`--param k=v\`). They are bound, never put into the text, so no value can become a part of the
statement. In the console a text or day stands in single quotes: \`'2026-11-21'\`.

**Partitions** are computed (partition projection): no crawler, no function that adds days, and no day that somebody forgot. Every query has a
condition on \`day\`, \`dt\` or \`billing_period\`; one of your own without it reads everything that was ever written, until the workgroup's \`scanLimitGb\` stops it.
Days are UTC. \`day\` of access logs is the day of delivery: the first file of a day holds the last minutes of the day before. \`dt\` and \`hr\` of the archive are
the event's own. Two tables have no days: \`cloudfront\`, whose files lie in no folders, and \`waf\` where \`athena.webAcls\` names none.

**No line is lost.** Tables over text are one regular expression for every shape that the services ever wrote. A line of a shape that none of us has seen does
not become a row of NULLs: it stands whole in the column \`unparsed\`, and [alb-unparsed-lines](#alb-unparsed-lines) finds it. Connection and health check logs
lie in the folder of the access logs, so each table sees the lines of the others as \`unparsed\`; \`type IS NOT NULL\` leaves them out.
A line of JSON that is cut is a row of NULLs and fails no query; a gzip file that is cut fails it (Athena names the file).

**Traps** that the queries keep clear of, and yours should: \`target_status_code\` is a text with \`-\`, so \`TRY_CAST\` it. Times are -1 for requests that were never
sent or answered. \`url_extract_*\` are NULL for what is no URL; \`url_decode\`, \`from_iso8601_timestamp\` and \`json_parse\` fail the whole query at one bad line,
so wrap them in \`TRY\`. \`100 * a / b\` of whole numbers is a whole number; \`1e2 * a / b\` is not. \`index\`, \`function\`, \`timestamp\`, \`date\` and \`day\` are quoted.

**Who may ask.** The stack makes two policies: \`ReaderPolicyArn\` (workgroup, catalogue, access logs; \`athena.readers\` get it) and \`OriginalsPolicyArn\` beside it,
for archive and dead letters, which hold text before redaction under keys of their own. Where Lake Formation rules the catalogue (the database's default
permission for IAMAllowedPrincipals was taken away), IAM is not enough: grant \`DESCRIBE\` on the database and \`SELECT\` on its tables to the same roles there.

**A query of your own** is a file \`NAME.sql\` in \`queries/athena\`, or in a folder that \`athena.folders\` names; adding it deploys it. Its header: \`Title\`, \`For\`,
\`Tables\`, a \`Parameter\` for each name of a \`?\` (\`name (text|number|day) = default - what it is\`), a \`Column\` for each column of the answer. \`check\` and the synth
refuse a file with an unnamed \`?\`, an unknown table or no condition on days, with file, line and column.

**What Trino here does not prove**: it is release 476, which knows syntax that Athena may not; limits, permissions and prices of Athena are not there.

## Tables

${markdownTable(['table', 'partition keys', 'columns', 'files'], rows)}`;
}

function section(query: NamedQuery, file: QueryFile, answer: TrinoResult | undefined): string {
  const parts = [
    `### ${query.name}`,
    `**${file.title}**: ${file.purpose}`,
    `Tables: ${file.tables.map((table) => `\`${table}\``).join(', ')}.`,
  ];
  if (file.parameters.length > 0) {
    const rows = file.parameters.map(({ name, type, defaultValue, description }) => {
      const value = defaultValue === undefined ? 'none' : `\`${defaultValue === '' ? '""' : defaultValue}\``;
      return [name, type, value, description];
    });
    parts.push(markdownTable(['parameter', 'type', 'default', 'what it is'], rows));
  }
  parts.push(
    markdownTable(
      ['column', 'what it means'],
      file.columns.map(({ name, meaning }) => [name, meaning]),
    ),
  );
  parts.push(`\`\`\`sql\n${file.sql}\n\`\`\``, example(query, file, answer));
  return parts.join('\n\n');
}

function example({ name }: NamedQuery, file: QueryFile, answer: TrinoResult | undefined): string {
  if (answer === undefined || answer.rows.length === 0) throw new Error(`${name}: no answer to show`);
  const isSeries = ['minute', 'hour', 'day'].includes(answer.columns[0]?.name ?? '');
  const rows = answer.rows.slice(0, isSeries ? SHOWN_SERIES : SHOWN_ROWS);
  const given = Object.entries(exampleValues(name, file.parameters)).map(([key, value]) => `\`${key} = ${value}\``);
  const count = rows.length < answer.rows.length ? `, the first ${rows.length} of ${answer.rows.length} rows` : '';
  const shown = toAnswer(answer.columns, rows);
  const tables = SHOWN_CELLS.map((width) => renderTable(shown, shown.columns[0]?.isTime === true, width).trimEnd());
  const fitting = tables.find((table) => table.split('\n').every((line) => displayWidth(line) <= PAGE_WIDTH)) ?? (tables.at(-1) as string);
  return `On the samples${given.length === 0 ? '' : ` with ${given.join(', ')}`}${count}:\n\n\`\`\`\n${fitting}\n\`\`\``;
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

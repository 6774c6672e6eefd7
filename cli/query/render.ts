import type { Cell } from '../../lambdas/core/insights/run.ts';
import { cutToWidth, displayWidth, printable } from './width.ts';

/** An answer as it is shown. */
export interface Answer {
  readonly columns: readonly { readonly name: string; readonly isTime: boolean }[];
  readonly rows: readonly (readonly Cell[])[];
}

/** The longest cell of a table; `--json` and `--csv` give all of it. */
const MAX_CELL = 120;
const BAR_WIDTH = 40;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** One JSON object per row, keys in the order of the columns; missing fields are left out. */
export function renderJson({ columns, rows }: Answer): string {
  return rows
    .map((row) => {
      const members = columns.flatMap(({ name }, i) => (row[i] === undefined ? [] : [`${JSON.stringify(name)}:${JSON.stringify(row[i])}`]));
      return `{${members.join(',')}}\n`;
    })
    .join('');
}

/** RFC 4180 with a line of names; a text that a spreadsheet would run as a formula gets an apostrophe. */
export function renderCsv({ columns, rows }: Answer): string {
  const quote = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const field = (cell: Cell): string => {
    if (cell === undefined) return '';
    return quote(typeof cell === 'string' && /^[=+\-@\t\r]/.test(cell) && !/^[+-]?\d/.test(cell) ? `'${cell}` : String(cell));
  };
  return [columns.map((column) => quote(column.name)), ...rows.map((row) => columns.map((_, i) => field(row[i])))]
    .map((line) => `${line.join(',')}\r\n`)
    .join('');
}

/** A table; a series (`hasBars`, and a first column of times) gets bars for its first number. A cell longer than `maxCell` is cut. */
export function renderTable(answer: Answer, hasBars = true, maxCell: number = MAX_CELL): string {
  const { columns } = answer;
  const series = hasBars ? seriesColumn(answer) : undefined;
  const cells = answer.rows.map((row) => columns.map((_, i) => cutToWidth(printable(showCell(row[i])), maxCell)));
  const names = columns.map((column) => cutToWidth(printable(column.name), maxCell));
  const isNumeric = columns.map(
    (_, i) => answer.rows.length > 0 && answer.rows.every((row) => row[i] === undefined || typeof row[i] === 'number'),
  );
  const widths = names.map((name, i) => Math.max(displayWidth(name), ...cells.map((row) => displayWidth(row[i] as string))));
  const largest = series === undefined ? 0 : Math.max(0, ...answer.rows.map((row) => Number(row[series] ?? 0)));
  const line = (row: readonly string[], end = '') =>
    `${row.map((text, i) => pad(text, widths[i] as number, isNumeric[i] === true)).join('  ')}${end}`.trimEnd();
  const lines = [line(names), line(widths.map((width) => '─'.repeat(width)))];
  cells.forEach((row, at) => {
    const value = series === undefined ? undefined : answer.rows[at]?.[series];
    lines.push(line(row, typeof value === 'number' ? `  ${bar(value, largest)}` : ''));
  });
  return `${lines.join('\n')}\n`;
}

function showCell(cell: Cell): string {
  return cell === undefined ? '' : String(cell);
}

function pad(text: string, width: number, right: boolean): string {
  const blanks = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return right ? blanks + text : text + blanks;
}

/** The column that bars are drawn of: the first of numbers behind a first column of times. */
function seriesColumn({ columns, rows }: Answer): number | undefined {
  if (columns[0]?.isTime !== true || columns.length < 2 || rows.length < 2) return undefined;
  const at = columns.findIndex(
    (column, i) =>
      i > 0 &&
      !column.isTime &&
      rows.every((row) => row[i] === undefined || typeof row[i] === 'number') &&
      rows.some((row) => typeof row[i] === 'number'),
  );
  return at < 0 ? undefined : at;
}

function bar(value: number, largest: number): string {
  if (!(largest > 0) || !(value > 0)) return '';
  const eighths = Math.max(1, Math.round((value / largest) * BAR_WIDTH * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
}

/** Rows of a series in the order of time, unless the query sorted them itself. */
export function inOrderOfTime(answer: Answer, isSorted: boolean): Answer {
  if (isSorted || answer.columns[0]?.isTime !== true) return answer;
  return {
    columns: answer.columns,
    rows: [...answer.rows].sort((a, b) => (String(a[0] ?? '') < String(b[0] ?? '') ? -1 : String(a[0] ?? '') > String(b[0] ?? '') ? 1 : 0)),
  };
}

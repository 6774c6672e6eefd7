/** A column: its title, and whether its cells are numbers, which align at the right. */
export interface Column {
  readonly title: string;
  readonly isNumber?: boolean;
}

/** A table in plain text: columns two spaces apart, as wide as their widest cell. */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ title }, index) => Math.max(title.length, ...rows.map((row) => (row[index] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => (columns[index]?.isNumber === true ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(columns.map(({ title }) => title)), ...rows.map(line)].join('\n');
}

/** Columns of a terminal that a text is made for. */
const WIDTH = 100;

/** Breaks long lines between words, what follows indented by four more. Rows of tables stay whole: two spaces mark them. */
export function wrapProse(text: string): string {
  return text
    .split('\n')
    .flatMap((line) => (line.length <= WIDTH || /\S {2,}\S/.test(line) ? [line] : wrapLine(line)))
    .join('\n');
}

function wrapLine(line: string): string[] {
  const indent = ' '.repeat(line.search(/\S/) + 4);
  const lines: string[] = [];
  let current = '';
  for (const word of line.trimEnd().split(/(?<=\S) /)) {
    if (current !== '' && current.length + 1 + word.length > WIDTH) {
      lines.push(current);
      current = indent + word;
    } else current = current === '' ? word : `${current} ${word}`;
  }
  return [...lines, current];
}

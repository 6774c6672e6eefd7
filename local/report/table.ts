/** Columns as wide as their widest cell; a column of numbers stands on the right. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map((title, at) => Math.max(width(title), ...rows.map((row) => width(row[at] ?? ''))));
  const isNumeric = columns.map((_title, at) => rows.length > 0 && rows.every((row) => /^[\d,.]*( of \d+)?$/.test(row[at] ?? '')));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => {
        const padding = ' '.repeat(Math.max(0, (widths[at] ?? 0) - width(cell)));
        return isNumeric[at] ? padding + cell : cell + padding;
      })
      .join('  ')
      .trimEnd();
  return [line(columns), line(widths.map((size) => '-'.repeat(size))), ...rows.map(line)];
}

/** Characters, not UTF-16 units; wide ones are not looked at. */
function width(text: string): number {
  return [...text].length;
}

import { type Column, renderTable } from '../check/table.ts';

/** A table whose columns of numbers stand on the right. */
export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const columns: Column[] = titles.map((title, at) => ({
    title,
    isNumber: rows.length > 0 && rows.every((row) => /^\d*$/.test(row[at] ?? '')),
  }));
  return renderTable(columns, rows).split('\n');
}

/** A value of an answer; a missing one is null. */
export type Value = string | number | null;
export type Row = readonly Value[];

/** Groups items by a key of one or more values, and gives a row for each group: the key, then what `of` counts. */
export function group<T>(items: readonly T[], key: (item: T) => Row, of: (items: readonly T[]) => Row): Row[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = JSON.stringify(key(item));
    const found = groups.get(name);
    if (found) found.push(item);
    else groups.set(name, [item]);
  }
  return [...groups].map(([name, members]) => [...(JSON.parse(name) as Row), ...of(members)]);
}

/** Sorts rows by columns, counted from 1; a negative one is descending. Null is last, as in Trino. */
export function order(rows: readonly Row[], ...columns: readonly number[]): Row[] {
  return [...rows].sort((a, b) => {
    for (const column of columns) {
      const at = Math.abs(column) - 1;
      const [x = null, y = null] = [a[at], b[at]];
      if (x === y) continue;
      if (x === null) return 1;
      if (y === null) return -1;
      const before =
        typeof x === 'number' && typeof y === 'number' ? x - y : Buffer.compare(Buffer.from(String(x)), Buffer.from(String(y)));
      if (before !== 0) return column < 0 ? -before : before;
    }
    return 0;
  });
}

/** Number of different values, null apart as in SQL. */
export function distinct(values: readonly Value[]): number {
  return new Set(values.filter((value) => value !== null)).size;
}

/** The smallest and the largest text. */
export const least = (texts: readonly string[]): string => [...texts].sort()[0] ?? '';
export const most = (texts: readonly string[]): string => [...texts].sort().at(-1) ?? '';

/** Half away from zero, as SQL rounds. */
export function round(value: number, digits: number): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}

export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

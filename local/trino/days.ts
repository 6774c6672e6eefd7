import { readdir } from 'node:fs/promises';

/** First and last day that the keys of a folder of buckets tell; undefined where none does. */
export async function daysIn(folder: string): Promise<{ readonly from: string; readonly to: string } | undefined> {
  const days = (await readdir(folder, { recursive: true }))
    .flatMap((path) => {
      const [, year, month, day] = /\/(?:dt=)?(20\d{2})[-/](\d{2})[-/](\d{2})\//.exec(path) ?? [];
      return year === undefined ? [] : [`${year}-${month}-${day}`];
    })
    .sort();
  const [from] = days;
  const to = days.at(-1);
  return from === undefined || to === undefined ? undefined : { from, to };
}

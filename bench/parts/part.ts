/** What a part is given. */
export interface PartContext {
  /** A temporary folder that is removed at the end. */
  readonly folder: string;
  /** How often each measurement is repeated at most, interleaved with the others it is compared with. */
  readonly repetitions: number;
  /** What is left of the part's share of the time, ms; below 0 once it is used. */
  readonly leftMs: () => number;
  /** Ends every process that the part has started: the bench was interrupted, or the part takes far too long. */
  readonly signal: AbortSignal;
  /** Shows progress. */
  readonly tell: (what: string) => void;
}

/** One row: a text or a number per column. */
export type Row = { readonly [column: string]: string | number };

/** What a part found, or why it was not measured. */
export type PartResult = { readonly title: string; readonly rows: readonly Row[] } | { readonly skipped: string };

/** Measures one thing. */
export type Part = (context: PartContext) => Promise<PartResult>;

/** Measures up to `times` times, at least once, and not where another time as long as the longest would not fit. Returns how often it was. */
export async function repeat(context: PartContext, times: number, measure: (repetition: string) => Promise<void>): Promise<number> {
  let done = 0;
  let longestMs = 0;
  while (done < times && (done === 0 || context.leftMs() > longestMs)) {
    const before = context.leftMs();
    await measure(`${done + 1} of ${times}`);
    longestMs = Math.max(longestMs, before - context.leftMs());
    done++;
  }
  if (done < times) context.tell(`no time for more than ${done} of ${times}`);
  return done;
}

/** Prints rows as a Markdown table, ready for docs/performance.md. */
export function printTable({ title, rows }: { readonly title: string; readonly rows: readonly Row[] }): void {
  const columns = Object.keys(rows[0] ?? {});
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  console.log(`\n${title}\n`);
  console.log(line(columns));
  console.log(line(columns.map((column) => (typeof rows[0]?.[column] === 'number' ? '---:' : '---'))));
  for (const row of rows) console.log(line(columns.map((column) => String(row[column]))));
}

/** The middle value; of an even number of values the greater of the two. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** Rounded to that many decimals. */
export function rounded(value: number, decimals = 0): number {
  return Number(value.toFixed(decimals));
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import type { Io } from '../../../cli/io.ts';
import { run } from '../../../cli/query.ts';
import { type ExpectedRow, ROOT } from './independent.ts';

/** A row of an answer: a missing field is left out. */
export type Row = Readonly<Record<string, string | number>>;

/** What the samples' runs call now: behind the last of their lines, so that klog's year is theirs. */
const NOW = Date.parse('2026-11-21T12:00:00Z');

/**
 * Runs a saved query by its name on files, by the code of `eks-telemetry query NAME --logs FILE… --param … --json`; no rows are an empty list.
 * Fails on an invalid query.
 */
export async function askSaved(
  name: string,
  files: string | readonly string[],
  parameters: Readonly<Record<string, string>> = {},
  more: readonly string[] = [],
): Promise<Row[]> {
  const params = Object.entries(parameters).flatMap(([key, value]) => ['--param', `${key}=${value}`]);
  const { code, out, err } = await command([
    name,
    '--json',
    ...params,
    ...more,
    '--logs',
    ...(typeof files === 'string' ? [files] : files),
  ]);
  if (code > 1) throw new Error(err);
  const rows = out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
  // The command's own word for "nothing found".
  expect(code).toBe(rows.length > 0 ? 0 : 1);
  return rows;
}

/** The bare command, for tests of what it prints. */
export async function command(args: string[]): Promise<{ code: number; out: string; err: string }> {
  const parts = { out: '', err: '' };
  const sink = (key: 'out' | 'err') =>
    new Writable({
      write(chunk, _encoding, done) {
        parts[key] += String(chunk);
        done();
      },
    });
  const io: Io = {
    stdin: new PassThrough().end(),
    stdout: sink('out'),
    stderr: sink('err'),
    env: {},
    isTty: false,
    cwd: ROOT,
    now: () => NOW,
  };
  const code = await run(args, io);
  return { code, ...parts };
}

/** Writes lines into a file of a name (it becomes the log stream's: `kube-apiserver-audit.log`), gives its path to `use`, and takes it away. */
export async function withFile<T>(name: string, lines: readonly (string | object)[], use: (path: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'saved-query-'));
  try {
    const path = join(folder, name);
    writeFileSync(path, lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''));
    return await use(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Rows as an object: the first column (or several, joined as JSON) to one number. */
export function asCounts(rows: readonly Row[], keys: string | readonly string[], value: string): Record<string, number> {
  const entries = rows.map((row) => {
    const key = typeof keys === 'string' ? String(row[keys]) : JSON.stringify(keys.map((each) => row[each] ?? null));
    return [key, Number(row[value])] as const;
  });
  // Two rows of one key would hide each other.
  expect(new Set(entries.map(([key]) => key)).size).toBe(rows.length);
  return Object.fromEntries(entries);
}

/** Compares rows with expected ones, whatever their order; members that are undefined count as missing. */
export function expectRows(rows: readonly Row[], expected: readonly ExpectedRow[]): void {
  expect(rows.map(canonical).sort()).toEqual(expected.map(canonical).sort());
}

/** For a query with a limit: rows are the expected ones with the largest number; which of equal ones come last does not matter. */
export function expectTop(rows: readonly Row[], expected: readonly ExpectedRow[], column: string, limit: number): void {
  expectDescending(rows, column);
  expect(rows).toHaveLength(Math.min(limit, expected.length));
  const known = new Set(expected.map(canonical));
  expect(rows.filter((row) => !known.has(canonical(row)))).toEqual([]);
  const sizes = expected.map((row) => Number(row[column])).sort((a, b) => b - a);
  expect(rows.map((row) => Number(row[column]))).toEqual(sizes.slice(0, limit));
}

function canonical(row: ExpectedRow): string {
  const members = Object.entries(row).filter(([, value]) => value !== undefined);
  return JSON.stringify(members.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Whether rows are in descending order of a number. */
export function expectDescending(rows: readonly Row[], column: string): void {
  const values = rows.map((row) => Number(row[column]));
  expect(values).toEqual([...values].sort((a, b) => b - a));
}

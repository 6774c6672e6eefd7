// One measurement of bench/insights.ts: answers a query once and prints what it took. `node bench/insights-worker.ts ours|duckdb QUERY-NUMBER FILE`
import { DuckDBInstance } from '@duckdb/node-api';
import type { Io } from '../cli/io.ts';
import { runOnFiles } from '../cli/query/local-run.ts';
import { type BenchQuery, QUERIES } from './insights-queries.ts';

export type EngineName = 'ours' | 'duckdb';

/** What an answer was and took: CPU time is that of all threads of the process, memory its greatest. */
export interface Measured {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly maxRssBytes: number;
  /** Events that were read; 0 where the engine does not say. */
  readonly events: number;
  /** All rows, cells as text, in an order of their own. */
  readonly rows: readonly (readonly string[])[];
}

interface Answer {
  readonly rows: readonly (readonly unknown[])[];
  readonly events: number;
}

const quiet: Io = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: {},
  isTty: false,
  cwd: process.cwd(),
  now: () => Date.now(),
};

async function askOurs(query: BenchQuery, path: string): Promise<Answer> {
  const { result } = await runOnFiles(query.insights, [path], {}, quiet);
  return { rows: result.rows, events: result.scanned };
}

async function prepareDuckDb(): Promise<(query: BenchQuery, path: string) => Promise<Answer>> {
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  return async (query, path) => ({ rows: (await connection.runAndReadAll(query.sql(path))).getRows(), events: 0 });
}

/** Cells as text: times to the second, since one engine shows milliseconds. */
function cellText(cell: unknown): string {
  return String(cell ?? '').replace(/^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\.000$/, '$1');
}

const [engine, index, path] = process.argv.slice(2) as [EngineName, string, string];
const query = QUERIES[Number(index)] as BenchQuery;
const ask = engine === 'duckdb' ? await prepareDuckDb() : askOurs;
const cpu = process.cpuUsage();
const start = performance.now();
const { rows, events } = await ask(query, path);
const wallMs = performance.now() - start;
const { user, system } = process.cpuUsage(cpu);
const texts = rows.map((row) => row.map(cellText)).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
const measured: Measured = {
  wallMs,
  cpuMs: (user + system) / 1000,
  maxRssBytes: process.resourceUsage().maxRSS * 1024,
  events,
  rows: texts,
};
process.stdout.write(JSON.stringify(measured));

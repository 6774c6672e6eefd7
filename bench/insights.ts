// Rows per second of our Logs Insights engine against DuckDB, on one file of audit lines, in one run, each on one core:
//   node bench/insights.ts [--mb 1000] [--rounds 3] [--duckdb FOLDER]
// DuckDB is the package @duckdb/node-api; FOLDER is one whose node_modules holds it. Without it only our own figures are printed.
import { createReadStream, createWriteStream, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import type { Io } from '../cli/io.ts';
import { runOnFiles } from '../cli/query/local-run.ts';
import { type BenchQuery, QUERIES } from './insights-queries.ts';

const HERE = import.meta.dirname;
/** Lines above this are left out: three of them are 60% of the sample's bytes, and the figure would be that of three lines. */
const MAX_LINE = 100_000;

/** The part of DuckDB's client that is used. */
interface DuckDb {
  runAndReadAll(sql: string): Promise<{ getRows(): unknown[][] }>;
}

interface Timed {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly rows: unknown[][];
}

async function timed(work: () => Promise<unknown[][]>): Promise<Timed> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const rows = await work();
  const used = process.cpuUsage(cpu);
  return { wallMs: performance.now() - start, cpuMs: (used.user + used.system) / 1000, rows };
}

/** Writes the sample's lines again and again, each with an auditID of its own, until the file has its size. */
async function makeFile(megabytes: number): Promise<string> {
  const path = join(HERE, 'out', `audit-${megabytes}.ndjson`);
  if (existsSync(path) && statSync(path).size >= megabytes * 1e6) return path;
  mkdirSync(join(HERE, 'out'), { recursive: true });
  const sample = gunzipSync(readFileSync(join(HERE, '../samples/control-plane/kube-apiserver-audit.log.gz'))).toString('utf8');
  const lines = sample.split('\n').filter((line) => line !== '' && line.length < MAX_LINE);
  const out = createWriteStream(path);
  let written = 0;
  for (let round = 0; written < megabytes * 1e6; round++) {
    const tag = round.toString(16).padStart(8, '0');
    const text = `${lines.map((line) => line.replace(/"auditID":"[0-9a-f]{8}/, `"auditID":"${tag}`)).join('\n')}\n`;
    written += Buffer.byteLength(text);
    if (!out.write(text)) await new Promise<void>((done) => out.once('drain', () => done()));
  }
  await new Promise<void>((done) => out.end(() => done()));
  return path;
}

async function connectDuckDb(folder: string | undefined): Promise<DuckDb | undefined> {
  const require = createRequire(folder === undefined ? import.meta.url : resolve(folder, 'package.json'));
  try {
    const { DuckDBInstance } = require('@duckdb/node-api') as {
      DuckDBInstance: { create(path: string, options: object): Promise<{ connect(): Promise<DuckDb> }> };
    };
    return await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  } catch {
    return undefined;
  }
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

/** Numbers and texts of the first rows, to see that both engines answer the same. */
function fingerprint(rows: unknown[][]): string {
  return JSON.stringify(rows.slice(0, 3).map((row) => row.map((cell) => String(cell ?? '').slice(0, 19))));
}

async function compare(query: BenchQuery, path: string, duck: DuckDb | undefined, rounds: number): Promise<void> {
  const bytes = statSync(path).size;
  const best = { ours: undefined as Timed | undefined, duck: undefined as Timed | undefined };
  // In turns, so that a busy moment of the machine hits both.
  for (let round = 0; round < rounds; round++) {
    const ours = await timed(async () => (await runOnFiles(query.insights, [path], {}, quiet)).result.rows as unknown[][]);
    if (!best.ours || ours.wallMs < best.ours.wallMs) best.ours = ours;
    if (!duck) continue;
    const theirs = await timed(async () => (await duck.runAndReadAll(query.sql(path))).getRows());
    if (!best.duck || theirs.wallMs < best.duck.wallMs) best.duck = theirs;
  }
  const show = (name: string, result: Timed) =>
    `  ${name.padEnd(8)} ${(bytes / 1e3 / result.wallMs).toFixed(0).padStart(6)} MB/s  wall ${result.wallMs.toFixed(0).padStart(6)} ms  cpu ${result.cpuMs.toFixed(0).padStart(6)} ms`;
  process.stdout.write(`${query.name}\n${show('ours', best.ours as Timed)}\n`);
  if (!best.duck) return;
  const same = fingerprint((best.ours as Timed).rows) === fingerprint(best.duck.rows);
  process.stdout.write(
    `${show('DuckDB', best.duck)}\n  ratio    ${(best.duck.wallMs / (best.ours as Timed).wallMs).toFixed(2)} by wall, ${(best.duck.cpuMs / (best.ours as Timed).cpuMs).toFixed(2)} by cpu; answers ${same ? 'agree' : `DIFFER: ${fingerprint((best.ours as Timed).rows)} ${fingerprint(best.duck.rows)}`}\n`,
  );
}

const { values } = parseArgs({
  options: { mb: { type: 'string', default: '1000' }, rounds: { type: 'string', default: '3' }, duckdb: { type: 'string' } },
});
const path = await makeFile(Number(values.mb));
// Read once, so that both find the file in the page cache.
for await (const _chunk of createReadStream(path, { highWaterMark: 1 << 22 })) void _chunk;
const duck = await connectDuckDb(values.duckdb);
if (!duck) process.stdout.write('@duckdb/node-api is not installed (see --duckdb): our own figures only\n');
for (const query of QUERIES) await compare(query, path, duck, Number(values.rounds));
process.stdout.write(`memory    ${(process.resourceUsage().maxRSS / 1000).toFixed(0)} MB at most\n`);

// Rows per second of our Logs Insights engine against DuckDB, on one file of audit lines, in one run:
//   node bench/insights.ts [--size 1GB] [--rounds 3] [--query TEXT] [--no-duckdb]
// The file is made of the samples' lines (bench/out/, kept for the next run). Each answer comes from a process of its own, ours and DuckDB's in turns; what
// counts is the CPU time of the query in its process, all threads together, so that a busy machine or a second core changes little. DuckDB (a pinned
// development dependency, some 70 MB) runs with threads=1. All rows of both answers are compared. Exits 1 where they differ.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { type BenchQuery, QUERIES } from './insights-queries.ts';
import type { EngineName, Measured } from './insights-worker.ts';

const HERE = import.meta.dirname;
/** Lines above this are left out: three of them are 60% of the sample's bytes, and the figure would be that of three lines. */
const MAX_LINE = 100_000;
const UNITS: { readonly [unit: string]: number } = { '': 1, kb: 1e3, mb: 1e6, gb: 1e9 };

function readSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([kmg]b)?$/i.exec(text);
  if (!match) throw new Error(`--size ${text}: write 300MB or 1GB`);
  return Number(match[1]) * (UNITS[(match[2] ?? '').toLowerCase()] as number);
}

function tell(text: string): void {
  process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${text}` : text === '' ? '' : `${text}\n`);
}

/** Writes the sample's lines again and again, each with an auditID of its own, until the file has its size. */
async function makeFile(bytes: number): Promise<string> {
  const path = join(HERE, 'out', `audit-${Math.round(bytes / 1e6)}MB.ndjson`);
  if (existsSync(path)) return path;
  mkdirSync(join(HERE, 'out'), { recursive: true });
  const sample = gunzipSync(readFileSync(join(HERE, '../samples/control-plane/kube-apiserver-audit.log.gz'))).toString('utf8');
  const lines = sample.split('\n').filter((line) => line !== '' && line.length < MAX_LINE);
  const out = createWriteStream(`${path}.part`);
  let written = 0;
  for (let round = 0; written < bytes; round++) {
    const tag = round.toString(16).padStart(8, '0');
    const text = `${lines.map((line) => line.replace(/"auditID":"[0-9a-f]{8}/, `"auditID":"${tag}`)).join('\n')}\n`;
    written += Buffer.byteLength(text);
    if (!out.write(text)) await once(out, 'drain');
    if (round % 10 === 0) tell(`writing ${path}: ${(written / 1e6).toFixed(0)} of ${(bytes / 1e6).toFixed(0)} MB`);
  }
  out.end();
  await once(out, 'finish');
  renameSync(`${path}.part`, path);
  tell('');
  return path;
}

const run = promisify(execFile);

async function measure(engine: EngineName, query: BenchQuery, path: string): Promise<Measured> {
  const args = ['--no-warnings', join(HERE, 'insights-worker.ts'), engine, String(QUERIES.indexOf(query)), path];
  const { stdout } = await run(process.execPath, args, { maxBuffer: 1 << 28 });
  return JSON.parse(stdout) as Measured;
}

function better(a: Measured | undefined, b: Measured): Measured {
  return a !== undefined && a.cpuMs <= b.cpuMs ? a : b;
}

async function compare(query: BenchQuery, path: string, engines: readonly EngineName[], rounds: number): Promise<boolean> {
  const best: { [name in EngineName]?: Measured } = {};
  for (let round = 1; round <= rounds; round++)
    for (const engine of engines) {
      tell(`${query.name}: ${engine}, round ${round} of ${rounds}`);
      best[engine] = better(best[engine], await measure(engine, query, path));
    }
  tell('');
  const { ours, duckdb } = best as { ours: Measured; duckdb?: Measured };
  const megabytes = statSync(path).size / 1e6;
  const show = (name: string, { cpuMs, wallMs, maxRssBytes }: Measured) =>
    `  ${name.padEnd(8)}${(ours.events / cpuMs).toFixed(0).padStart(6)} k rows/s ${((megabytes * 1000) / cpuMs).toFixed(0).padStart(6)} MB/s   cpu ${cpuMs.toFixed(0).padStart(6)} ms   wall ${wallMs.toFixed(0).padStart(6)} ms   memory ${(maxRssBytes / 1e6).toFixed(0).padStart(5)} MB\n`;
  process.stdout.write(`${query.name}\n${show('ours', ours)}`);
  if (!duckdb) return true;
  const agree = JSON.stringify(ours.rows) === JSON.stringify(duckdb.rows);
  const verdict = agree
    ? `${ours.rows.length} rows agree`
    : `ANSWERS DIFFER:\n    ${JSON.stringify(ours.rows).slice(0, 400)}\n    ${JSON.stringify(duckdb.rows).slice(0, 400)}`;
  process.stdout.write(`${show('DuckDB', duckdb)}  ratio   ${(duckdb.cpuMs / ours.cpuMs).toFixed(2)} by cpu; ${verdict}\n`);
  return agree;
}

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '1GB' },
    rounds: { type: 'string', default: '3' },
    query: { type: 'string', default: '' },
    'no-duckdb': { type: 'boolean', default: false },
  },
});
const path = await makeFile(readSize(values.size));
// Read once, so that all find the file in the page cache.
for await (const _chunk of createReadStream(path, { highWaterMark: 1 << 22 })) void _chunk;
process.stdout.write(`${path}: ${(statSync(path).size / 1e6).toFixed(0)} MB\n`);
const engines: readonly EngineName[] = values['no-duckdb'] ? ['ours'] : ['ours', 'duckdb'];
for (const query of QUERIES.filter(({ name }) => name.includes(values.query)))
  if (!(await compare(query, path, engines, Number(values.rounds)))) process.exitCode = 1;

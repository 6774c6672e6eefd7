// npm run bench: the transform against the ordinary design and AWS's blueprint, in one run, by process CPU time; then cold start and memory.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { makePayload, PAYLOAD_KINDS } from './payloads.ts';
import { BENCH_RULES } from './rules.ts';
import type { WorkerResult, WorkerTask } from './worker.ts';

const REPETITIONS = 3;
const CONTENDERS = [
  { title: 'reference', module: './reference.ts', name: 'reference' },
  { title: 'blueprint', module: './blueprint.ts', name: 'blueprint' },
  { title: 'ours', module: './out/adapter.mjs', name: 'transform' },
] as const;

const here = fileURLToPath(new URL('.', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'eks-telemetry-bench-'));
try {
  execFileSync(process.execPath, [join(here, 'adapter.ts')]);
  transforms();
  memory();
  coldStart();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Each repetition runs all contenders in fresh processes, one after another; ratios are taken inside a repetition. */
function transforms(): void {
  console.log('| payload (256 KB gzip) | events | reference MB/s | blueprint MB/s | ours MB/s | ours / reference |');
  console.log('|---|---:|---:|---:|---:|---:|');
  for (const kind of PAYLOAD_KINDS) {
    const { base64, unpackedBytes, events } = makePayload(kind, 256 * 1024);
    const payload = join(folder, kind);
    writeFileSync(payload, base64);
    const rates = CONTENDERS.map((): number[] => []);
    const ratios: number[] = [];
    for (let repetition = 0; repetition < REPETITIONS; repetition++) {
      const results = CONTENDERS.map(({ module, name }) => measure({ module, name, payload, warmUps: 12, rounds: 15 }));
      for (const [contender, { cpuMs }] of results.entries()) rates[contender]?.push(unpackedBytes / 1000 / cpuMs);
      ratios.push((results[0]?.cpuMs ?? Number.NaN) / (results[2]?.cpuMs ?? Number.NaN));
    }
    const cells = rates.map((rate) => median(rate).toFixed(0));
    console.log(`| ${kind} | ${events} | ${cells.join(' | ')} | ${median(ratios).toFixed(2)} |`);
  }
}

function memory(): void {
  const { base64, unpackedBytes } = makePayload('audit', 1024 * 1024);
  const payload = join(folder, 'large');
  writeFileSync(payload, base64);
  const { maxRssMb } = measure({ module: './out/adapter.mjs', name: 'transform', payload, warmUps: 1, rounds: 3 });
  console.log(
    `\n1 MB gzip of audit events, ${(unpackedBytes / 1e6).toFixed(1)} MB of text: ${maxRssMb.toFixed(0)} MB largest resident set`,
  );
}

/** CPU time of `require` of the function's bundle in a fresh process, as Lambda's init does it. */
function coldStart(): void {
  const outfile = join(folder, 'index.js');
  buildSync({
    entryPoints: [join(here, '../lambdas/log-indexer.ts')],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
  });
  writeFileSync(join(folder, 'rules.json'), JSON.stringify(BENCH_RULES));
  const script = `const c = process.cpuUsage(); require(${JSON.stringify(outfile)}); const u = process.cpuUsage(c); console.log((u.user + u.system) / 1000);`;
  const environment = {
    PATH: process.env['PATH'] ?? '',
    LAMBDA_TASK_ROOT: folder,
    SEARCH_ENDPOINT: 'https://search.example.com',
    DEAD_LETTER_BUCKET: 'dead-letters',
    ACCOUNT_ID: '111122223333',
    BULK_MAX_BYTES: '5242880',
    BULK_MAX_DOCUMENTS: '5000',
    BULK_GZIP: '0',
    METRIC_NAMESPACE: 'EksTelemetry',
    SOURCE_ROUTE: 'direct',
    AWS_REGION: 'us-east-1',
    AWS_LAMBDA_FUNCTION_NAME: 'log-indexer',
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example',
  };
  const runs = Array.from({ length: 9 }, () =>
    Number(execFileSync(process.execPath, ['-e', script], { env: environment, encoding: 'utf8' })),
  );
  console.log(`log-indexer's init: ${median(runs).toFixed(0)} ms CPU (${Math.min(...runs).toFixed(0)} to ${Math.max(...runs).toFixed(0)})`);
}

function measure(task: WorkerTask): WorkerResult {
  return JSON.parse(execFileSync(process.execPath, [join(here, 'worker.ts'), JSON.stringify(task)], { encoding: 'utf8' })) as WorkerResult;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] as number;
}

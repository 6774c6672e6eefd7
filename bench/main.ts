// npm run bench: what the functions cost beside the ordinary design and AWS's blueprint, in one run.
//   npm run bench -- [--only transform|init|memory|ingest] [--repetitions N] [--json]
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureIngest } from './parts/ingest.ts';
import { measureInit } from './parts/init.ts';
import { measureMemory } from './parts/memory.ts';
import { type Part, type PartContext, printTable } from './parts/part.ts';
import { measureTransform } from './parts/transform.ts';

const PARTS: { readonly [name: string]: Part } = {
  transform: measureTransform,
  init: measureInit,
  memory: measureMemory,
  ingest: measureIngest,
};

const USAGE = `usage: npm run bench -- [--only ${Object.keys(PARTS).join('|')}] [--repetitions N] [--json]\n`;

function readOptions(): { readonly names: readonly string[]; readonly repetitions: number; readonly json: boolean } | undefined {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string', multiple: true },
        repetitions: { type: 'string', default: '5' },
        json: { type: 'boolean', default: false },
      },
    });
    const names = values.only ?? Object.keys(PARTS);
    const repetitions = Number(values.repetitions);
    if (!names.every((name) => PARTS[name]) || !Number.isInteger(repetitions) || repetitions < 1) return undefined;
    return { names, repetitions, json: values.json };
  } catch {
    return undefined;
  }
}

async function main(): Promise<number> {
  const options = readOptions();
  if (!options) {
    process.stderr.write(USAGE);
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), 'eks-telemetry-bench-'));
  const tell = (what: string): void => void process.stderr.write(`${what}\n`);
  const context: PartContext = { folder, repetitions: options.repetitions, tell };
  // A busy machine makes every figure worse and the ratios less certain: the reader must know.
  const machine = `Node ${process.versions.node}, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)} at the start`;
  const results: { [part: string]: unknown } = { machine };
  try {
    if (!options.json) console.log(machine);
    for (const name of options.names) {
      const began = performance.now();
      const result = await (PARTS[name] as Part)(context);
      tell(`${name}: ${((performance.now() - began) / 1000).toFixed(0)} s`);
      results[name] = 'skipped' in result ? result : result.rows;
      if (options.json) continue;
      if ('skipped' in result) console.log(`\n${name} was not measured: ${result.skipped}`);
      else printTable(result);
    }
    if (options.json) console.log(JSON.stringify(results));
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main();

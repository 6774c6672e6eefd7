// npm run bench: what the functions cost beside the ordinary design and AWS's blueprint, in one run of a few minutes.
//   npm run bench -- [--only transform|alb|firehose|alb-memory|init|memory|ingest|bodies] [--repetitions N] [--json]
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureAlb } from './parts/alb.ts';
import { measureAlbMemory } from './parts/alb-memory.ts';
import { measureFirehose } from './parts/firehose.ts';
import { measureBodies, measureIngest } from './parts/ingest.ts';
import { measureInit } from './parts/init.ts';
import { measureMemory } from './parts/memory.ts';
import { type Part, type PartContext, type PartResult, printTable } from './parts/part.ts';
import { measureTransform } from './parts/transform.ts';

/** A part and the seconds that it may take: those of `npm run bench` together some eight minutes. */
interface Planned {
  readonly measure: Part;
  readonly seconds: number;
  /** Only where it is asked for by name. */
  readonly isExtra?: boolean;
}

const PARTS: { readonly [name: string]: Planned } = {
  transform: { measure: measureTransform, seconds: 150 },
  alb: { measure: measureAlb, seconds: 60 },
  firehose: { measure: measureFirehose, seconds: 45 },
  'alb-memory': { measure: measureAlbMemory, seconds: 200, isExtra: true },
  init: { measure: measureInit, seconds: 45 },
  memory: { measure: measureMemory, seconds: 90 },
  ingest: { measure: measureIngest, seconds: 100 },
  bodies: { measure: measureBodies, seconds: 100, isExtra: true },
};
/** What a part may take above its seconds before it is ended: a machine that becomes busy, the engine's end. */
const GRACE_SECONDS = 18;
/** How long processes and folders may take to go after a Ctrl-C, ms. */
const END_PATIENCE_MS = 5_000;

const USAGE = `usage: npm run bench -- [--only ${Object.keys(PARTS).join('|')}] [--repetitions N] [--json]\n`;

interface Options {
  readonly names: readonly string[];
  readonly repetitions: number;
  readonly json: boolean;
}

function readOptions(): Options | undefined {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string', multiple: true },
        repetitions: { type: 'string', default: '5' },
        json: { type: 'boolean', default: false },
      },
    });
    const names = values.only ?? Object.keys(PARTS).filter((name) => !PARTS[name]?.isExtra);
    const repetitions = Number(values.repetitions);
    if (!names.every((name) => PARTS[name]) || !Number.isInteger(repetitions) || repetitions < 1) return undefined;
    return { names, repetitions, json: values.json };
  } catch {
    return undefined;
  }
}

/** Aborted by the first Ctrl-C; the second one, or what does not end in time, ends the process at once. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130);
      process.stderr.write('\nending: processes, engine, temporary files\n');
      setTimeout(() => process.exit(130), END_PATIENCE_MS).unref();
      controller.abort();
    });
  }
  return controller.signal;
}

async function measure(planned: Planned, common: Omit<PartContext, 'leftMs'>): Promise<PartResult> {
  const began = performance.now();
  const tooLong = AbortSignal.timeout((planned.seconds + GRACE_SECONDS) * 1000);
  const signal = AbortSignal.any([common.signal, tooLong]);
  try {
    return await planned.measure({ ...common, signal, leftMs: () => began + planned.seconds * 1000 - performance.now() });
  } catch (error) {
    // What is wrong is the machine, not the part: the others can still be measured.
    if (tooLong.aborted && !common.signal.aborted) return { skipped: `it took more than ${planned.seconds + GRACE_SECONDS} s` };
    throw error;
  }
}

async function run(options: Options, interrupted: AbortSignal): Promise<void> {
  const began = performance.now();
  const seconds = (): string => ((performance.now() - began) / 1000).toFixed(0);
  const folder = mkdtempSync(join(tmpdir(), 'eks-telemetry-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  // A busy machine makes every figure worse and the ratios less certain: the reader must know.
  const machine = `Node ${process.versions.node}, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)} at the start`;
  const results: { [part: string]: unknown } = { machine };
  if (!options.json) console.log(machine);
  for (const name of options.names) {
    const tell = (what: string): void => void process.stderr.write(`${seconds().padStart(4)} s  ${name}: ${what}\n`);
    const { repetitions } = options;
    const result = await measure(PARTS[name] as Planned, { folder, repetitions, signal: interrupted, tell });
    results[name] = 'skipped' in result ? result : result.rows;
    if (options.json) continue;
    if ('skipped' in result) console.log(`\n${name} was not measured: ${result.skipped}`);
    else printTable(result);
  }
  if (options.json) console.log(JSON.stringify(results));
  process.stderr.write(`${seconds().padStart(4)} s  done\n`);
}

async function main(): Promise<number> {
  const options = readOptions();
  if (!options) {
    process.stderr.write(USAGE);
    return 2;
  }
  const interrupted = interruption();
  try {
    await run(options, interrupted);
    return 0;
  } catch (error) {
    // A Ctrl-C ends the children as well, and their end may be heard of first.
    await new Promise((resolve) => setTimeout(resolve, 200));
    if (interrupted.aborted) return 130;
    throw error;
  }
}

process.exit(await main());

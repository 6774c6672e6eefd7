import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What a worker is asked for, as JSON in its first argument. */
export interface WorkerTask {
  /** Module and the exported function to measure, relative to this folder. */
  readonly module: string;
  readonly name: string;
  /** File with the payload's base64 text. */
  readonly payload: string;
  readonly warmUps: number;
  readonly rounds: number;
}

/** What it answers on stdout, as JSON. */
export interface WorkerResult {
  /** Process CPU time (user and system, all threads) per call: median of the rounds, in ms. */
  readonly cpuMs: number;
  readonly documents: number;
  readonly bulkBytes: number;
  /** Largest resident set of the process so far, in MB. */
  readonly maxRssMb: number;
}

type Measured = (data: string) => { readonly bulk: string | Uint8Array; readonly count: number };

/** Runs the function in this fresh process and measures it by the process's own CPU time: other work on the machine counts little. */
async function main(task: WorkerTask): Promise<WorkerResult> {
  const module = (await import(new URL(task.module, import.meta.url).href)) as { readonly [name: string]: Measured };
  const measured = module[task.name] as Measured;
  const data = readFileSync(task.payload, 'utf8');
  let last = measured(data);
  for (let i = 1; i < task.warmUps; i++) last = measured(data);
  const times: number[] = [];
  for (let i = 0; i < task.rounds; i++) {
    const before = process.cpuUsage();
    last = measured(data);
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  times.sort((a, b) => a - b);
  return {
    cpuMs: times[times.length >> 1] as number,
    documents: last.count,
    bulkBytes: typeof last.bulk === 'string' ? Buffer.byteLength(last.bulk) : last.bulk.length,
    maxRssMb: process.resourceUsage().maxRSS / 1024,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(JSON.stringify(await main(JSON.parse(process.argv[2] as string) as WorkerTask)));
}

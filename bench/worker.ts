import { readFileSync } from 'node:fs';

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
  /** Process CPU time (user and system, all threads, garbage collection included) per call: the mean over the rounds, in ms. */
  readonly cpuMs: number;
}

type Measured = (data: string) => { readonly bulk: string | Uint8Array; readonly count: number };

/** Runs the function in this fresh process and measures it by the process's own CPU time: other work on the machine counts little. */
async function main(task: WorkerTask): Promise<WorkerResult> {
  const module = (await import(new URL(task.module, import.meta.url).href)) as { readonly [name: string]: Measured };
  const measured = module[task.name] as Measured;
  const data = readFileSync(task.payload, 'utf8');
  const { count } = measured(data);
  for (let i = 1; i < task.warmUps; i++) measured(data);
  const before = process.cpuUsage();
  for (let i = 0; i < task.rounds; i++) {
    // Used, so that no engine may leave the work out.
    if (measured(data).count !== count) throw new Error(`${task.name} is not a function of the payload`);
  }
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1000 / task.rounds };
}

process.stdout.write(JSON.stringify(await main(JSON.parse(process.argv[2] as string) as WorkerTask)));

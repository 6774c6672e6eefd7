import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** What a worker is asked for, as JSON in its first argument. */
export interface AlbTask {
  /** Module and exported function, relative to this folder. */
  readonly module: string;
  readonly name: string;
  /** A file of lines, gzipped. */
  readonly file: string;
  /** Whether the function gets the file, or each of its lines. */
  readonly takes: 'file' | 'lines';
  readonly warmUps: number;
  readonly rounds: number;
}

/** Runs the function in this fresh process; answers with its CPU time per file in ms. */
async function main(task: AlbTask): Promise<{ readonly cpuMs: number }> {
  const module = (await import(new URL(task.module, import.meta.url).href)) as {
    readonly [name: string]: (input: Buffer | string) => unknown;
  };
  const measured = module[task.name] as (input: Buffer | string) => unknown;
  const gzip = readFileSync(task.file);
  // Lines are slices of the file's text, as they are wherever a file is read.
  const lines = gunzipSync(gzip).toString('latin1').split('\n').slice(0, -1);
  const once = (): void => {
    if (task.takes === 'file') {
      const { count } = measured(gzip) as { readonly count: number };
      if (count !== lines.length) throw new Error(`${task.name} made ${count} documents of ${lines.length} lines`);
      return;
    }
    for (const line of lines) if (measured(line) === null) throw new Error(`${task.name} read no line of ${line}`);
  };
  for (let i = 0; i < task.warmUps; i++) once();
  const before = process.cpuUsage();
  for (let i = 0; i < task.rounds; i++) once();
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1000 / task.rounds };
}

process.stdout.write(JSON.stringify(await main(JSON.parse(process.argv[2] as string) as AlbTask)));

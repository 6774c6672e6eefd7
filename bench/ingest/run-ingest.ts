import { join } from 'node:path';
import { runNode } from '../run-node.ts';
import type { IngestResult, IngestTask } from './sender.ts';

/** How the process of an ingest is run. */
export interface IngestRun {
  readonly signal: AbortSignal;
  /** Options of Node, such as a limit of its heap. */
  readonly nodeOptions?: readonly string[];
}

/** Runs one ingest in a fresh process. */
export async function runIngest(task: IngestTask, { signal, nodeOptions = [] }: IngestRun): Promise<IngestResult> {
  const stdout = await runNode([...nodeOptions, join(import.meta.dirname, 'worker.ts'), JSON.stringify(task)], { signal });
  return JSON.parse(stdout) as IngestResult;
}

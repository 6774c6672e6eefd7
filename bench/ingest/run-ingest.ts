import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { IngestResult, IngestTask } from './sender.ts';

/** Runs one ingest in a fresh process. */
export async function runIngest(task: IngestTask): Promise<IngestResult> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'worker.ts'), JSON.stringify(task)]);
  return JSON.parse(stdout) as IngestResult;
}

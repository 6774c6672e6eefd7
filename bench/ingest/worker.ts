// Sends payloads in a process of its own and says what it took. Started by run-ingest.ts.
import { readFileSync } from 'node:fs';
import { logIndexer } from './log-indexer.ts';
import { bulkHelper, byHand } from './ordinary.ts';
import type { IngestResult, IngestTask } from './sender.ts';

const SENDERS = { 'log-indexer': logIndexer, client: bulkHelper, 'by-hand': byHand };
/** Linux counts a process's CPU time in hundredths of a second. */
const MS_PER_TICK = 10;

/** User and system time of another process, from Linux's /proc; undefined elsewhere. */
function cpuMsOf(pid: number | undefined): number | undefined {
  if (pid === undefined) return undefined;
  try {
    // Behind the name in brackets, which may hold blanks: user and system time are fields 14 and 15 of the whole line.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
  } catch {
    return undefined;
  }
}

async function main(task: IngestTask): Promise<IngestResult> {
  const send = SENDERS[task.sender](task);
  const payloads = task.payloads.map((file) => readFileSync(file, 'utf8'));
  if (task.warmUps > 0) await send(payloads.slice(0, task.warmUps));
  const engineBefore = cpuMsOf(task.enginePid);
  const before = process.cpuUsage();
  const began = performance.now();
  const sent = await send(payloads.slice(task.warmUps));
  const wallMs = performance.now() - began;
  const { user, system } = process.cpuUsage(before);
  const engineAfter = cpuMsOf(task.enginePid);
  return {
    ...sent,
    wallMs,
    cpuMs: (user + system) / 1000,
    engineCpuMs: engineBefore === undefined || engineAfter === undefined ? 0 : engineAfter - engineBefore,
    maxRssMb: process.resourceUsage().maxRSS / 1024,
  };
}

main(JSON.parse(process.argv[2] as string) as IngestTask).then(
  (result) => {
    process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`, () => process.exit(1));
  },
);

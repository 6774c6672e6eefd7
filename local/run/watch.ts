import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { containerStream } from '../../lambdas/events/fluent-bit.ts';
import { anyTime } from '../feed/event-time.ts';
import { inputIdentity } from '../feed/input-identity.ts';
import { groupsOf } from '../feed/sources.ts';
import { clusterNames } from './clusters.ts';
import { INPUT_NAME, lineEvent } from './input.ts';
import type { LocalRun } from './run.ts';

/** How often the files are looked at, ms of machine time. */
const POLL_MS = 500;
/** Most bytes read of a file at a time. */
const CHUNK_BYTES = 1024 * 1024;

interface Watched {
  readonly file: string;
  readonly decoder: StringDecoder;
  position: number;
  /** The beginning of a line whose end is not written yet. */
  rest: string;
}

/** Follows the user's files: lines that are appended are delivered like the others. Compressed files are not followed: they do not grow. */
export function watchInputs(run: LocalRun, files: readonly string[]): { stop(): Promise<void> } {
  const begunMs = performance.now();
  const runMs = run.wired?.clock.now() ?? 0;
  const watched = files
    .filter((file) => !file.endsWith('.gz'))
    .map((file) => ({ file, decoder: new StringDecoder('utf8'), position: sizeOf(file), rest: '' }));
  const timeOf = anyTime(new Date(runMs).getUTCFullYear());
  const [cluster = ''] = run.wired ? clusterNames(run.wired) : [];
  run.watch();
  let isStopped = false;
  let last: Promise<void> = Promise.resolve();
  const look = async (): Promise<void> => {
    for (const one of watched) {
      const lines = appendedLines(one);
      if (lines.length === 0) continue;
      const nowMs = Math.round(runMs + performance.now() - begunMs);
      run.wired?.clock.moveTo(nowMs);
      const identity = inputIdentity(one.file, INPUT_NAME, INPUT_NAME);
      // A line that was written now may carry any time; what CloudWatch would refuse for its time gets the run's.
      const events = lines.map((line) => {
        const own = timeOf(line);
        return lineEvent(line, own !== undefined && Math.abs(own - nowMs) < 3_600_000 ? own : nowMs, identity);
      });
      await run.deliver(groupsOf(cluster).application, containerStream(identity), events);
    }
  };
  const timer = setInterval(() => {
    last = last
      .then(() => (isStopped ? undefined : look()))
      .catch((error: unknown) => {
        process.stderr.write(`watching: ${error instanceof Error ? error.message : String(error)}\n`);
      });
  }, POLL_MS);
  return {
    stop: async () => {
      isStopped = true;
      clearInterval(timer);
      await last;
    },
  };
}

/** Whole lines that were appended since the last look. A file that became shorter was rotated: it is read from its start. */
function appendedLines(one: Watched): string[] {
  const size = sizeOf(one.file);
  if (size < one.position) {
    one.position = 0;
    one.rest = '';
  }
  if (size === one.position) return [];
  const descriptor = openSync(one.file, 'r');
  try {
    const chunk = Buffer.alloc(Math.min(size - one.position, CHUNK_BYTES));
    const bytes = readSync(descriptor, chunk, 0, chunk.length, one.position);
    one.position += bytes;
    const lines = (one.rest + one.decoder.write(chunk.subarray(0, bytes))).split('\n');
    one.rest = lines.pop() ?? '';
    return lines.filter((line) => line !== '');
  } finally {
    closeSync(descriptor);
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

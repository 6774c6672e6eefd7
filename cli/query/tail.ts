import { watch } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { formatProblem, placeOf, QueryError } from '../../lambdas/core/insights/problem.ts';
import type { CompiledQuery } from '../../lambdas/core/insights/run.ts';
import type { LogEvent } from '../../lambdas/core/insights/stage.ts';
import type { Answer } from './render.ts';

/** Commands that need all events before they can say anything: they cannot follow a log. */
const GATHERING = ['stats', 'sort', 'limit', 'dedup', 'countFrequent', 'accum', 'autoregress', 'filldown', 'fillmissing', 'addtotals'];

/** Refuses a query that cannot be followed, with the place of the command. */
export function assertCanFollow(query: CompiledQuery, text: string): void {
  const command = query.query.commands.find((each) => GATHERING.includes(each.kind));
  if (!command) return;
  throw new QueryError([
    {
      severity: 'error',
      message: `"${command.kind}" needs all events, so it cannot follow a log`,
      hint: 'leave it out, or run without --tail',
      ...placeOf(text, command.at),
    },
  ]);
}

/** Runs a batch of new events and gives their rows, oldest first. */
export function followBatch(query: CompiledQuery, events: readonly LogEvent[]): Answer {
  const run = query.start();
  for (const event of events) run.push(event);
  const { columns, rows } = run.end();
  return { columns, rows: [...rows].reverse() };
}

const POLL_MS = 500;

/** Gives the lines that are added to files, as they come; a file that shrinks is read anew (it was rotated). */
export async function* followFiles(
  files: readonly string[],
  cwd: string,
  signal: AbortSignal,
): AsyncGenerator<{ readonly file: string; readonly lines: string[] }> {
  const positions = new Map<string, { offset: number; rest: string }>();
  for (const file of files) positions.set(file, { offset: (await stat(resolve(cwd, file))).size, rest: '' });
  while (!signal.aborted) {
    for (const [file, position] of positions) {
      const lines = await readNew(resolve(cwd, file), position);
      if (lines.length > 0) yield { file, lines };
    }
    await changed(
      files.map((file) => resolve(cwd, file)),
      signal,
    );
  }
}

async function readNew(path: string, position: { offset: number; rest: string }): Promise<string[]> {
  const handle = await open(path, 'r').catch(() => undefined);
  if (!handle) return [];
  try {
    const { size } = await handle.stat();
    if (size < position.offset) {
      position.offset = 0;
      position.rest = '';
    }
    const buffer = Buffer.alloc(Math.min(size - position.offset, 1 << 22));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position.offset);
    // Up to the last line feed: what follows may end inside of a character.
    const cut = buffer.subarray(0, bytesRead).lastIndexOf(10);
    if (cut < 0) return [];
    position.offset += cut + 1;
    return buffer
      .toString('utf8', 0, cut)
      .split('\n')
      .map((line) => line.replace(/\r$/, ''))
      .filter((line) => line !== '');
  } finally {
    await handle.close();
  }
}

/** Waits for a change of a file, at most half a second: some file systems do not tell. */
function changed(paths: readonly string[], signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const watchers = paths.flatMap((path) => {
      try {
        return [watch(path, finish)];
      } catch {
        return [];
      }
    });
    const timer = setTimeout(finish, POLL_MS);
    signal.addEventListener('abort', finish, { once: true });
    function finish(): void {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
      signal.removeEventListener('abort', finish);
      done();
    }
  });
}

/** All problems of a query, one a line, with the file's name and the places in it. */
export function describeProblems(error: QueryError, path: string): string {
  return error.problems.map((problem) => `${path}:${formatProblem(problem)}\n`).join('');
}

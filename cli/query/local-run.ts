import { createHash } from 'node:crypto';
import { type CompiledQuery, compileQuery, type QueryResult } from '../../lambdas/core/insights/run.ts';
import type { Io } from '../io.ts';
import { LineTimes } from './line-time.ts';
import { type EventSink, feedFile, totalBytes } from './local-events.ts';
import { Progress } from './progress.ts';
import { type StreamNames, streamOfFile } from './stream-names.ts';

/** A time range, milliseconds; `endMs` is included. */
export interface TimeRange {
  readonly startMs?: number;
  readonly endMs?: number;
}

/** What a run on files found. */
export interface LocalAnswer {
  readonly result: QueryResult;
  readonly bytes: number;
  readonly elapsedMs: number;
  /** Times of the earliest and the latest event, where times were looked at. */
  readonly firstMs: number | undefined;
  readonly lastMs: number | undefined;
}

/** Compiles a query for files: the clock, the range and the hash functions are the machine's. */
export function compileForFiles(text: string, range: TimeRange, nowMs: number, times: LineTimes): CompiledQuery {
  return compileQuery(text, {
    nowMs,
    ...range,
    timeOf: (event) => times.of(event),
    md5: (input) => createHash('md5').update(input).digest('hex'),
    sha256: (input) => createHash('sha256').update(input).digest('hex'),
  });
}

/** Runs a query over files, one after the other, in memory that does not grow with them. */
export async function runOnFiles(
  text: string,
  files: readonly string[],
  range: TimeRange,
  io: Io,
  nameOf: StreamNames = streamOfFile,
): Promise<LocalAnswer> {
  const started = io.now();
  const times = new LineTimes(started);
  const query = compileForFiles(text, range, started, times);
  const run = query.start();
  const progress = new Progress(io, await totalBytes(files, io.cwd));
  const { startMs = Number.NEGATIVE_INFINITY, endMs = Number.POSITIVE_INFINITY } = range;
  const hasRange = range.startMs !== undefined || range.endMs !== undefined;
  // A line without a time of its own has that of the line before: then every line's time is looked at, in order.
  const needsTime = hasRange || query.eventFields.has('@timestamp');
  let firstMs: number | undefined;
  let lastMs: number | undefined;
  let events = 0;
  let bytes = 0;
  for (const file of files) {
    times.reset();
    let open = true;
    const sink: EventSink = {
      needles: needsTime ? [] : query.needles,
      push(event) {
        events++;
        if (needsTime && event.timestampMs === undefined) {
          const ms = times.of(event);
          event.timestampMs = ms;
          open = see(ms) ? run.push(event) : true;
          // The reader uses the object again for the next line, which has its own time.
          event.timestampMs = undefined;
          return open;
        }
        open = see(event.timestampMs) ? run.push(event) : true;
        return open;
      },
      skip(count) {
        events += count;
        run.skip(count);
      },
      progress(more) {
        bytes += more;
        progress.show(bytes, events);
      },
    };
    await feedFile(file, io, sink, nameOf);
    if (!open) break;
  }
  progress.clear();
  return { result: run.end(), bytes, elapsedMs: io.now() - started, firstMs, lastMs };

  /** Whether an event lies in the range; one without any time does unless a range was asked for. */
  function see(ms: number | undefined): boolean {
    if (ms === undefined) return !hasRange;
    if (firstMs === undefined || ms < firstMs) firstMs = ms;
    if (lastMs === undefined || ms > lastMs) lastMs = ms;
    return ms >= startMs && ms <= endMs;
  }
}

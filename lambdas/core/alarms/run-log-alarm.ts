import { QueryError } from '../insights/problem.ts';
import { type CompiledQuery, compileQuery, type RunOptions } from '../insights/run.ts';
import type { LogEvent } from '../insights/stage.ts';
import { AGGREGATE_COLUMN, aggregatedQuery, parseAggregation } from './aggregation.ts';
import type { LogAlarm } from './definition.ts';
import type { LogGroupValue, LogResult } from './log-alarm.ts';

/** An event of a log group. */
export interface AlarmLogEvent {
  readonly timeMs: number;
  readonly message: string;
  readonly logStream: string;
  readonly logGroup: string;
}

/** Hash functions that queries may call. */
export type QueryHashes = Pick<RunOptions, 'md5' | 'sha256'>;

/** Runs a log alarm's query at a time over the events of its range. A query that cannot run here is a failed run with the reason. */
export function runLogAlarm(alarm: LogAlarm, events: Iterable<AlarmLogEvent>, nowMs: number, hashes: QueryHashes = {}): LogResult {
  const parsed = parseAggregation(alarm.aggregation);
  if (!parsed.ok) return { ok: false, atMs: nowMs, reason: parsed.reason };
  const startMs = nowMs - alarm.startOffsetSeconds * 1000;
  const endMs = nowMs - alarm.endOffsetSeconds * 1000;
  let compiled: CompiledQuery;
  try {
    compiled = compileQuery(aggregatedQuery(alarm.query, parsed.aggregation), { nowMs, startMs, endMs, ...hashes });
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    return { ok: false, atMs: nowMs, reason: error.message };
  }
  const run = compiled.start();
  for (const event of events) {
    if (event.timeMs < startMs || event.timeMs >= endMs || !alarm.logGroups.includes(event.logGroup)) continue;
    if (!run.push(logEventOf(event))) break;
  }
  const { columns, rows } = run.end();
  const names = columns.map(({ name }) => name);
  const at = names.indexOf(AGGREGATE_COLUMN);
  const values = rows.flatMap((row): LogGroupValue[] => {
    const value = Number(row[at]);
    if (row[at] === undefined || !Number.isFinite(value)) return [];
    const attributes = Object.fromEntries(
      names.flatMap((name, column) => (column === at ? [] : [[name, String(row[column] ?? '')] as const])),
    );
    return [{ attributes, value }];
  });
  return { ok: true, atMs: nowMs, values };
}

function logEventOf({ message, timeMs, logStream, logGroup }: AlarmLogEvent): LogEvent {
  return { text: message, start: 0, end: message.length, timestampMs: timeMs, ingestionMs: timeMs, logStream, log: logGroup, ptr: '' };
}

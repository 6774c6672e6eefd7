import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { MetricFilter } from '../../lambdas/core/filter-pattern/metric-filter.ts';
import type { MatchOptions } from './options.ts';

/** An event of the input, as CloudWatch would show it. */
export interface MatchEvent {
  readonly message: string;
  /** Milliseconds since the epoch; absent where the input has no time of its own. */
  readonly timestamp?: number;
  readonly logStreamName?: string;
  readonly eventId?: string;
}

/** What came of all events. */
export interface MatchTotals {
  /** Events that match the pattern. */
  matched: number;
  /** Data points of the metric, with `--value`. */
  published: number;
  /** Matching events without a value. */
  withoutValue: number;
  /** Matching events whose value is no number. */
  notNumbers: number;
}

/** Characters that are collected before they are written: one write per line would be the slowest part of a large file. */
const CHUNK_CHARACTERS = 64 * 1024;

/** Matches every event and prints what the options ask for. */
export async function printMatches(
  batches: AsyncIterable<readonly MatchEvent[]>,
  options: MatchOptions,
  stdout: Writable,
): Promise<MatchTotals> {
  const totals: MatchTotals = { matched: 0, published: 0, withoutValue: 0, notNumbers: 0 };
  let chunk = '';
  for await (const events of batches) {
    for (const event of events) {
      const line = options.metric === undefined ? matchLine(event, options, totals) : valueLine(event, options.metric, options, totals);
      if (line !== undefined && !options.count) chunk += `${line}\n`;
    }
    if (chunk.length >= CHUNK_CHARACTERS) {
      await write(stdout, chunk);
      chunk = '';
    }
  }
  if (options.count) {
    const count = options.metric === undefined ? totals.matched : totals.published;
    chunk = options.json ? `${JSON.stringify({ count })}\n` : `${count}\n`;
  }
  if (chunk !== '') await write(stdout, chunk);
  return totals;
}

function matchLine(event: MatchEvent, { pattern, json }: MatchOptions, totals: MatchTotals): string | undefined {
  const matched = pattern.open(event.message);
  if (matched === undefined) return undefined;
  totals.matched++;
  if (!json) return event.message;
  return JSON.stringify(pattern.kind === 'space-delimited' ? { ...event, extractedFields: matched.extractedFields() } : event);
}

function valueLine(event: MatchEvent, metric: MetricFilter, { json }: MatchOptions, totals: MatchTotals): string | undefined {
  const outcome = metric.evaluate(event.message);
  if (outcome.kind === 'none') {
    if (outcome.reason === 'not-matched') return undefined;
    totals.matched++;
    if (outcome.reason === 'not-a-number') totals.notNumbers++;
    else totals.withoutValue++;
    return undefined;
  }
  totals.matched++;
  totals.published++;
  return json ? JSON.stringify({ value: outcome.value, ...event }) : String(outcome.value);
}

/** Whether the command found something: a matching event, with `--value` a data point. */
export function foundSome(totals: MatchTotals, { metric }: MatchOptions): boolean {
  return (metric === undefined ? totals.matched : totals.published) > 0;
}

async function write(stdout: Writable, text: string): Promise<void> {
  if (!stdout.write(text)) await once(stdout, 'drain');
}

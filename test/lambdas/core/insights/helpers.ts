import { compileQuery, type QueryResult, type RunOptions } from '../../../../lambdas/core/insights/run.ts';

export const NOW = Date.parse('2026-11-21T09:00:00Z');

/** An event for a test: an object becomes its JSON text; times count up by a second from 08:00:00. */
export type TestEvent = string | object;

/** Runs a query over events and gives its rows as objects, missing fields left out. */
export function ask(query: string, events: readonly TestEvent[], options: Partial<RunOptions> = {}): Record<string, unknown>[] {
  return toObjects(run(query, events, options));
}

export function run(query: string, events: readonly TestEvent[], options: Partial<RunOptions> = {}): QueryResult {
  const started = compileQuery(query, { nowMs: NOW, ...options }).start();
  events.forEach((event, i) => {
    const text = typeof event === 'string' ? event : JSON.stringify(event);
    started.push({
      text,
      start: 0,
      end: text.length,
      timestampMs: Date.parse('2026-11-21T08:00:00Z') + i * 1000,
      ingestionMs: NOW,
      logStream: 'web-1',
      log: '111122223333:/app',
      ptr: `p${i}`,
    });
  });
  return started.end();
}

export function toObjects({ columns, rows }: Pick<QueryResult, 'columns' | 'rows'>): Record<string, unknown>[] {
  return rows.map((row) => Object.fromEntries(columns.flatMap(({ name }, i) => (row[i] === undefined ? [] : [[name, row[i]]]))));
}

import type { JoinedRecord } from './record-queue.ts';

/** What `--stats` prints. */
export interface ParseStats {
  lines: number;
  records: number;
  bytes: number;
  failed: number;
  readonly formats: Map<string, number>;
  readonly levels: Map<string, number>;
  readonly reasons: Map<string, number>;
  /** The first record that failed for a reason: what a user wants to see next. */
  readonly examples: Map<string, string>;
}

/** Statistics with nothing in them. */
export function emptyStats(): ParseStats {
  return { lines: 0, records: 0, bytes: 0, failed: 0, formats: new Map(), levels: new Map(), reasons: new Map(), examples: new Map() };
}

/** Counts one record. */
export function countRecord(
  stats: ParseStats,
  record: JoinedRecord,
  outcome: { readonly format: string; readonly level: string | undefined } | { readonly reason: string },
): void {
  stats.lines += record.lines;
  stats.records++;
  stats.bytes += record.bytes;
  if ('reason' in outcome) {
    stats.failed++;
    add(stats.reasons, outcome.reason);
    if (!stats.examples.has(outcome.reason)) stats.examples.set(outcome.reason, record.text.slice(0, 120));
    return;
  }
  add(stats.formats, outcome.format);
  add(stats.levels, outcome.level ?? '(none)');
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** The statistics as a table for people; `elapsedMs` is the wall time of reading, parsing and writing. */
export function formatStats(stats: ParseStats, elapsedMs: number): string {
  const seconds = Math.max(elapsedMs, 1) / 1000;
  const rows: [string, string][] = [
    ['lines', number(stats.lines)],
    ['records', number(stats.records)],
    ['failed', number(stats.failed)],
    [
      'time',
      `${seconds.toFixed(2)} s: ${number(Math.round(stats.records / seconds))} records/s, ${(stats.bytes / 1e6 / seconds).toFixed(1)} MB/s`,
    ],
  ];
  const sections: [string, Map<string, number>][] = [
    ['format', stats.formats],
    ['level', stats.levels],
    ['failure', stats.reasons],
  ];
  for (const [title, counts] of sections) {
    for (const [key, count] of [...counts].sort((a, b) => b[1] - a[1])) rows.push([`${title} ${key}`, number(count)]);
  }
  const width = Math.max(...rows.map(([name]) => name.length));
  const digits = Math.max(...rows.filter(([name]) => name !== 'time').map(([, value]) => value.length));
  const lines = rows.map(([name, value]) => `  ${name.padEnd(width)}  ${name === 'time' ? value : value.padStart(digits)}`);
  for (const [reason, text] of stats.examples) lines.push(`  first ${reason}: ${JSON.stringify(text)}`);
  return `${lines.join('\n')}\n`;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { albLines } from '../alb-lines.ts';
import type { AlbTask } from '../alb-worker.ts';
import { runNode } from '../run-node.ts';
import { median, type Part, type Row, repeat, rounded } from './part.ts';

const LINES = 5_000;
const ROUNDS = { warmUps: 25, rounds: 30 };
const BENCH = join(import.meta.dirname, '..');

/** What is measured, and what it is a ratio of. */
const CONTENDERS = {
  reference: { module: './alb-reference.ts', name: 'albReference', takes: 'file' },
  ours: { module: './out/adapter.mjs', name: 'transformAlb', takes: 'file' },
  scanner: { module: './alb-reference.ts', name: 'scanAlbLine', takes: 'lines' },
  regex: { module: './alb-regex.ts', name: 'parseByRegex', takes: 'lines' },
  parse: { module: './out/adapter.mjs', name: 'parseAlb', takes: 'lines' },
} as const;
type Contender = keyof typeof CONTENDERS;

/** An ALB's access log file to `_bulk` body, and a line to an object, by process CPU time in fresh processes, one after another. */
export const measureAlb: Part = async (context) => {
  const { folder, repetitions, signal, tell } = context;
  await runNode([join(BENCH, 'adapter.ts')], { signal });
  const text = `${albLines(LINES).join('\n')}\n`;
  const file = join(folder, 'alb.log.gz');
  writeFileSync(file, gzipSync(text));
  const speeds: { [contender in Contender]: number[] } = { reference: [], ours: [], scanner: [], regex: [], parse: [] };
  const done = await repeat(context, repetitions, async (repetition) => {
    tell(repetition);
    for (const contender of Object.keys(CONTENDERS) as Contender[]) {
      const task: AlbTask = { ...CONTENDERS[contender], ...ROUNDS, file };
      const { cpuMs } = JSON.parse(await runNode([join(BENCH, 'alb-worker.ts'), JSON.stringify(task)], { signal })) as { cpuMs: number };
      speeds[contender].push(text.length / 1000 / cpuMs);
    }
  });
  const row = (what: string, contender: Contender, base: Contender): Row => {
    const ratios = speeds[contender].map((speed, at) => speed / (speeds[base][at] as number));
    return {
      what: what,
      'MB/s': rounded(median(speeds[contender])),
      ratio: rounded(median(ratios), 2),
      of: base,
      'least and most': `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`,
    };
  };
  return {
    title: `${LINES} lines of an ALB, MB of text per second of CPU time, median of ${done} repetitions`,
    rows: [
      row('file to bulk body: indexOf scanner, object, JSON.stringify', 'reference', 'reference'),
      row('file to bulk body: alb-indexer', 'ours', 'reference'),
      row('line to object: one regular expression', 'regex', 'regex'),
      row('line to object: indexOf scanner', 'scanner', 'regex'),
      row('line to object: parseAlb', 'parse', 'regex'),
    ],
  };
};

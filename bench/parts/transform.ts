import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makePayload, PAYLOAD_KINDS } from '../payloads.ts';
import type { WorkerResult, WorkerTask } from '../worker.ts';
import { median, type Part, type PartContext, type Row, rounded } from './part.ts';

const PAYLOAD_BYTES = 256 * 1024;
const ROUNDS = { warmUps: 15, rounds: 25 };
const REFERENCE = { module: './reference.ts', name: 'reference' };
const BLUEPRINT = { module: './blueprint.ts', name: 'blueprint' };
const OURS = { module: './out/adapter.mjs', name: 'transform' };
const BENCH = join(import.meta.dirname, '..');

/** Payload to `_bulk` body by process CPU time: the ordinary design, the blueprint and ours, one after another in fresh processes. */
export const measureTransform: Part = async (context) => {
  execFileSync(process.execPath, [join(BENCH, 'adapter.ts')]);
  const rows: Row[] = [];
  for (const kind of PAYLOAD_KINDS) rows.push(compare(kind, context));
  return { title: `Payload of ${PAYLOAD_BYTES / 1024} KB gzip to bulk body, MB of text per second of CPU time`, rows };
};

function compare(kind: (typeof PAYLOAD_KINDS)[number], { folder, repetitions, tell }: PartContext): Row {
  const { base64, unpackedBytes, events } = makePayload(kind, PAYLOAD_BYTES);
  const payload = join(folder, kind);
  writeFileSync(payload, base64);
  const speeds: { readonly reference: number; readonly blueprint: number; readonly ours: number }[] = [];
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    tell(`transform: ${kind}, ${repetition} of ${repetitions}`);
    const speedOf = (contender: { module: string; name: string }): number =>
      unpackedBytes / 1000 / measure({ ...contender, ...ROUNDS, payload }).cpuMs;
    speeds.push({ reference: speedOf(REFERENCE), blueprint: speedOf(BLUEPRINT), ours: speedOf(OURS) });
  }
  // The machine's speed changes from one minute to the next: ratios are taken inside of a repetition.
  const ratios = speeds.map(({ ours, reference }) => ours / reference);
  return {
    payload: kind,
    events,
    'reference MB/s': rounded(median(speeds.map(({ reference }) => reference))),
    'blueprint MB/s': rounded(median(speeds.map(({ blueprint }) => blueprint))),
    'ours MB/s': rounded(median(speeds.map(({ ours }) => ours))),
    'ours / reference': rounded(median(ratios), 2),
    'least and most': `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`,
  };
}

function measure(task: WorkerTask): WorkerResult {
  return JSON.parse(execFileSync(process.execPath, [join(BENCH, 'worker.ts'), JSON.stringify(task)], { encoding: 'utf8' })) as WorkerResult;
}

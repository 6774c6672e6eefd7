import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makePayload, PAYLOAD_KINDS, type PayloadKind } from '../payloads.ts';
import { runNode } from '../run-node.ts';
import type { WorkerResult, WorkerTask } from '../worker.ts';
import { median, type Part, type PartContext, type Row, repeat, rounded } from './part.ts';

const PAYLOAD_BYTES = 256 * 1024;
const ROUNDS = { warmUps: 30, rounds: 30 };
const FLOOR = { module: './firehose.ts', name: 'firehoseFloor' };
const OURS = { module: './out/adapter.mjs', name: 'transformFirehose' };
const BENCH = join(import.meta.dirname, '..');

interface Measured {
  readonly kind: PayloadKind;
  readonly payload: string;
  readonly unpackedBytes: number;
  readonly events: number;
  readonly speeds: { readonly floor: number; readonly ours: number }[];
}

/**
 * Payload to the answer for the archive, by process CPU time, against the floor: the messages alone, joined and made base64. Ours writes id, time, group,
 * stream and application of each event besides.
 */
export const measureFirehose: Part = async (context) => {
  const { folder, repetitions, signal, tell } = context;
  await runNode([join(BENCH, 'adapter.ts')], { signal });
  const kinds = PAYLOAD_KINDS.map((kind): Measured => {
    tell(`making the ${kind} payload`);
    const { base64, unpackedBytes, events } = makePayload(kind, PAYLOAD_BYTES);
    const payload = join(folder, `firehose-${kind}`);
    writeFileSync(payload, base64);
    return { kind, payload, unpackedBytes, events, speeds: [] };
  });
  const done = await repeat(context, repetitions, async (repetition) => {
    for (const { kind, payload, unpackedBytes, speeds } of kinds) {
      tell(`${kind}, ${repetition}`);
      const speedOf = async (contender: { module: string; name: string }): Promise<number> =>
        unpackedBytes / 1000 / (await measure({ ...contender, ...ROUNDS, payload }, context)).cpuMs;
      speeds.push({ floor: await speedOf(FLOOR), ours: await speedOf(OURS) });
    }
  });
  const what = `Payload of ${PAYLOAD_BYTES / 1024} KB gzip to archive lines in base64, MB of text per second of CPU time`;
  return { title: `${what}, median of ${done} repetitions`, rows: kinds.map(rowOf) };
};

function rowOf({ kind, events, speeds }: Measured): Row {
  // The machine's speed changes from one minute to the next: ratios are taken inside of a repetition.
  const ratios = speeds.map(({ ours, floor }) => ours / floor);
  return {
    payload: kind,
    events,
    'floor MB/s': rounded(median(speeds.map(({ floor }) => floor))),
    'ours MB/s': rounded(median(speeds.map(({ ours }) => ours))),
    'ours / floor': rounded(median(ratios), 2),
    'least and most': `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`,
  };
}

async function measure(task: WorkerTask, { signal }: PartContext): Promise<WorkerResult> {
  return JSON.parse(await runNode([join(BENCH, 'worker.ts'), JSON.stringify(task)], { signal })) as WorkerResult;
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makePayload, PAYLOAD_KINDS, type PayloadKind } from '../payloads.ts';
import { runNode } from '../run-node.ts';
import type { WorkerResult, WorkerTask } from '../worker.ts';
import { median, type PartContext, type Row, repeat, rounded } from './part.ts';

/** Size of each payload, gzip. */
export const PAYLOAD_BYTES = 256 * 1024;
const ROUNDS = { warmUps: 30, rounds: 30 };
const BENCH = join(import.meta.dirname, '..');

/** A function that takes a payload: where it is, seen from the worker, and its name. */
export interface Contender {
  readonly module: string;
  readonly name: string;
}

/**
 * Speeds of contenders on a payload of each kind, in MB of text per second of CPU time, one after another in fresh processes; `ours / <base>` is the ratio.
 * Ratios are taken inside of a repetition, since the machine's speed changes from one minute to the next.
 */
export async function measurePayloads<Name extends string>(
  context: PartContext,
  contenders: { readonly [name in Name | 'ours']: Contender },
  base: Name,
): Promise<{ readonly done: number; readonly rows: Row[] }> {
  const { folder, repetitions, signal, tell } = context;
  await runNode([join(BENCH, 'adapter.ts')], { signal });
  const names = Object.keys(contenders) as (Name | 'ours')[];
  const kinds = PAYLOAD_KINDS.map((kind) => {
    tell(`making the ${kind} payload`);
    const { base64, unpackedBytes, events } = makePayload(kind, PAYLOAD_BYTES);
    const payload = join(folder, `${base}-${kind}`);
    writeFileSync(payload, base64);
    return { kind, payload, unpackedBytes, events, speeds: [] as { [name in Name | 'ours']: number }[] };
  });
  const done = await repeat(context, repetitions, async (repetition) => {
    for (const { kind, payload, unpackedBytes, speeds } of kinds) {
      tell(`${kind}, ${repetition}`);
      const of = {} as { [name in Name | 'ours']: number };
      for (const name of names) {
        const { cpuMs } = await measure({ ...contenders[name], ...ROUNDS, payload }, context);
        of[name] = unpackedBytes / 1000 / cpuMs;
      }
      speeds.push(of);
    }
  });
  const rows = kinds.map(
    ({ kind, events, speeds }: { kind: PayloadKind; events: number; speeds: { [name in Name | 'ours']: number }[] }): Row => {
      const ratios = speeds.map((of) => of.ours / of[base]);
      return {
        payload: kind,
        events,
        ...Object.fromEntries(names.map((name) => [`${name} MB/s`, rounded(median(speeds.map((of) => of[name])))])),
        [`ours / ${base}`]: rounded(median(ratios), 2),
        'least and most': `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`,
      };
    },
  );
  return { done, rows };
}

async function measure(task: WorkerTask, { signal }: PartContext): Promise<WorkerResult> {
  return JSON.parse(await runNode([join(BENCH, 'worker.ts'), JSON.stringify(task)], { signal })) as WorkerResult;
}

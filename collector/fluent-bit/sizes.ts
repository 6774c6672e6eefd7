import type { Config } from '../../lib/config/resolve.ts';

/** Memory of Fluent Bit before any chunk: code, TLS, caches of metadata. Measured 30 to 60 MiB; the rest is room for what is in flight. */
const BASE_MEMORY_MIB = 96;
/** A chunk in memory is up to 2 MiB; while it is sent, a flush holds it unpacked and packed again (two buffers of 1 MiB in out_cloudwatch_logs). */
const MEMORY_PER_CHUNK_MIB = 4;
/** Fluent Bit's own default, which pays off with 600 MiB. */
const MAX_CHUNKS_UP = 128;
const MIN_CHUNKS_UP = 8;

/** How many chunks may be in memory at once, all inputs together. */
export function maxChunksUp(memoryLimitMiB: number): number {
  const fitting = Math.floor((memoryLimitMiB - BASE_MEMORY_MIB) / MEMORY_PER_CHUNK_MIB);
  return Math.min(MAX_CHUNKS_UP, Math.max(MIN_CHUNKS_UP, fitting));
}

/** MiB of old chunks that are read at once after a start: a twentieth of the memory, at least two chunks. */
export function backlogMemoryMiB(memoryLimitMiB: number): number {
  return Math.max(5, Math.floor(memoryLimitMiB / 20));
}

/** Shares of the disk by the kind of output: containers write most, and what they wrote is gone first. */
const WEIGHTS = { application: 8, sink: 4, dataplane: 1, host: 1, files: 2, metrics: 1, events: 4 } as const;

/** A kind of output, for its share of the disk. */
export type OutputKind = keyof typeof WEIGHTS;

/** Smallest queue on disk, in MiB: eight chunks. */
export const MIN_QUEUE_MIB = 16;

/**
 * MiB on disk for each output: the smallest queue for all, the rest by their weights. Together at most the limit, as long as it has room for the smallest ones
 * (`check` refuses others): Fluent Bit only knows limits of single outputs.
 */
export function queueSizes<Name extends string>(
  outputs: readonly { readonly name: Name; readonly kind: OutputKind }[],
  diskLimitMiB: number,
): ReadonlyMap<Name, number> {
  const weights = outputs.reduce((sum, { kind }) => sum + WEIGHTS[kind], 0);
  const shared = Math.max(0, diskLimitMiB - outputs.length * MIN_QUEUE_MIB);
  return new Map(outputs.map(({ name, kind }) => [name, MIN_QUEUE_MIB + Math.floor((shared * WEIGHTS[kind]) / weights)]));
}

/** Seconds that the chart of the add-on lets Fluent Bit live after its pod is told to end; it cannot be set. */
const ADDON_TERMINATION_SECONDS = 10;
/** Seconds between the last flush and the kill. */
const MARGIN_SECONDS = 5;

/** Seconds that Fluent Bit goes on sending when its pod ends, always below what the pod is given. */
export function graceSeconds(config: Config, target: 'daemonset' | 'events' | 'addon' | 'fargate'): number {
  return target === 'addon' ? ADDON_TERMINATION_SECONDS - MARGIN_SECONDS : config.collection.fluentBit.graceSeconds;
}

/** `terminationGracePeriodSeconds` of the pod: longer than the grace inside it, or the kubelet ends it in the middle of a flush. */
export function terminationSeconds(config: Config): number {
  return config.collection.fluentBit.graceSeconds + MARGIN_SECONDS;
}

import type { DelaySample } from '../account/ledger.ts';

/** Delay of single events, machine ms. */
export interface Delays {
  readonly events: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
}

/** Percentiles over events: a payload's delay counts once for each of its events. Undefined without events. */
export function percentiles(samples: readonly DelaySample[]): Delays | undefined {
  const sorted = samples.filter(({ events }) => events > 0).sort((a, b) => a.ms - b.ms);
  const events = sorted.reduce((sum, sample) => sum + sample.events, 0);
  const last = sorted.at(-1);
  if (!last) return undefined;
  const at = (share: number): number => {
    let seen = 0;
    for (const sample of sorted) {
      seen += sample.events;
      if (seen >= share * events) return Math.round(sample.ms);
    }
    return Math.round(last.ms);
  };
  return { events, p50Ms: at(0.5), p95Ms: at(0.95), maxMs: Math.round(last.ms) };
}

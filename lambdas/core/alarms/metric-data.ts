import type { MetricId } from './definition.ts';
import type { Series } from './math-value.ts';
import { type Datapoint, datapointOf, type Sample } from './statistic.ts';
import type { Window } from './windows.ts';

/** Where an evaluation finds values; the local run and scenarios bring their own. */
export interface MetricReader {
  /** Data points of a metric, one per window, undefined where a window has none. */
  points(metric: MetricId, statistic: string, windows: readonly Window[], unit?: string): readonly (Datapoint | undefined)[];
  /** Every metric of a namespace and name with its dimensions: what a Metrics Insights query looks through. */
  find(namespace: string, metricName: string): readonly MetricId[];
  /** The service quota that a usage metric counts against; undefined where it has none. */
  quota(metric: MetricId): number | undefined;
  /** The band of a model at each window; `id` is the alarm's name and the id that the band is around. */
  band(alarm: string, id: string, deviations: number, windows: readonly Window[]): readonly [lower: Series, upper: Series];
}

const DAY_MS = 86_400_000;

/** Samples in memory, by metric. Times need not come in order. Keeps `keepMs` before the newest sample of a metric. */
export class MetricStore implements MetricReader {
  readonly #metrics = new Map<string, { readonly id: MetricId; samples: Sample[]; isSorted: boolean; newestMs: number }>();
  readonly #quotas = new Map<string, number>();
  readonly #keepMs: number;

  constructor(keepMs: number = 8 * DAY_MS) {
    this.#keepMs = keepMs;
  }

  add(metric: MetricId, sample: Sample): void {
    const key = keyOf(metric);
    let entry = this.#metrics.get(key);
    if (entry === undefined) {
      entry = { id: metric, samples: [], isSorted: true, newestMs: Number.NEGATIVE_INFINITY };
      this.#metrics.set(key, entry);
    }
    if (sample.timeMs < entry.newestMs) entry.isSorted = false;
    entry.newestMs = Math.max(entry.newestMs, sample.timeMs);
    entry.samples.push(sample);
    if (entry.samples.length % 4096 === 0) {
      const oldest = entry.newestMs - this.#keepMs;
      entry.samples = entry.samples.filter(({ timeMs }) => timeMs >= oldest);
    }
  }

  setQuota(metric: MetricId, quota: number): void {
    this.#quotas.set(keyOf(metric), quota);
  }

  /** Metrics that have samples. */
  get metrics(): readonly MetricId[] {
    return [...this.#metrics.values()].map(({ id }) => id);
  }

  points(metric: MetricId, statistic: string, windows: readonly Window[], unit?: string): (Datapoint | undefined)[] {
    const entry = this.#metrics.get(keyOf(metric));
    if (entry === undefined) return windows.map(() => undefined);
    if (!entry.isSorted) {
      entry.samples.sort((a, b) => a.timeMs - b.timeMs);
      entry.isSorted = true;
    }
    const { samples } = entry;
    let from = firstAtOrAfter(samples, windows[0]?.startMs ?? 0);
    return windows.map(({ startMs, endMs }) => {
      while (from < samples.length && (samples[from] as Sample).timeMs < startMs) from++;
      const inside: Sample[] = [];
      for (let at = from; at < samples.length && (samples[at] as Sample).timeMs < endMs; at++) {
        const sample = samples[at] as Sample;
        // An alarm with a unit sees only what was published with that unit.
        if (unit === undefined || (sample.unit ?? 'None') === unit) inside.push(sample);
      }
      return datapointOf(inside, statistic);
    });
  }

  find(namespace: string, metricName: string): MetricId[] {
    return this.metrics.filter((metric) => metric.namespace === namespace && metric.metricName === metricName);
  }

  quota(metric: MetricId): number | undefined {
    return this.#quotas.get(keyOf(metric));
  }

  /** There is no model here: a scenario gives its bands, and the local run has none. */
  band(_alarm: string, _id: string, _deviations: number, windows: readonly Window[]): [Series, Series] {
    const none = windows.map(() => undefined);
    return [none, none];
  }
}

function firstAtOrAfter(samples: readonly Sample[], timeMs: number): number {
  let low = 0;
  let high = samples.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((samples[middle] as Sample).timeMs < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A metric as one text, whatever the order of its dimensions. */
export function keyOf({ namespace, metricName, dimensions }: MetricId): string {
  const pairs = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return JSON.stringify([namespace, metricName, ...pairs]);
}

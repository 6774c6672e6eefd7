import { compileMetricFilter, type MetricFilterProblem } from '../filter-pattern/metric-filter.ts';
import type { MetricId } from './definition.ts';
import type { MetricStore } from './metric-data.ts';
import { sampleOf } from './statistic.ts';

/** A metric filter of a log group. */
export interface LogMetricFilter {
  readonly logGroup: string;
  readonly filterPattern: string;
  readonly metricNamespace: string;
  readonly metricName: string;
  readonly metricValue: string;
  readonly defaultValue: number | undefined;
  readonly dimensions?: { readonly [name: string]: string };
  readonly unit?: string;
}

/** A filter that CloudWatch would refuse. */
export interface RefusedFilter {
  readonly filter: LogMetricFilter;
  readonly problems: readonly MetricFilterProblem[];
}

/** Turns log events into the samples that CloudWatch publishes of them: those of metric filters, and AWS/Logs' own counts of each group. */
export class LogMetrics {
  readonly refused: readonly RefusedFilter[];
  readonly #store: MetricStore;
  readonly #byGroup = new Map<
    string,
    { readonly filter: LogMetricFilter; readonly compiled: ReturnType<typeof compileMetricFilter> & { readonly ok: true } }[]
  >();

  constructor(filters: readonly LogMetricFilter[], store: MetricStore) {
    this.#store = store;
    const refused: RefusedFilter[] = [];
    for (const filter of filters) {
      const compiled = compileMetricFilter({
        filterPattern: filter.filterPattern,
        metricValue: filter.metricValue,
        ...(filter.defaultValue === undefined ? {} : { defaultValue: filter.defaultValue }),
        ...(filter.dimensions === undefined ? {} : { dimensions: filter.dimensions }),
        ...(filter.unit === undefined ? {} : { unit: filter.unit }),
      });
      if (!compiled.ok) refused.push({ filter, problems: compiled.problems });
      else this.#byGroup.set(filter.logGroup, [...(this.#byGroup.get(filter.logGroup) ?? []), { filter, compiled }]);
    }
    this.refused = refused;
  }

  /** Takes one event. `bytes` is its size as CloudWatch bills it. */
  take(logGroup: string, timeMs: number, message: string, bytes: number): void {
    const group = (metricName: string): MetricId => ({ namespace: 'AWS/Logs', metricName, dimensions: { LogGroupName: logGroup } });
    this.#store.add(group('IncomingLogEvents'), sampleOf(timeMs, 1));
    this.#store.add(group('IncomingBytes'), sampleOf(timeMs, bytes, 'Bytes'));
    for (const { filter, compiled } of this.#byGroup.get(logGroup) ?? []) {
      const outcome = compiled.evaluate(message);
      if (outcome.kind === 'none') continue;
      const metric = { namespace: filter.metricNamespace, metricName: filter.metricName, dimensions: outcome.dimensions };
      this.#store.add(metric, sampleOf(timeMs, outcome.value, outcome.unit));
    }
  }
}

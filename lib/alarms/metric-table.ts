import type { MetricRow } from './metric-row.ts';
import { AWS_METRICS } from './metrics-aws.ts';
import { CLASSIC_METRICS } from './metrics-classic.ts';
import { OTEL_METRICS } from './metrics-otel.ts';
import { OWN_METRICS } from './metrics-own.ts';

/** Every metric that an alarm here may name, except those of metric filters. */
export const METRIC_TABLE: readonly MetricRow[] = [...CLASSIC_METRICS, ...AWS_METRICS, ...OWN_METRICS];

/** Names that PromQL may ask in the profile `otel`, with the labels that tell their series apart. */
export const PROMQL_TABLE = OTEL_METRICS;

const byName = new Map<string, MetricRow>();
for (const row of METRIC_TABLE) for (const name of row.names) byName.set(`${row.namespace}\n${name}`, row);

/** The row of a metric; undefined for one that nobody publishes. */
export function metricRowOf(namespace: string, name: string): MetricRow | undefined {
  return byName.get(`${namespace}\n${name}`);
}

/** Why a metric with these dimensions has no data, ever; undefined where it has. */
export function unknownMetric(namespace: string, name: string, dimensions: readonly string[]): string | undefined {
  const row = metricRowOf(namespace, name);
  if (row === undefined) {
    const isKnownNamespace = METRIC_TABLE.some((each) => each.namespace === namespace);
    return isKnownNamespace ? `${namespace} has no metric ${name}` : undefined;
  }
  const wanted = [...dimensions].sort().join(' ');
  if (row.sets.some((set) => [...set].sort().join(' ') === wanted)) return undefined;
  const sets = row.sets.map((set) => `{${set.join(', ')}}`).join(' ');
  return `${namespace} ${name} has no set of dimensions {${dimensions.join(', ')}}; it has ${sets}`;
}

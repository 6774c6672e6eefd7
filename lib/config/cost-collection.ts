import { hasCollection } from './collection-plan.ts';
import { type CostLine, costLine } from './cost-line.ts';
import { PRICES, type PriceName, priceOf } from './prices.ts';
import type { Config } from './resolve.ts';

/** Metrics of Fluent Bit itself, by cluster (collector/fluent-bit/agent-metrics.ts; a test compares). */
export const AGENT_METRIC_COUNT = 11;

/**
 * What collection costs a month besides the lines, which are the sources'. How many nodes, pods and claims there are the config does not say, so what
 * grows with them has its unit price only.
 */
export function costOfCollection(config: Config): CostLine[] {
  if (!hasCollection(config)) return [];
  const { metrics, logs, fluentBit, volumes, containerInsights } = config.collection;
  const clusters = config.clusters.length;
  const line = (item: string, name: PriceName, quantity: number | undefined): CostLine =>
    costLine({ source: 'collection', item, quantity, unit: PRICES[name].unit, price: priceOf(config, name) });
  const hasInsights = containerInsights.enabled;
  return [
    ...(fluentBit.selfMetrics && logs === 'own' ? [line('Metrics of Fluent Bit', 'customMetricMonth', AGENT_METRIC_COUNT * clusters)] : []),
    ...(volumes.enabled ? [line('Metrics of volumes, one per cluster and claim', 'customMetricMonth', undefined)] : []),
    ...(containerInsights.hostMetrics ? [line('Metrics of nodes by the agent', 'customMetricMonth', undefined)] : []),
    ...(hasInsights && metrics === 'classic' && containerInsights.enhanced
      ? [line('Container Insights', 'containerInsightsPerMillionObservations', undefined)]
      : []),
    ...(hasInsights && metrics === 'otel' ? [line('Container Insights over OTLP', 'otelMetricsPerGb', undefined)] : []),
  ];
}

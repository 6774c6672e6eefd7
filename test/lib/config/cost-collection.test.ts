import { AGENT_METRICS } from '../../../collector/fluent-bit/agent-metrics.ts';
import { AGENT_METRIC_COUNT, costOfCollection } from '../../../lib/config/cost-collection.ts';
import { configWith } from './texts.ts';

const itemsOf = (collection: object) => costOfCollection(configWith({ collection })).map(({ item, usd }) => [item, usd]);

test('Fluent Bit’s own metrics are counted as they are rendered', () => {
  expect(AGENT_METRIC_COUNT).toBe(AGENT_METRICS.length);
  expect(itemsOf({})[0]).toEqual(['Metrics of Fluent Bit', expect.closeTo(3.3)]);
});

test('what grows with nodes and claims has its unit price only', () => {
  expect(itemsOf({}).slice(1)).toEqual([
    ['Metrics of volumes, one per cluster and claim', undefined],
    ['Container Insights', undefined],
  ]);
});

test('the otel profile is paid by the GB', () => {
  expect(itemsOf({ metrics: 'otel', volumes: { enabled: false } }).map(([item]) => item)).toEqual([
    'Metrics of Fluent Bit',
    'Container Insights over OTLP',
  ]);
});

test('what is switched off costs nothing', () => {
  expect(itemsOf({ fluentBit: { selfMetrics: false }, volumes: { enabled: false }, containerInsights: { enabled: false } })).toEqual([]);
});

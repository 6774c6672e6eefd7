import type { AlarmQuery, LogAlarm } from '../../lambdas/core/alarms/definition.ts';
import { planAlarms } from '../alarms/plan.ts';
import type { AlarmPlan, PlannedAlarm } from '../alarms/planned.ts';
import { type CostLine, costLine, HOURS_PER_MONTH } from './cost-line.ts';
import { PRICES, type PriceName, priceOf } from './prices.ts';
import type { Config } from './resolve.ts';

const SECONDS_PER_MONTH = HOURS_PER_MONTH * 3600;
const SECONDS_PER_DAY = 86_400;
/** CloudWatch charges an alarm on an anomaly detection band as three: the metric and both lines of the band. */
const METRICS_OF_A_BAND = 3;

/** What alarms cost a month, by cluster. Metrics Insights is charged by the metrics that a query looks at, which nobody knows before. */
export function costOfAlarms(config: Config): CostLine[] {
  return planAlarms(config).flatMap((plan) => costOfPlan(config, plan));
}

function costOfPlan(config: Config, { cluster, alarms }: AlarmPlan): CostLine[] {
  const source = cluster === undefined ? 'shared' : `alarms of ${cluster}`;
  const line = (item: string, name: PriceName, quantity: number | undefined): CostLine =>
    costLine({ source, item, quantity, unit: PRICES[name].unit, price: priceOf(config, name) });
  const sum = (of: (planned: PlannedAlarm) => number): number => alarms.reduce((total, planned) => total + of(planned), 0);
  const lines = [
    line(
      'Alarms',
      'alarmMetricMonth',
      sum((planned) => alarmMetrics(planned, false)),
    ),
    line(
      'High-resolution alarms',
      'alarmHighResolutionMetricMonth',
      sum((planned) => alarmMetrics(planned, true)),
    ),
    line(
      'Composite alarms',
      'compositeAlarmMonth',
      sum(({ definition }) => (definition.kind === 'composite' ? 1 : 0)),
    ),
    line(
      'Metrics of metric filters',
      'customMetricMonth',
      sum(({ filters }) => filters.length),
    ),
  ].filter(({ quantity }) => quantity !== 0);
  const logs = alarms.flatMap(({ definition }) => (definition.kind === 'log' ? [definition] : []));
  if (logs.length > 0) lines.push(line('Log alarms, data scanned', 'logsInsightsPerGb', scannedGb(config, logs)));
  if (alarms.some(({ definition }) => definition.kind === 'metric' && definition.queries.some(isInsights)))
    lines.push(line('Metrics that Metrics Insights alarms look at', 'alarmMetricMonth', undefined));
  const promql = alarms.filter(({ definition }) => definition.kind === 'promql').length;
  if (promql > 0) lines.push(costLine({ source, item: 'PromQL alarms', quantity: promql, unit: 'alarm-month', price: undefined }));
  return lines;
}

function isInsights(query: AlarmQuery): boolean {
  return 'expression' in query && /^\s*SELECT\s/i.test(query.expression);
}

/** Metrics that an alarm is charged for. */
function alarmMetrics({ definition }: PlannedAlarm, highResolution: boolean): number {
  if (definition.kind === 'log') return highResolution ? 0 : 1;
  if (definition.kind !== 'metric' || definition.periodSeconds < 60 !== highResolution) return 0;
  return definition.thresholdMetricId === undefined ? definition.queries.filter((query) => 'metric' in query).length : METRICS_OF_A_BAND;
}

/** GB that all runs of a month scan; undefined where a source gives no volume. */
function scannedGb({ sources }: Config, alarms: readonly LogAlarm[]): number | undefined {
  let total = 0;
  for (const { logGroups, everySeconds, startOffsetSeconds, endOffsetSeconds } of alarms) {
    const runs = SECONDS_PER_MONTH / everySeconds;
    for (const group of logGroups) {
      const volume = sources.find(({ logGroup }) => logGroup === group)?.volume;
      if (volume === undefined) return undefined;
      total += runs * (startOffsetSeconds - endOffsetSeconds) * (volume.gbPerDay / SECONDS_PER_DAY);
    }
  }
  return total;
}

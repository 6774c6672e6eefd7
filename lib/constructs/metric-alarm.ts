import { CfnAlarm, type CfnAlarmProps } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { AlarmQuery, MetricAlarm as Definition, MetricId, PromqlAlarm } from '../../lambdas/core/alarms/definition.ts';
import { percentileOf } from '../../lambdas/core/alarms/statistic.ts';
import { commonSettings, warmUpSetting } from './alarm-settings.ts';

/** An alarm on a metric, on metric math, on a band, on a Metrics Insights query or on PromQL: what the evaluator of the tests and of the local run evaluates. */
export class MetricAlarm extends Construct {
  readonly alarm: CfnAlarm;

  constructor(scope: Construct, id: string, props: { readonly definition: Definition | PromqlAlarm }) {
    super(scope, id);
    const { definition } = props;
    this.alarm = new CfnAlarm(this, 'Alarm', {
      ...commonSettings(definition),
      ...(definition.kind === 'promql'
        ? {
            evaluationInterval: definition.everySeconds,
            evaluationCriteria: {
              promQlCriteria: {
                query: definition.query,
                pendingPeriod: definition.pendingSeconds,
                recoveryPeriod: definition.recoverySeconds,
              },
            },
          }
        : { ...metricSettings(definition), ...warmUpSetting(definition) }),
    });
  }
}

function metricSettings(definition: Definition): Partial<CfnAlarmProps> {
  const { queries, threshold, thresholdMetricId, lowSamples, window } = definition;
  return {
    evaluationPeriods: definition.evaluationPeriods,
    datapointsToAlarm: definition.datapointsToAlarm,
    comparisonOperator: definition.comparison,
    treatMissingData: definition.treatMissingData,
    ...(threshold === undefined ? {} : { threshold }),
    ...(thresholdMetricId === undefined ? {} : { thresholdMetricId }),
    ...(lowSamples === undefined ? {} : { evaluateLowSampleCountPercentile: lowSamples }),
    ...(window?.kind === 'wallClock' ? { evaluationWindow: { wallClockWindow: { timezone: window.timeZone } } } : {}),
    ...whatIsWatched(queries, definition.periodSeconds),
  };
}

/** One metric stands in the alarm itself, everything else in its list of queries. */
function whatIsWatched(queries: readonly AlarmQuery[], period: number): object {
  const [only] = queries;
  if (queries.length !== 1 || only === undefined || !('metric' in only))
    return { metrics: queries.map((query) => metricQuery(query, period)) };
  const { metric, statistic, unit } = only;
  return {
    namespace: metric.namespace,
    metricName: metric.metricName,
    dimensions: dimensionsOf(metric),
    period,
    ...(percentileOf(statistic) === undefined ? { statistic } : { extendedStatistic: statistic }),
    ...(unit === undefined ? {} : { unit }),
  };
}

function metricQuery(query: AlarmQuery, period: number): CfnAlarm.MetricDataQueryProperty {
  const { id, returnData } = query;
  if (!('metric' in query)) {
    // A Metrics Insights query makes its own points, and must be told their length; metric math has that of its metrics.
    return { id, expression: query.expression, returnData, ...(/^\s*SELECT\s/i.test(query.expression) ? { period } : {}) };
  }
  const { metric, statistic, unit } = query;
  return {
    id,
    returnData,
    metricStat: {
      metric: { namespace: metric.namespace, metricName: metric.metricName, dimensions: dimensionsOf(metric) },
      period,
      stat: statistic,
      ...(unit === undefined ? {} : { unit }),
    },
  };
}

function dimensionsOf({ dimensions }: MetricId): { name: string; value: string }[] {
  return Object.entries(dimensions).map(([name, value]) => ({ name, value }));
}

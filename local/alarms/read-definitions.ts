import type { AlarmDefinition, AlarmQuery, MetricId } from '../../lambdas/core/alarms/definition.ts';
import type { LogMetricFilter } from '../../lambdas/core/alarms/log-metrics.ts';
import type { MuteRule } from '../../lambdas/core/alarms/mute.ts';
import type { Comparison, MissingData } from '../../lambdas/core/alarms/state.ts';
import { booleanAt, type Json, type JsonObject, listAt, numberAt, objectAt, textAt } from '../template/json.ts';

/** What alarms are made of in templates. */
export interface AlarmResource {
  readonly type: string;
  readonly properties: JsonObject;
}

/** An alarm of a template for the evaluator; undefined for a resource that is none. */
export function readAlarm({ type, properties }: AlarmResource): AlarmDefinition | undefined {
  switch (type) {
    case 'AWS::CloudWatch::Alarm':
      return readMetricAlarm(properties);
    case 'AWS::CloudWatch::LogAlarm':
      return readLogAlarm(properties);
    case 'AWS::CloudWatch::CompositeAlarm':
      return readComposite(properties);
    default:
      return undefined;
  }
}

type Common = Pick<
  AlarmDefinition,
  'name' | 'description' | 'tags' | 'actionsEnabled' | 'alarmActions' | 'okActions' | 'insufficientDataActions' | 'warmUp'
>;

function commonOf(properties: JsonObject): Common {
  const warmUp = objectAt(properties, 'WarmUpConfiguration');
  const minutes = numberAt(warmUp, 'WarmUpPeriodDurationInMinutes');
  return {
    name: textAt(properties, 'AlarmName') ?? '',
    description: textAt(properties, 'AlarmDescription') ?? '',
    tags: Object.fromEntries(listAt(properties, 'Tags').map((tag) => [textAt(tag, 'Key') ?? '', textAt(tag, 'Value') ?? ''])),
    actionsEnabled: booleanAt(properties, 'ActionsEnabled') ?? true,
    alarmActions: listAt(properties, 'AlarmActions').map(String),
    okActions: listAt(properties, 'OKActions').map(String),
    insufficientDataActions: listAt(properties, 'InsufficientDataActions').map(String),
    ...(minutes === undefined
      ? {}
      : { warmUp: { minutes, wholeTime: booleanAt(warmUp, 'OnlyStartEvaluatingAfterWarmUpPeriodEnds') ?? false } }),
  };
}

function readMetricAlarm(properties: JsonObject): AlarmDefinition {
  const common = commonOf(properties);
  const promql = objectAt(objectAt(properties, 'EvaluationCriteria'), 'PromQLCriteria');
  const query = textAt(promql, 'Query');
  if (query !== undefined) {
    return {
      kind: 'promql',
      ...common,
      query,
      everySeconds: numberAt(properties, 'EvaluationInterval') ?? 60,
      pendingSeconds: numberAt(promql, 'PendingPeriod') ?? 0,
      recoverySeconds: numberAt(promql, 'RecoveryPeriod') ?? 0,
    };
  }
  const metrics = listAt(properties, 'Metrics');
  const evaluationPeriods = numberAt(properties, 'EvaluationPeriods') ?? 1;
  const threshold = numberAt(properties, 'Threshold');
  const thresholdMetricId = textAt(properties, 'ThresholdMetricId');
  const lowSamples = textAt(properties, 'EvaluateLowSampleCountPercentile');
  const wallClock = objectAt(properties, 'EvaluationWindow')['WallClockWindow'];
  return {
    kind: 'metric',
    ...common,
    queries: metrics.length > 0 ? metrics.map(readQuery) : [singleQuery(properties)],
    periodSeconds: numberAt(properties, 'Period') ?? periodIn(metrics),
    evaluationPeriods,
    datapointsToAlarm: numberAt(properties, 'DatapointsToAlarm') ?? evaluationPeriods,
    comparison: (textAt(properties, 'ComparisonOperator') ?? '') as Comparison,
    ...(threshold === undefined ? {} : { threshold }),
    ...(thresholdMetricId === undefined ? {} : { thresholdMetricId }),
    treatMissingData: (textAt(properties, 'TreatMissingData') ?? 'missing') as MissingData,
    ...(lowSamples === 'ignore' || lowSamples === 'evaluate' ? { lowSamples } : {}),
    ...(wallClock === undefined ? {} : { window: { kind: 'wallClock', timeZone: textAt(wallClock, 'Timezone') ?? 'UTC' } as const }),
  };
}

/** The length of a data point stands at each metric, and they agree. */
function periodIn(metrics: readonly Json[]): number {
  for (const metric of metrics) {
    const period = numberAt(objectAt(metric, 'MetricStat'), 'Period') ?? numberAt(metric, 'Period');
    if (period !== undefined) return period;
  }
  return 60;
}

function readQuery(value: Json): AlarmQuery {
  const id = textAt(value, 'Id') ?? '';
  const returnData = booleanAt(value, 'ReturnData') ?? true;
  const expression = textAt(value, 'Expression');
  if (expression !== undefined) return { id, expression, returnData };
  const stat = objectAt(value, 'MetricStat');
  const unit = textAt(stat, 'Unit');
  return {
    id,
    metric: readMetric(objectAt(stat, 'Metric')),
    statistic: textAt(stat, 'Stat') ?? 'Average',
    ...(unit === undefined ? {} : { unit }),
    returnData,
  };
}

function singleQuery(properties: JsonObject): AlarmQuery {
  const unit = textAt(properties, 'Unit');
  const statistic = textAt(properties, 'Statistic') ?? textAt(properties, 'ExtendedStatistic') ?? 'Average';
  return { id: 'm1', metric: readMetric(properties), statistic, ...(unit === undefined ? {} : { unit }), returnData: true };
}

function readMetric(value: JsonObject): MetricId {
  return {
    namespace: textAt(value, 'Namespace') ?? '',
    metricName: textAt(value, 'MetricName') ?? '',
    dimensions: Object.fromEntries(listAt(value, 'Dimensions').map((each) => [textAt(each, 'Name') ?? '', textAt(each, 'Value') ?? ''])),
  };
}

function readLogAlarm(properties: JsonObject): AlarmDefinition {
  const scheduled = objectAt(properties, 'ScheduledQueryConfiguration');
  const schedule = objectAt(scheduled, 'ScheduleConfiguration');
  return {
    kind: 'log',
    ...commonOf(properties),
    query: textAt(scheduled, 'QueryString') ?? '',
    aggregation: textAt(scheduled, 'AggregationExpression') ?? '',
    logGroups: listAt(scheduled, 'LogGroupIdentifiers').map(String),
    everySeconds: rateSeconds(textAt(schedule, 'ScheduleExpression') ?? ''),
    startOffsetSeconds: numberAt(schedule, 'StartTimeOffset') ?? 0,
    endOffsetSeconds: numberAt(schedule, 'EndTimeOffset') ?? 0,
    resultsToAlarm: numberAt(properties, 'QueryResultsToAlarm') ?? 1,
    resultsToEvaluate: numberAt(properties, 'QueryResultsToEvaluate') ?? 1,
    comparison: (textAt(properties, 'ComparisonOperator') ?? '') as Comparison,
    threshold: numberAt(properties, 'Threshold') ?? 0,
    treatMissingData: (textAt(properties, 'TreatMissingData') ?? 'missing') as MissingData,
  };
}

const RATE_SECONDS: { readonly [unit: string]: number } = { minute: 60, hour: 3600, day: 86_400 };

function rateSeconds(expression: string): number {
  const match = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  if (match === null) throw new Error(`"${expression}" is no schedule of a log alarm`);
  return Number(match[1]) * (RATE_SECONDS[match[2] ?? ''] ?? 60);
}

function readComposite(properties: JsonObject): AlarmDefinition {
  const suppressor = textAt(properties, 'ActionsSuppressor');
  return {
    kind: 'composite',
    ...commonOf(properties),
    rule: textAt(properties, 'AlarmRule') ?? 'FALSE',
    ...(suppressor === undefined
      ? {}
      : {
          suppressor: {
            alarm: suppressor,
            waitSeconds: numberAt(properties, 'ActionsSuppressorWaitPeriod') ?? 60,
            extensionSeconds: numberAt(properties, 'ActionsSuppressorExtensionPeriod') ?? 60,
          },
        }),
  };
}

/** The metric filters of a template's resource: one per transformation. */
export function readMetricFilters({ properties }: AlarmResource): LogMetricFilter[] {
  return listAt(properties, 'MetricTransformations').map((transformation) => {
    const defaultValue = numberAt(transformation, 'DefaultValue');
    const dimensions = listAt(transformation, 'Dimensions').map(
      (each) => [textAt(each, 'Key') ?? '', textAt(each, 'Value') ?? ''] as const,
    );
    const unit = textAt(transformation, 'Unit');
    return {
      logGroup: textAt(properties, 'LogGroupName') ?? '',
      filterPattern: textAt(properties, 'FilterPattern') ?? '',
      metricNamespace: textAt(transformation, 'MetricNamespace') ?? '',
      metricName: textAt(transformation, 'MetricName') ?? '',
      metricValue: textAt(transformation, 'MetricValue') ?? '',
      defaultValue,
      ...(dimensions.length === 0 ? {} : { dimensions: Object.fromEntries(dimensions) }),
      ...(unit === undefined ? {} : { unit }),
    };
  });
}

/** A mute rule of a template. */
export function readMuteRule({ properties }: AlarmResource): MuteRule {
  const schedule = objectAt(objectAt(properties, 'Rule'), 'Schedule');
  const minutes = /^PT(\d+)M$/.exec(textAt(schedule, 'Duration') ?? '')?.[1];
  return {
    name: textAt(properties, 'Name') ?? '',
    expression: textAt(schedule, 'Expression') ?? '',
    durationMs: Number(minutes ?? 0) * 60_000,
    timeZone: textAt(schedule, 'Timezone') ?? 'UTC',
    alarms: listAt(objectAt(properties, 'MuteTargets'), 'AlarmNames').map(String),
  };
}

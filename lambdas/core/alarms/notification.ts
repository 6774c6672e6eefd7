import { alarmTime } from './decision.ts';
import type { AlarmQuery, MetricAlarm } from './definition.ts';
import { percentileOf } from './statistic.ts';
import type { Transition } from './transition.ts';

/** Whose alarm it is: parts of the message that the definition does not hold. */
export interface AlarmOwner {
  readonly account: string;
  readonly region: string;
  /** The Region as the console writes it, such as `US East (N. Virginia)`. */
  readonly regionName: string;
  readonly partition: string;
  /** When the alarm was made or changed. */
  readonly configuredMs: number;
}

/** The ARN of an alarm. */
export function alarmArn(name: string, { partition, region, account }: Pick<AlarmOwner, 'partition' | 'region' | 'account'>): string {
  return `arn:${partition}:cloudwatch:${region}:${account}:alarm:${name}`;
}

/** The JSON text that CloudWatch publishes to an SNS topic for a change of state: of an alarm, or of one of its contributors. */
export function snsMessage(transition: Transition, owner: AlarmOwner): string {
  const { alarm, contributor } = transition;
  const tags = Object.entries(alarm.tags ?? {}).filter(([key]) => !key.startsWith('aws:'));
  return JSON.stringify({
    AlarmName: alarm.name,
    AlarmDescription: alarm.description ?? null,
    AWSAccountId: owner.account,
    AlarmConfigurationUpdatedTimestamp: alarmTime(owner.configuredMs),
    NewStateValue: transition.to,
    NewStateReason: transition.reason,
    StateChangeTime: alarmTime(transition.atMs),
    Region: owner.regionName,
    AlarmArn: alarmArn(alarm.name, owner),
    OldStateValue: transition.from,
    OKActions: alarm.okActions ?? [],
    AlarmActions: alarm.alarmActions ?? [],
    InsufficientDataActions: alarm.insufficientDataActions ?? [],
    ...(contributor === undefined ? {} : { AlarmContributorId: contributor.id, AlarmContributorAttributes: contributor.attributes }),
    ...(alarm.kind === 'metric' ? { Trigger: triggerOf(alarm) } : {}),
    ...(alarm.kind === 'composite'
      ? {
          AlarmRule: alarm.rule,
          TriggeringChildren: transition.triggeredBy.map((child) => ({
            Arn: child.alarm.startsWith('arn:') ? child.alarm : alarmArn(child.alarm, owner),
            State: { Value: child.state, Timestamp: alarmTime(child.atMs) },
          })),
        }
      : {}),
    ...(tags.length === 0 ? {} : { AlarmTagsStatus: 'SUCCESS', AlarmTags: Object.fromEntries(tags) }),
  });
}

/** The subject of the message, at most 100 characters as SNS allows. */
export function snsSubject({ alarm, to }: Transition, { regionName }: AlarmOwner): string {
  const subject = `${to}: "${alarm.name}" in ${regionName}`;
  return subject.length <= 100 ? subject : `${subject.slice(0, 97)}...`;
}

function triggerOf(alarm: MetricAlarm): object {
  const [query] = alarm.queries;
  const common = {
    Period: alarm.periodSeconds,
    EvaluationPeriods: alarm.evaluationPeriods,
    DatapointsToAlarm: alarm.datapointsToAlarm,
    ComparisonOperator: alarm.comparison,
    ...(alarm.threshold === undefined ? {} : { Threshold: alarm.threshold }),
    ...(alarm.thresholdMetricId === undefined ? {} : { ThresholdMetricId: alarm.thresholdMetricId }),
    TreatMissingData: alarm.treatMissingData,
    EvaluateLowSampleCountPercentile: alarm.lowSamples ?? '',
  };
  if (alarm.queries.length !== 1 || query === undefined || !('metric' in query))
    return { ...common, Metrics: alarm.queries.map((each) => metricOf(each, alarm)) };
  const isPercentile = percentileOf(query.statistic) !== undefined;
  return {
    MetricName: query.metric.metricName,
    Namespace: query.metric.namespace,
    StatisticType: isPercentile ? 'ExtendedStatistic' : 'Statistic',
    ...(isPercentile
      ? { ExtendedStatistic: query.statistic }
      : { Statistic: query.statistic.replace('SampleCount', 'Sample_Count').toUpperCase() }),
    Unit: query.unit ?? null,
    Dimensions: dimensionsOf(query.metric.dimensions),
    ...common,
  };
}

function metricOf(query: AlarmQuery, alarm: MetricAlarm): object {
  if (!('metric' in query)) return { Expression: query.expression, Id: query.id, Label: query.id, ReturnData: query.returnData };
  const { namespace, metricName, dimensions } = query.metric;
  return {
    Id: query.id,
    MetricStat: {
      Metric: { Dimensions: dimensionsOf(dimensions), MetricName: metricName, Namespace: namespace },
      Period: alarm.periodSeconds,
      Stat: query.statistic,
    },
    ReturnData: query.returnData,
  };
}

function dimensionsOf(dimensions: { readonly [name: string]: string }): { value: string; name: string }[] {
  return Object.entries(dimensions).map(([name, value]) => ({ value, name }));
}

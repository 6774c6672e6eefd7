import type { Alert, AlertKind, Detail, Labels, Link, Measurement } from '../alert.ts';
import { alarmLink, isRegion } from '../console-links.ts';
import {
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  parseObject,
  type ReadInput,
  reportedAt,
  textAt,
  timeOf,
  valueAt,
} from '../incoming.ts';
import { cleanLabels, labelName, severityOf } from '../labels.ts';
import { measurementOf } from './alarm-metric.ts';
import { type Contributor, contributorsOf, type Pair, pairsOf } from './contributors.ts';

/** An alarm's change of state, whichever way it came. */
interface AlarmChange {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly description?: string;
  readonly state: string;
  readonly previous?: string;
  readonly reason?: string;
  readonly changedAt: unknown;
  readonly kind: AlertKind;
  readonly measurement?: Measurement;
  readonly dimensions: readonly (readonly [string, string])[];
  readonly tags: readonly (readonly [string, string])[];
  readonly contributors: readonly Contributor[];
  readonly details: readonly Detail[];
  readonly widget?: string;
}

/** CloudWatch's own notification through SNS: metric, metric math, anomaly, composite, log and PromQL alarms, and their contributors. */
export function readSnsAlarm(input: ReadInput): Alert[] | undefined {
  const { json } = input;
  const name = textAt(json, 'AlarmName');
  const state = textAt(json, 'NewStateValue');
  if (json === undefined || name === undefined || state === undefined) return undefined;
  const arn = textAt(json, 'AlarmArn') ?? '';
  const trigger = objectAt(json, 'Trigger');
  const metric = measurementOf(trigger, textAt(json, 'NewStateReason'), parseObject(textAt(json, 'NewStateReasonData') ?? ''));
  return toAlerts(
    {
      name,
      arn,
      account: textAt(json, 'AWSAccountId') ?? accountOf(arn, input),
      region: regionOf(arn, input),
      ...optional('description', textAt(json, 'AlarmDescription')),
      state,
      ...optional('previous', textAt(json, 'OldStateValue')),
      ...optional('reason', textAt(json, 'NewStateReason')),
      changedAt: json['StateChangeTime'],
      kind: kindOf(json, trigger),
      ...metric,
      tags: tagsOf(json['AlarmTags'] ?? json['Tags'] ?? json['alarmTags']),
      contributors: contributorsOf(json),
      details: childrenOf(json),
    },
    input,
  );
}

/** The same by EventBridge (`CloudWatch Alarm State Change`), and as a direct Lambda action (`alarmData`). */
export function readEventAlarm(input: ReadInput): Alert[] | undefined {
  const { json } = input;
  const type = textAt(json, 'detail-type') ?? '';
  const isDirect = textAt(json, 'source') === 'aws.cloudwatch' && objectAt(json, 'alarmData') !== undefined;
  if (!isDirect && !/^CloudWatch Alarm (?:Contributor )?State Change$/.test(type)) return undefined;
  const detail = isDirect ? objectAt(json, 'alarmData') : objectAt(json, 'detail');
  const name = textAt(detail, 'alarmName');
  const state = textAt(detail, 'state', 'value');
  if (name === undefined || state === undefined) return undefined;
  const arn = textAt(json, 'alarmArn') ?? textAt(listAt(json, 'resources'), '0') ?? String(listAt(json, 'resources')[0] ?? '');
  const configuration = objectAt(detail, 'configuration');
  const reasonData = parseObject(textAt(detail, 'state', 'reasonData') ?? '');
  const metric = measurementOf(triggerOf(configuration), textAt(detail, 'state', 'reason'), reasonData);
  const suppressedBy = textAt(detail, 'state', 'actionsSuppressedBy');
  return toAlerts(
    {
      name,
      arn,
      account: textAt(json, 'account') ?? textAt(json, 'accountId') ?? accountOf(arn, input),
      region: regionOf(arn, { region: textAt(json, 'region') ?? input.region }),
      ...optional('description', textAt(configuration, 'description')),
      state,
      ...optional('previous', textAt(detail, 'previousState', 'value')),
      ...optional('reason', textAt(detail, 'state', 'reason')),
      changedAt: textAt(detail, 'state', 'timestamp') ?? textAt(json, 'time'),
      kind: textAt(configuration, 'alarmRule') === undefined ? kindOf({}, triggerOf(configuration)) : 'composite-alarm',
      ...metric,
      tags: tagsOf(json?.['alarmTags'] ?? detail?.['alarmTags']),
      contributors: contributorsOf(detail),
      details: suppressedBy === undefined ? [] : [{ name: 'Suppressed by', value: suppressedBy }],
    },
    input,
  );
}

/** EventBridge nests a metric alarm's settings differently from SNS: one shape for both. */
function triggerOf(configuration: JsonObject | undefined): JsonObject | undefined {
  if (configuration === undefined) return undefined;
  const metrics = listAt(configuration, 'metrics').map((metric) => {
    const stat = objectAt(metric, 'metricStat');
    return {
      Id: textAt(metric, 'id'),
      Expression: textAt(metric, 'expression'),
      Label: textAt(metric, 'label'),
      ReturnData: objectAt(metric)?.['returnData'],
      MetricStat:
        stat === undefined
          ? undefined
          : {
              Period: numberAt(stat, 'period'),
              Stat: textAt(stat, 'stat'),
              Metric: {
                MetricName: textAt(stat, 'metric', 'name'),
                Namespace: textAt(stat, 'metric', 'namespace'),
                Dimensions: pairsOf(valueAt(stat, 'metric', 'dimensions')).map(([name, value]) => ({ name, value })),
              },
            },
    };
  });
  const { threshold, comparisonOperator, evaluationPeriods, datapointsToAlarm, thresholdMetricId } = configuration;
  return {
    Metrics: metrics,
    Threshold: threshold,
    ComparisonOperator: comparisonOperator,
    EvaluationPeriods: evaluationPeriods,
    DatapointsToAlarm: datapointsToAlarm,
    ThresholdMetricId: thresholdMetricId,
  };
}

function kindOf(json: JsonObject, trigger: JsonObject | undefined): AlertKind {
  if (json['AlarmRule'] !== undefined) return 'composite-alarm';
  if (objectAt(json, 'ScheduledQueryConfiguration') ?? objectAt(trigger, 'ScheduledQueryConfiguration')) return 'log-alarm';
  if (objectAt(json, 'EvaluationCriteria') ?? objectAt(trigger, 'EvaluationCriteria') ?? objectAt(trigger, 'PromQLCriteria'))
    return 'promql-alarm';
  if (trigger === undefined) return 'log-alarm';
  return trigger['ThresholdMetricId'] === undefined || trigger['ThresholdMetricId'] === null ? 'metric-alarm' : 'anomaly-alarm';
}

/** An alert of the alarm, or of each of its contributors that the notification names. */
function toAlerts(change: AlarmChange, input: ReadInput): Alert[] {
  const { contributors } = change;
  return contributors.length === 0 ? [toAlert(change, undefined, input)] : contributors.map((one) => toAlert(change, one, input));
}

function toAlert(change: AlarmChange, contributor: Contributor | undefined, input: ReadInput): Alert {
  const { account, arn, description, kind, measurement, name, region, state, tags } = change;
  const changedAt = reportedAt(change.changedAt, input);
  const tag = (wanted: string): string | undefined => tags.find(([key]) => key.toLowerCase() === wanted)?.[1];
  const severity = severityOf(tag('severity')) ?? severityOf(/\bseverity[:=]\s*(\w+)/i.exec(description ?? '')?.[1]) ?? 'warning';
  const attributes = contributor?.attributes ?? [];
  const labels: Labels = cleanLabels([
    ['alertname', name],
    ['severity', severity],
    ['kind', kind],
    ['account', account],
    ['region', region],
    ...tags.filter(([key]) => !TEXT_TAGS.has(key.toLowerCase())).map(([key, value]) => [labelName(key), value] as const),
    ...attributes.map(([key, value]) => [labelName(key), value] as const),
    ...change.dimensions.map(([key, value]) => [labelName(key), value] as const),
  ]);
  const runbook = tag('runbook') ?? /\bhttps:\/\/[^\s<>"]+/.exec(description ?? '')?.[0];
  const links: Link[] = isRegion(region) ? [{ kind: 'alarm', url: alarmLink(region, name) }] : [];
  if (runbook !== undefined && isHttps(runbook)) links.push({ kind: 'runbook', url: runbook });
  const isOk = state === 'OK';
  return {
    key: `${arn === '' ? `${account}/${region}/${name}` : arn}${contributor === undefined ? '' : `#${contributor.id}`}`,
    kind,
    lifecycle: 'state',
    title: tag('title') ?? titleIn(description) ?? name,
    severity,
    labels,
    startsAt: changedAt,
    ...(isOk ? { endsAt: Math.min(changedAt, input.receivedAt) } : {}),
    updatedAt: changedAt,
    ...(state !== 'ALARM' && !isOk ? { isBlind: true } : {}),
    ...optional('reason', change.reason),
    ...optional('description', description),
    ...(measurement === undefined ? {} : { measurement }),
    details: change.details,
    links,
    window: windowOf(measurement, changedAt),
    ...optional('widget', change.widget),
  };
}

/** Our own alarms' descriptions begin with the title and the place; a title that no tag may hold stands only there. */
function titleIn(description: string | undefined): string | undefined {
  return /^([^\n]{1,120}) \((?:cluster [^()\n]{1,120}|account)\)\n/.exec(description ?? '')?.[1];
}

/** Tags that are words for people: nobody routes by them. */
const TEXT_TAGS = new Set(['title', 'runbook']);

/** What the alarm looked at when it changed, and a little before. Log events arrive late: a minute is added behind. */
function windowOf(measurement: Measurement | undefined, changedAt: number): { readonly fromMs: number; readonly toMs: number } {
  const looked = Math.min(86_400, (measurement?.periodSeconds ?? 300) * Math.max(1, measurement?.evaluationPeriods ?? 1));
  return { fromMs: changedAt - Math.max(300, looked) * 1000, toMs: changedAt + 60_000 };
}

function childrenOf(json: JsonObject): Detail[] {
  const names = listAt(json, 'TriggeringChildren')
    .slice(0, 10)
    .flatMap((child) => {
      const arn = textAt(child, 'Arn');
      const state = textAt(child, 'State', 'Value');
      return arn === undefined || (state !== undefined && state !== 'ALARM') ? [] : [arn.slice(arn.lastIndexOf(':alarm:') + 7)];
    });
  return names.length === 0 ? [] : [{ name: 'In alarm', value: names.join(', ') }];
}

/** Tags in any shape; those that AWS sets itself are left out. */
function tagsOf(value: unknown): Pair[] {
  return pairsOf(value).filter(([key]) => !/^aws:/i.test(key));
}

/** The notification's `Region` is a name for people ("EU (Ireland)"): the ARN has the one that addresses need. */
function regionOf(arn: string, { region }: { readonly region: string }): string {
  const found = arn.split(':')[3] ?? '';
  return isRegion(found) ? found : region;
}

function accountOf(arn: string, { account }: { readonly account: string }): string {
  const found = arn.split(':')[4] ?? '';
  return /^\d{12}$/.test(found) ? found : account;
}

/** Whether a text from outside is an address that a button may open. */
export function isHttps(url: string): boolean {
  return /^https:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?(?:[/?#][^\s<>"|\\^`{}]*)?$/.test(url) && url.length <= 2900;
}

/** A member where there is something to say. */
export function optional<K extends string>(name: K, value: string | undefined): { readonly [key in K]?: string } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [key in K]?: string });
}

/** Time of a field, for details: ISO text. */
export function isoTime(value: unknown): string | undefined {
  const ms = timeOf(value);
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

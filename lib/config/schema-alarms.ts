import * as z from 'zod';
import { MISSING_DATA } from '../../lambdas/core/alarms/state.ts';
import { clusterName, itemName, textLike, whole } from './schema-names.ts';

/** How urgent an alarm is; each severity has a topic of its own. */
export const SEVERITIES = ['critical', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What an alarm is made for: once for a cluster, or once for each of its … */
export const TARGETS = [
  'cluster',
  'source',
  'subscription',
  'indexer',
  'stream',
  'delivery',
  'searchDelivery',
  'archiveDelivery',
  'parquetDelivery',
  'deliveryLog',
  'transform',
  'loadBalancer',
  'targetGroup',
  'account',
  'domain',
] as const;
export type TargetKind = (typeof TARGETS)[number];

export const duration = textLike(/^[1-9]\d{0,5}(s|m|h|d)$/, 'not a length of time: a number and s, m, h or d', 'such as 60s, 5m, 1h or 1d');

const durationOrNone = textLike(
  /^(0|[1-9]\d{0,5})(s|m|h|d)$/,
  'not a length of time: a number and s, m, h or d',
  'such as 0s, 60s, 5m or 1h',
);

const severity = z.enum(SEVERITIES).describe('critical is told with a mention, info is told quietly');
const owner = z.string().min(1).max(256).describe('team that is told; becomes the tag `team` of the alarm');
const threshold = z.number().describe('number that the value is compared with');
const points = textLike(
  /^[1-9]\d{0,4} of [1-9]\d{0,4}$/,
  'not a number of data points: M of N, where M must breach of the newest N',
  'such as 3 of 5, M at most N',
).describe('M of N: so many of the newest N data points must breach');
const actionArn = textLike(/^arn:aws[a-z-]*:[a-z0-9-]+:[^\s]{1,1000}$/, 'an action is the ARN of what is to be done', 'an ARN');

const actionsSchema = z
  .strictObject({
    alarm: z
      .array(actionArn)
      .max(4)
      .default([])
      .describe('besides the topic, when it fires: SNS, Lambda, Auto Scaling, EC2, Systems Manager'),
    ok: z.array(actionArn).max(4).default([]).describe('besides the topic, when it is over'),
    insufficientData: z.array(actionArn).max(5).default([]).describe('when its data is missing; nobody is told otherwise'),
  })
  .prefault({})
  .describe('Actions besides the topic of its severity; CloudWatch takes five per state');

/** A metric as CloudWatch knows it. `{{cluster}}` and the like in dimensions stand for what the alarm is made for. */
export const metricSchema = z.strictObject({
  namespace: z.string().min(1).max(255).describe('such as ContainerInsights or AWS/EKS'),
  name: z.string().min(1).max(255).describe('name of the metric'),
  dimensions: z
    .record(z.string().min(1).max(255), z.string().min(1).max(1024))
    .default({})
    .describe('the whole set: another set is another metric'),
  statistic: textLike(
    /^(SampleCount|Sum|Average|Minimum|Maximum|p(\d{1,2}(\.\d{1,10})?|100))$/,
    'not a statistic that an alarm here may use',
    'SampleCount Sum Average Minimum Maximum p0 to p100',
  ),
  unit: z.string().max(64).optional().describe('only samples of this unit'),
});
export type MetricConfig = z.output<typeof metricSchema>;

/** What an alarm looks at, and when that is wrong. One of metric, metrics, groups, pattern, logs, promql and rule. */
export const checkSchema = z
  .strictObject({
    metric: metricSchema.optional().describe('one metric'),
    metrics: z
      .record(z.string().regex(/^[a-z]\w{0,254}$/), metricSchema)
      .optional()
      .describe('metrics by the ids that `expression` uses'),
    expression: z.string().min(1).max(1024).optional().describe('metric math over `metrics`'),
    groups: z
      .strictObject({
        aggregate: z.enum(['AVG', 'COUNT', 'MAX', 'MIN', 'SUM']),
        namespace: z.string().min(1).max(255),
        name: z.string().min(1).max(255),
        dimensions: z.array(z.string().min(1)).min(1).max(30).describe('exactly the dimensions that the metrics have'),
        where: z.record(z.string().min(1), z.string().max(1024)).default({}).describe('values that dimensions must have'),
        by: z.array(z.string().min(1)).min(1).max(5).describe('one contributor per value of these'),
      })
      .optional()
      .describe('a Metrics Insights query: one alarm for many metrics; AWS charges per metric that it looks at'),
    byNamespace: z.array(z.string().min(1)).optional().describe('dimensions of the set by which thresholds may differ by namespace'),
    pattern: z
      .strictObject({
        source: z.string().min(1).describe('controlPlane, application, host, dataplane, performance, events, or the name of a source'),
        filter: z.string().min(1).max(1024).describe('CloudWatch filter pattern'),
        value: z.string().max(100).default('1').describe('number, or $.member, that each match adds'),
        perEvents: z.boolean().default(false).describe('compare the share of all events in percent instead of the count'),
      })
      .optional()
      .describe('lines that match a filter pattern, counted by a metric filter'),
    logs: z
      .strictObject({
        query: z.string().min(1).describe('a saved query of docs/queries.md'),
        parameters: z.record(z.string(), z.string()).default({}),
        aggregate: z
          .string()
          .min(1)
          .max(2048)
          .default('count(*)')
          .describe('count(*), avg(f), sum(f), min(f), max(f), then by field and sort'),
        every: duration.default('5m').describe('each run is paid by the data that it scans'),
        range: duration.optional().describe('how far a run looks back; default: as far as the run before'),
        delay: durationOrNone.default('60s').describe('events that arrive later than this are not seen'),
      })
      .optional()
      .describe('a saved query that runs on a schedule'),
    promql: z
      .string()
      .min(1)
      .max(10_000)
      .optional()
      .describe('PromQL with its condition; every series that it gives is a firing contributor'),
    every: duration.optional().describe('how often the PromQL is asked'),
    pending: durationOrNone.optional().describe('how long a series must be there; Prometheus calls it `for`'),
    recovery: durationOrNone.optional().describe('how long it must be gone; Prometheus calls it `keep_firing_for`'),
    rule: z
      .string()
      .min(1)
      .max(10_240)
      .optional()
      .describe('a composite: ALARM(name) AND|OR|NOT …, AT_LEAST(2, ALARM, (a, b)); names as in this catalogue'),
    when: textLike(
      /^(>|>=|<|<=) (-?\d+(\.\d+)?(e\d+)?|\{\{\w+\}\})$|^(above|below|outside) band \d+(\.\d+)?$/,
      'not a condition',
      '> >= < <= and a number, or above|below|outside band N for N standard deviations of a learned band',
    ).optional(),
    points: points.optional(),
    period: duration.optional().describe('length of a data point: 10s, 20s, 30s or a multiple of 60s'),
    missing: z.enum(MISSING_DATA).optional().describe('how data points that are not there are read'),
    because: z.string().max(500).optional().describe('why missing data is read this way'),
    lowSamples: z.enum(['evaluate', 'ignore']).optional().describe('of percentiles: whether too few samples keep the state'),
    wallClock: z.string().min(1).max(50).optional().describe('a time zone: periods are calendar hours or days there'),
  })
  .describe('What is looked at, and when it is wrong');
export type CheckConfig = z.output<typeof checkSchema>;

const suppressorSchema = z
  .strictObject({
    alarm: itemName.describe('while it fires, this one does nothing'),
    wait: durationOrNone.default('60s').describe('how long this one waits for it before it acts'),
    extension: durationOrNone.default('60s').describe('how long this one stays quiet after it'),
  })
  .describe('Only for a rule: inhibition');

/** An alarm, of the catalogue or of one's own. */
export const alarmSchema = z.strictObject({
  title: z.string().min(1).max(120).describe('one line that says what is wrong'),
  why: z.string().min(1).max(2000).describe('why the alarm exists'),
  do: z.string().min(1).max(4000).describe('what to do when it fires'),
  severity,
  owner: owner.optional(),
  enabled: z.boolean().default(true),
  each: z.enum(TARGETS).default('cluster').describe('what it is made for'),
  kinds: z.array(z.string()).optional().describe('with each: source, only sources of these kinds'),
  kubernetes: textLike(/^(>=|<) 1\.\d{2}$/, 'not a condition on the version', 'such as ">= 1.28"').optional(),
  query: z.string().optional().describe('saved query that explains it'),
  check: checkSchema.optional().describe('for every profile of metrics'),
  classic: checkSchema.optional().describe('for collection.metrics: classic'),
  otel: checkSchema.optional().describe('for collection.metrics: otel'),
  tellBy: itemName.optional().describe('a rule that tells for it: this one then has no actions of its own'),
  suppressor: suppressorSchema.optional(),
  warmUp: duration.optional().describe('no evaluation for so long after it was made or changed'),
  actions: actionsSchema,
});
export type AlarmConfig = z.output<typeof alarmSchema>;

/** What may differ by namespace. */
const byNamespaceSchema = z.strictObject({
  enabled: z.boolean().default(true).describe('false: nobody is told of this namespace'),
  threshold: threshold.optional(),
  points: points.optional(),
  severity: severity.optional(),
  owner: owner.optional(),
});

const changeSchema = z.strictObject({
  enabled: z.boolean().optional().describe('false switches it off, true on where it is off by default'),
  severity: severity.optional(),
  owner: owner.optional(),
  threshold: threshold.optional(),
  points: points.optional(),
  period: duration.optional(),
  missing: z.enum(MISSING_DATA).optional(),
  warmUp: duration.optional(),
  actions: actionsSchema.optional(),
  clusters: z.array(clusterName).min(1).optional().describe('only for these clusters; the others keep it as it is'),
  namespaces: z
    .record(z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/), byNamespaceSchema)
    .default({})
    .describe('what differs by namespace'),
});
export type AlarmChange = z.output<typeof changeSchema>;

const muteSchema = z.strictObject({
  name: itemName,
  schedule: z.string().min(1).max(200).describe('cron(minute hour day-of-month month day-of-week) or at(yyyy-MM-ddThh:mm)'),
  duration: duration.describe('1m to 15d'),
  timeZone: z.string().min(1).max(50).default('UTC'),
  alarms: z.array(z.string().min(1).max(200)).min(1).max(100).describe('names; * stands for any text'),
  clusters: z.array(clusterName).optional(),
});

const loadBalancerSchema = z.strictObject({
  name: itemName,
  cluster: clusterName,
  loadBalancer: textLike(
    /^app\/[A-Za-z0-9-]{1,32}\/[0-9a-f]{16}$/,
    'not the part of an ALB behind loadbalancer/ in its ARN',
    'app/<name>/<id>',
  ),
  targetGroups: z
    .array(
      textLike(/^targetgroup\/[A-Za-z0-9-]{1,32}\/[0-9a-f]{16}$/, 'not the end of the ARN of a target group', 'targetgroup/<name>/<id>'),
    )
    .max(100)
    .default([]),
});

/** Alarms: which of the catalogue, how they differ, and one's own. */
export const alarmsSchema = z
  .strictObject({
    enabled: z.boolean().default(false).describe('whether alarms are deployed'),
    owner: owner.default('platform'),
    runbookUrl: textLike(/^https:\/\/[^\s]{1,500}$/, 'a link to the runbook begins with https://', 'https://… with {alarm} for the name')
      .optional()
      .describe('where docs/alarms.md can be read; {alarm} stands for the name of the alarm'),
    tellOk: z.boolean().default(true).describe('also tell when an alarm is over'),
    showLines: z
      .boolean()
      .default(true)
      .describe(
        'show the last lines that an alarm on logs counted in its message; each firing message is a query, paid by the data that it scans',
      ),
    warmUp: duration.default('15m').describe('no alarm for so long after a deploy made or changed it; up to 2 days'),
    disable: z
      .array(z.string().min(1).max(200))
      .max(500)
      .default([])
      .describe('alarms of the catalogue that are not deployed; * stands for any text'),
    change: z.record(itemName, changeSchema).default({}).describe('alarms of the catalogue that are to be different'),
    own: z.record(itemName, alarmSchema).default({}).describe('alarms of your own, in the shape of alarms/catalogue'),
    mute: z.array(muteSchema).max(50).default([]).describe('times in which alarms tell nobody'),
    loadBalancers: z.array(loadBalancerSchema).max(100).default([]).describe('load balancers in front of the clusters'),
    maxAlarms: whole(1, 5000).default(1000).describe('check refuses more: a slip in a list should not cost hundreds a month'),
  })
  .prefault({})
  .describe('CloudWatch alarms: the catalogue of docs/alarms.md, as you change it, and your own');
export type AlarmsConfig = z.output<typeof alarmsSchema>;

import { parseAggregation } from '../../lambdas/core/alarms/aggregation.ts';
import { alarmsIn, parseRule, RuleSyntaxError } from '../../lambdas/core/alarms/composite-rule.ts';
import { idsIn, MathSyntaxError, parseMath } from '../../lambdas/core/alarms/math-parse.ts';
import { WALL_CLOCK_PERIODS, zoneOffsetMs } from '../../lambdas/core/alarms/windows.ts';
import { compileMetricFilter } from '../../lambdas/core/filter-pattern/metric-filter.ts';
import type { Finding, Path } from '../config/problems.ts';
import type { AlarmConfig, CheckConfig, TargetKind } from '../config/schema-alarms.ts';
import { unknownMetric } from './metric-table.ts';
import { unknownInPromql } from './metrics-otel.ts';
import { conditionOf, placeholdersIn, pointsOf, secondsOf } from './spec.ts';

/** What an alarm can look at. */
export const CHECK_KINDS = ['metric', 'metrics', 'groups', 'pattern', 'logs', 'promql', 'rule'] as const;
export type CheckKind = (typeof CHECK_KINDS)[number];

/** The kind of a check; undefined where none or several are given. */
export function kindOfCheck(check: CheckConfig): CheckKind | undefined {
  const given = CHECK_KINDS.filter((kind) => check[kind] !== undefined);
  return given.length === 1 ? given[0] : undefined;
}

/** Placeholders by what an alarm is made for. */
export const PLACEHOLDERS: { readonly [each in TargetKind]: readonly string[] } = {
  cluster: ['cluster', 'storageSizeMetric'],
  source: ['cluster', 'source', 'logGroup'],
  subscription: ['cluster', 'source', 'logGroup', 'filterName'],
  indexer: ['cluster', 'function'],
  stream: ['cluster', 'stream', 'halfRetentionMs'],
  delivery: ['cluster', 'deliveryStream', 'destination', 'lateSeconds'],
  searchDelivery: ['cluster', 'deliveryStream', 'destination', 'lateSeconds'],
  archiveDelivery: ['cluster', 'deliveryStream', 'destination', 'lateSeconds'],
  parquetDelivery: ['cluster', 'deliveryStream', 'destination', 'lateSeconds'],
  deliveryLog: ['cluster', 'errorGroup'],
  transform: ['cluster', 'function'],
  loadBalancer: ['cluster', 'loadBalancer'],
  targetGroup: ['cluster', 'loadBalancer', 'targetGroup'],
  account: ['account', 'redrive'],
  domain: ['account', 'domain', 'quarterVolumeMiB'],
};

/** Longest evaluation: periods times their length, in seconds (PutMetricAlarm): a day, a week for periods of an hour and more. */
const MAX_EVALUATION_SECONDS = { short: 86_400, long: 604_800 } as const;
const HIGH_RESOLUTION = [10, 20, 30];
/** Namespaces without high-resolution metrics: between two minutes there is no data, and the alarm would read it as missing. */
const BY_THE_MINUTE = /^(?:AWS\/|ContainerInsights$)/;
/** Most dimensions of a metric (PutMetricAlarm). */
const MAX_DIMENSIONS = 30;
/** Most metrics of an expression (metric math of alarms). */
const MAX_MATH_METRICS = 10;

/** Everything wrong with an alarm by itself. Paths begin at the alarm. */
export function problemsOfAlarm(alarm: AlarmConfig): Finding[] {
  const checks = (['check', 'classic', 'otel'] as const).flatMap((name) =>
    alarm[name] === undefined ? [] : [[name, alarm[name]] as const],
  );
  const found: Finding[] = [];
  if (checks.length === 0)
    found.push({ path: [], what: 'nothing is looked at: give it check, or classic and otel for the two profiles of metrics' });
  if (alarm.check !== undefined && (alarm.classic ?? alarm.otel) !== undefined)
    found.push({ path: ['check'], what: 'either check for every profile, or classic and otel' });
  for (const [name, check] of checks) found.push(...problemsOfCheck(check, [name], alarm));
  const isComposite = checks.some(([, check]) => check.rule !== undefined);
  if (alarm.suppressor !== undefined && !isComposite)
    found.push({ path: ['suppressor'], what: 'only a rule has a suppressor: put a rule around this alarm and give it tellBy' });
  if (alarm.tellBy !== undefined && isComposite) found.push({ path: ['tellBy'], what: 'a rule tells by itself' });
  if (alarm.kinds !== undefined && alarm.each !== 'source') found.push({ path: ['kinds'], what: 'only with each: source' });
  return found;
}

function problemsOfCheck(check: CheckConfig, at: Path, alarm: AlarmConfig): Finding[] {
  const found: Finding[] = [];
  const add = (path: Path, what: string, limit?: string, value?: unknown): void => {
    found.push({ path: [...at, ...path], what, ...(limit === undefined ? {} : { limit }), ...(value === undefined ? {} : { value }) });
  };
  const kind = kindOfCheck(check);
  if (kind === undefined) {
    const given = CHECK_KINDS.filter((each) => check[each] !== undefined);
    add(
      [],
      given.length === 0 ? 'the check looks at nothing' : `the check looks at ${given.join(' and ')} at once`,
      `one of ${CHECK_KINDS.join(' ')}`,
    );
    return found;
  }
  checkNeeded(check, kind, add);
  const metrics = [check.metric, ...Object.values(check.metrics ?? {}), check.groups];
  const isByMinute = metrics.some((metric) => metric !== undefined && BY_THE_MINUTE.test(metric.namespace));
  if (isByMinute && check.period !== undefined && secondsOf(check.period) < 60)
    add(['period'], 'metrics of AWS services and of Container Insights come by the minute', '60s and more', check.period);
  if (check.when !== undefined) checkCondition(check.when, add);
  checkPlaceholders(check, alarm.each, add);
  switch (kind) {
    case 'metric':
      if (check.metric !== undefined) checkMetric(check.metric, ['metric'], add);
      break;
    case 'metrics':
      checkMath(check, add);
      break;
    case 'groups':
      if (check.groups !== undefined) {
        const { namespace, name, dimensions, by } = check.groups;
        const unknown = unknownMetric(namespace, name, dimensions);
        if (unknown !== undefined) add(['groups'], unknown);
        for (const each of by)
          if (!dimensions.includes(each)) add(['groups', 'by'], `${each} is none of the dimensions`, dimensions.join(' '));
      }
      break;
    case 'pattern':
      checkPattern(check, add);
      break;
    case 'logs': {
      const parsed = parseAggregation(check.logs?.aggregate ?? '');
      if (!parsed.ok) add(['logs', 'aggregate'], parsed.reason, undefined, check.logs?.aggregate);
      if (secondsOf(check.logs?.every ?? '') % 60 !== 0)
        add(['logs', 'every'], 'a scheduled query runs each so many whole minutes', '1m and more', check.logs?.every);
      break;
    }
    case 'promql': {
      const unknown = unknownInPromql(check.promql ?? '');
      if (unknown.length > 0) add(['promql'], `the profile otel sends no ${unknown.join(', ')}`);
      if (at[0] === 'classic') add(['promql'], 'the profile classic sends nothing that PromQL could ask');
      checkPromql(check, add);
      break;
    }
    case 'rule':
      checkRule(check.rule ?? '', add);
      break;
  }
  return found;
}

type Add = (path: Path, what: string, limit?: string, value?: unknown) => void;

/** Fields that a kind needs, and those that it does not have. */
function checkNeeded(check: CheckConfig, kind: CheckKind, add: Add): void {
  const isMetric = kind === 'metric' || kind === 'metrics' || kind === 'groups' || kind === 'pattern';
  const needs: (keyof CheckConfig)[] = isMetric
    ? ['when', 'points', 'period', 'missing', 'because']
    : kind === 'logs'
      ? ['when', 'points', 'missing', 'because']
      : [];
  for (const field of needs) if (check[field] === undefined) add([], `${field} is missing: ${NEEDED[field] ?? ''}`);
  const metricOnly: (keyof CheckConfig)[] = isMetric ? [] : ['period', 'lowSamples', 'wallClock'];
  const promqlOnly: (keyof CheckConfig)[] = kind === 'promql' ? [] : ['every', 'pending', 'recovery'];
  const conditionOnly: (keyof CheckConfig)[] = isMetric || kind === 'logs' ? [] : ['when', 'points', 'missing', 'because'];
  for (const field of [...metricOnly, ...promqlOnly, ...conditionOnly])
    if (check[field] !== undefined) add([field], `a check of ${kind} has no ${field}`);
  if (check.expression !== undefined && kind !== 'metrics') add(['expression'], 'an expression needs metrics');
  if (kind === 'promql' && check.every === undefined) add([], 'every is missing: how often the PromQL is asked');
  if (check.points !== undefined) checkPoints(check, kind, add);
  if (kind === 'logs' && check.when !== undefined && conditionOf(check.when).kind === 'band')
    add(['when'], 'a log alarm compares with a number');
}

const NEEDED: { readonly [field: string]: string } = {
  when: 'the condition, such as "> 3"',
  points: 'such as 3 of 5',
  period: 'length of a data point, such as 60s',
  missing: 'how data that is not there is read',
  because: 'why missing data is read this way; it stands in docs/alarms.md',
};

function checkPoints(check: CheckConfig, kind: CheckKind, add: Add): void {
  const { datapointsToAlarm, evaluationPeriods } = pointsOf(check.points ?? '');
  if (datapointsToAlarm > evaluationPeriods) add(['points'], 'more points must breach than are looked at', 'M at most N', check.points);
  if (kind === 'logs') {
    if (evaluationPeriods > 100) add(['points'], 'a log alarm looks at the last 100 runs', '100', check.points);
    return;
  }
  if (check.period === undefined) return;
  const period = secondsOf(check.period);
  if (!HIGH_RESOLUTION.includes(period) && period % 60 !== 0)
    add(['period'], 'CloudWatch has no such period', '10s 20s 30s or a multiple of 60s', check.period);
  const most = period >= 3600 ? MAX_EVALUATION_SECONDS.long : MAX_EVALUATION_SECONDS.short;
  if (period * evaluationPeriods > most)
    add(
      ['points'],
      `${evaluationPeriods} periods of ${check.period} are too long a time to look back`,
      `${most / 3600} hours`,
      check.points,
    );
  if (check.wallClock === undefined) return;
  if (!(WALL_CLOCK_PERIODS as readonly number[]).includes(period))
    add(['period'], 'a wall clock has other periods', '1m 5m 1h 1d 7d', check.period);
  try {
    zoneOffsetMs(0, check.wallClock);
  } catch {
    add(['wallClock'], 'nobody knows this time zone', 'such as UTC, Asia/Seoul or +05:30', check.wallClock);
  }
}

/** A template has no number beyond all numbers, and a band of no width is left by every value. */
function checkCondition(when: string, add: Add): void {
  const condition = conditionOf(when);
  if (condition.kind === 'band' && condition.deviations <= 0) add(['when'], 'a band needs a width', 'more than 0', when);
  if (condition.kind === 'threshold' && Math.abs(condition.threshold) === Number.POSITIVE_INFINITY)
    add(['when'], 'a number that nothing can reach', 'at most 1e308', when);
}

function checkMetric(metric: NonNullable<CheckConfig['metric']>, path: Path, add: Add): void {
  const count = Object.keys(metric.dimensions).length;
  if (count > MAX_DIMENSIONS)
    add([...path, 'dimensions'], `a metric has at most ${MAX_DIMENSIONS} dimensions`, String(MAX_DIMENSIONS), count);
  // A name that stands for several is looked at by the test of each.
  if (placeholdersIn(metric.name).length > 0) return;
  const unknown = unknownMetric(metric.namespace, metric.name, Object.keys(metric.dimensions));
  if (unknown !== undefined) add(path, `this metric never has data: ${unknown}`);
}

function checkMath(check: CheckConfig, add: Add): void {
  const metrics = check.metrics ?? {};
  const ids = Object.keys(metrics);
  for (const [id, metric] of Object.entries(metrics)) checkMetric(metric, ['metrics', id], add);
  if (ids.length > MAX_MATH_METRICS)
    add(['metrics'], `an expression has at most ${MAX_MATH_METRICS} metrics`, `${MAX_MATH_METRICS}`, ids.length);
  if (check.expression === undefined) {
    add([], 'expression is missing: metric math over the metrics');
    return;
  }
  try {
    const used = idsIn(parseMath(check.expression));
    for (const id of used) if (!ids.includes(id)) add(['expression'], `no metric has the id ${id}`, ids.join(' '));
    for (const id of ids) if (!used.includes(id)) add(['metrics', id], 'the expression does not use this metric');
  } catch (error) {
    if (!(error instanceof MathSyntaxError)) throw error;
    add(['expression'], `column ${error.column}: ${error.message}`, undefined, check.expression);
  }
}

function checkPattern({ pattern, period, when }: CheckConfig, add: Add): void {
  if (pattern === undefined) return;
  const compiled = compileMetricFilter({ filterPattern: pattern.filter, metricValue: pattern.value });
  if (!compiled.ok) {
    for (const { field, reason, column } of compiled.problems) {
      const place = column === undefined ? '' : `column ${column}: `;
      add(
        ['pattern', field === 'metricValue' ? 'value' : 'filter'],
        `${place}${reason}`,
        undefined,
        field === 'metricValue' ? pattern.value : pattern.filter,
      );
    }
  }
  if (period !== undefined && secondsOf(period) < 60) add(['period'], 'metric filters publish by the minute', '60s and more', period);
  if (pattern.perEvents && when !== undefined && conditionOf(when).kind === 'band') add(['when'], 'a share is compared with a number');
}

/** Times that an alarm on PromQL may have (`EvaluationInterval`, `PendingPeriod`, `RecoveryPeriod`), in seconds. */
const PROMQL_SECONDS = { every: { min: 10, max: 3600 }, pending: { min: 0, max: 86_400 }, recovery: { min: 0, max: 86_400 } } as const;

function checkPromql(check: CheckConfig, add: Add): void {
  for (const [field, { min, max }] of Object.entries(PROMQL_SECONDS)) {
    const given = check[field as keyof typeof PROMQL_SECONDS];
    const seconds = given === undefined ? min : secondsOf(given);
    if (seconds < min || seconds > max) add([field], 'CloudWatch takes no such time', `${min}s to ${max}s`, given);
  }
  const open = unbalanced(check.promql ?? '');
  if (open !== undefined) add(['promql'], open, undefined, check.promql);
}

const PAIRS: { readonly [close: string]: string } = { ')': '(', ']': '[', '}': '{' };

/** What of a PromQL text is never closed, or was never open; texts in quotes are passed over. */
function unbalanced(promql: string): string | undefined {
  const open: string[] = [];
  for (const sign of promql.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/g, '')) {
    if (/["'`]/.test(sign)) return 'a text is never closed';
    if (Object.values(PAIRS).includes(sign)) open.push(sign);
    else if (PAIRS[sign] !== undefined && open.pop() !== PAIRS[sign]) return `"${sign}" closes nothing`;
  }
  return open.length === 0 ? undefined : `"${open.at(-1)}" is never closed`;
}

function checkRule(rule: string, add: Add): void {
  try {
    if (alarmsIn(parseRule(rule)).length === 0) add(['rule'], 'the rule names no alarm');
  } catch (error) {
    if (!(error instanceof RuleSyntaxError)) throw error;
    add(['rule'], `column ${error.column}: ${error.message}`, undefined, rule);
  }
}

/** Every `{{name}}` must have a value where the alarm is made. */
function checkPlaceholders(check: CheckConfig, each: TargetKind, add: Add): void {
  const known = PLACEHOLDERS[each];
  const walk = (value: unknown, path: Path): void => {
    if (typeof value === 'string') {
      for (const name of placeholdersIn(value))
        if (!known.includes(name))
          add(path, `{{${name}}} stands for nothing with each: ${each}`, known.map((one) => `{{${one}}}`).join(' '), value);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key]);
    }
  };
  walk(check, []);
}

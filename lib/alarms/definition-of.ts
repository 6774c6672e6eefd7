import type { AlarmDefinition, AlarmQuery, MetricAlarm, MetricId } from '../../lambdas/core/alarms/definition.ts';
import { fillParameters, trialValues } from '../../lambdas/core/insights/query-file.ts';
import type { DeployedQuery } from '../config/query-plan.ts';
import type { CheckConfig, MetricConfig } from '../config/schema-alarms.ts';
import { kindOfCheck } from './check-shape.ts';
import { PATTERN_NAMESPACE } from './metrics-own.ts';
import type { NamespaceCheck } from './namespaces.ts';
import type { PlannedFilter } from './planned.ts';
import { conditionOf, fill, pointsOf, secondsOf } from './spec.ts';

/** What a definition is made from, besides the check. */
export interface DefinitionInput extends NamespaceCheck {
  /** Name of the deployed alarm. */
  readonly deployedName: string;
  /** Unique in its scope: names of metric filters are made of it. */
  readonly id: string;
  /** Starts the name of a pattern's metric: two clusters must not share one. */
  readonly scopeName: string;
  readonly values: { readonly [name: string]: string };
  /** The log group of a pattern's source. */
  readonly logGroup?: string | undefined;
  /** The saved query of a log alarm, with the cluster's log groups. */
  readonly query?: DeployedQuery | undefined;
}

/** An alarm's definition for the evaluator and the template, and the metric filters that it needs. Rules are made elsewhere: they need the others' names. */
export function definitionOf(input: DefinitionInput): {
  readonly definition: Exclude<AlarmDefinition, { kind: 'composite' }>;
  readonly filters: readonly PlannedFilter[];
} {
  const { check, deployedName } = input;
  switch (kindOfCheck(check)) {
    case 'logs':
      return { definition: logAlarm(input), filters: [] };
    case 'promql':
      return {
        definition: {
          kind: 'promql',
          name: deployedName,
          query: fill(check.promql ?? '', input.values).trim(),
          everySeconds: secondsOf(check.every ?? '60s'),
          pendingSeconds: secondsOf(check.pending ?? '0s'),
          recoverySeconds: secondsOf(check.recovery ?? '0s'),
        },
        filters: [],
      };
    case 'pattern': {
      const { queries, filters } = patternQueries(input);
      return { definition: metricAlarm(input, queries), filters };
    }
    default:
      return { definition: metricAlarm(input, metricQueries(input)), filters: [] };
  }
}

function metricId(
  { namespace, name, dimensions }: Pick<MetricConfig, 'namespace' | 'name' | 'dimensions'>,
  values: DefinitionInput['values'],
): MetricId {
  return {
    namespace,
    metricName: fill(name, values),
    dimensions: Object.fromEntries(Object.entries(dimensions).map(([key, value]) => [key, fill(value, values)])),
  };
}

function metricQueries({ check, values, without }: DefinitionInput): AlarmQuery[] {
  const one = (id: string, metric: MetricConfig, returnData: boolean): AlarmQuery => ({
    id,
    metric: metricId(metric, values),
    statistic: metric.statistic,
    ...(metric.unit === undefined ? {} : { unit: metric.unit }),
    returnData,
  });
  if (check.metric !== undefined) return [one('m1', check.metric, true)];
  if (check.groups !== undefined) return [{ id: 'q1', expression: insightsText(check.groups, values, without), returnData: true }];
  const metrics = Object.entries(check.metrics ?? {}).map(([id, metric]) => one(id, metric, false));
  return [...metrics, { id: 'result', expression: check.expression ?? '', returnData: true }];
}

const PLAIN_NAME = /^[A-Za-z_]\w*$/;
const named = (name: string): string => (PLAIN_NAME.test(name) ? name : `"${name}"`);

function insightsText(groups: NonNullable<CheckConfig['groups']>, values: DefinitionInput['values'], without: readonly string[]): string {
  const { aggregate, namespace, name, dimensions, where, by } = groups;
  const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;
  const conditions = [
    ...Object.entries(where).map(([key, value]) => `${named(key)} = ${text(fill(value, values))}`),
    ...without.map((value) => `Namespace != ${text(value)}`),
  ];
  const condition = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  return `SELECT ${aggregate}(${named(name)}) FROM SCHEMA("${namespace}", ${dimensions.map(named).join(', ')})${condition} GROUP BY ${by.map(named).join(', ')}`;
}

/** A count of lines is one metric filter; a share needs all events as well, CloudWatch's own count or, for a namespace, a second filter. */
function patternQueries(input: DefinitionInput): { readonly queries: AlarmQuery[]; readonly filters: PlannedFilter[] } {
  const { check, id, scopeName, values, logGroup = '', totalFilter } = input;
  const { pattern } = check;
  const filterFor = (suffix: string, filterPattern: string, metricValue: string): PlannedFilter => ({
    id: `${id}${suffix}`,
    logGroup,
    filterPattern: fill(filterPattern, values),
    metricNamespace: PATTERN_NAMESPACE,
    // A metric's name may hold no colon (PutMetricFilter).
    metricName: `${scopeName}/${id}${suffix}`.replaceAll(':', '.'),
    metricValue,
    defaultValue: 0,
  });
  const matching = filterFor('', pattern?.filter ?? '', pattern?.value ?? '1');
  const queryFor = (queryId: string, { metricNamespace, metricName }: PlannedFilter, returnData: boolean): AlarmQuery => ({
    id: queryId,
    metric: { namespace: metricNamespace, metricName, dimensions: {} },
    statistic: 'Sum',
    returnData,
  });
  if (pattern?.perEvents !== true) return { queries: [queryFor('m1', matching, true)], filters: [matching] };
  const total = totalFilter === undefined ? undefined : filterFor('-total', totalFilter, '1');
  const totalQuery: AlarmQuery =
    total === undefined
      ? {
          id: 'total',
          metric: { namespace: 'AWS/Logs', metricName: 'IncomingLogEvents', dimensions: { LogGroupName: logGroup } },
          statistic: 'Sum',
          returnData: false,
        }
      : queryFor('total', total, false);
  return {
    queries: [queryFor('lines', matching, false), totalQuery, { id: 'result', expression: '100 * lines / total', returnData: true }],
    filters: total === undefined ? [matching] : [matching, total],
  };
}

function metricAlarm({ check, deployedName, values }: DefinitionInput, queries: readonly AlarmQuery[]): MetricAlarm {
  const condition = conditionOf(fill(check.when ?? '', values));
  const { datapointsToAlarm, evaluationPeriods } = pointsOf(check.points ?? '');
  const base = {
    kind: 'metric',
    name: deployedName,
    periodSeconds: secondsOf(check.period ?? ''),
    evaluationPeriods,
    datapointsToAlarm,
    treatMissingData: check.missing ?? 'missing',
    ...(check.lowSamples === undefined ? {} : { lowSamples: check.lowSamples }),
    ...(check.wallClock === undefined ? {} : { window: { kind: 'wallClock', timeZone: check.wallClock } as const }),
  } as const;
  if (condition.kind === 'threshold') return { ...base, queries, comparison: condition.comparison, threshold: condition.threshold };
  const main = queries.find(({ returnData }) => returnData);
  const band: AlarmQuery = {
    id: 'band',
    expression: `ANOMALY_DETECTION_BAND(${main?.id ?? 'm1'}, ${condition.deviations})`,
    returnData: true,
  };
  return { ...base, queries: [...queries, band], comparison: condition.comparison, thresholdMetricId: 'band' };
}

function logAlarm({ check, deployedName, query, values }: DefinitionInput): Exclude<AlarmDefinition, { kind: 'composite' }> {
  const { logs } = check;
  if (logs === undefined || query === undefined) throw new Error(`${deployedName}: a log alarm needs its saved query`);
  const condition = conditionOf(check.when ?? '');
  const { datapointsToAlarm, evaluationPeriods } = pointsOf(check.points ?? '');
  const every = secondsOf(logs.every);
  const delay = secondsOf(logs.delay);
  const given = Object.fromEntries(Object.entries(logs.parameters).map(([name, value]) => [name, fill(value, values)]));
  return {
    kind: 'log',
    name: deployedName,
    query: withoutOrder(fillParameters(query.file.query, query.file.parameters, { ...missingDefaults(query), ...given }).text),
    aggregation: logs.aggregate,
    logGroups: query.logGroupNames,
    everySeconds: every,
    startOffsetSeconds: delay + secondsOf(logs.range ?? logs.every),
    endOffsetSeconds: delay,
    resultsToAlarm: datapointsToAlarm,
    resultsToEvaluate: evaluationPeriods,
    comparison: condition.comparison,
    threshold: condition.kind === 'threshold' ? condition.threshold : 0,
    treatMissingData: check.missing ?? 'missing',
  };
}

/** A parameter without a default and without a value is a problem that the check reports; here it gets a word, so that the rest can be looked at. */
function missingDefaults({ file }: DeployedQuery): { [name: string]: string } {
  return trialValues(file);
}

/** The order and the limit of what people see: CloudWatch refuses both in front of the `stats` of the alarm. */
function withoutOrder(query: string): string {
  const shorter = query
    .trim()
    .replace(/\|\s*(?:sort|limit)\b[^|]*$/i, '')
    .trim();
  return shorter === query.trim() ? shorter : withoutOrder(shorter);
}

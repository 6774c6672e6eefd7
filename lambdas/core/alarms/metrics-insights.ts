import type { MetricId } from './definition.ts';
import { MathError } from './math-functions.ts';
import type { MetricReader } from './metric-data.ts';
import type { Datapoint } from './statistic.ts';
import type { Window } from './windows.ts';

/** A Metrics Insights query: one aggregate of one metric over all metrics of a schema, by group. */
export interface InsightsQuery {
  readonly aggregate: 'AVG' | 'COUNT' | 'MAX' | 'MIN' | 'SUM';
  readonly metricName: string;
  readonly namespace: string;
  /** With `SCHEMA`: exactly these dimensions; without: whatever a metric has. */
  readonly dimensions: readonly string[] | undefined;
  readonly where: readonly { readonly dimension: string; readonly isEqual: boolean; readonly value: string }[];
  readonly groupBy: readonly string[];
  readonly orderBy: 'ASC' | 'DESC' | undefined;
  readonly limit: number | undefined;
}

/** One group's points. */
export interface InsightsGroup {
  readonly attributes: { readonly [dimension: string]: string } | undefined;
  readonly points: readonly (Datapoint | undefined)[];
}

/** Metrics that one query looks at; more are left out without a word (quota of Metrics Insights, 2026). */
export const MAX_INSIGHTS_METRICS = 10_000;
/** Time series that one query returns. */
export const MAX_INSIGHTS_SERIES = 500;

const NAME = `(?:"((?:[^"\\\\]|\\\\.)+)"|([A-Za-z_][\\w]*))`;
const SELECT = new RegExp(`^\\s*SELECT\\s+(AVG|COUNT|MAX|MIN|SUM)\\s*\\(\\s*${NAME}\\s*\\)\\s+FROM\\s+`, 'i');
const SCHEMA = new RegExp(`^SCHEMA\\s*\\(\\s*${NAME}\\s*((?:,\\s*${NAME}\\s*)*)\\)\\s*`, 'i');
const FROM_NAME = new RegExp(`^${NAME}\\s*`);
const CONDITION = new RegExp(`^${NAME}\\s*(=|!=)\\s*'((?:[^']|'')*)'\\s*`);

/** Reads a Metrics Insights query. Undefined for a text that is none (metric math); throws MathError for one that is wrong. */
export function parseInsightsQuery(text: string): InsightsQuery | undefined {
  if (!/^\s*SELECT\s/i.test(text)) return undefined;
  const select = SELECT.exec(text);
  if (select === null) throw new MathError('a Metrics Insights query begins with SELECT AVG|COUNT|MAX|MIN|SUM(metric) FROM');
  let rest = text.slice(select[0].length);
  const takeMatch = (pattern: RegExp): RegExpExecArray | null => {
    const match = pattern.exec(rest);
    if (match !== null) rest = rest.slice(match[0].length);
    return match;
  };
  const schema = takeMatch(SCHEMA);
  const from = schema ?? takeMatch(FROM_NAME);
  if (from === null) throw new MathError('behind FROM stands a namespace or SCHEMA(namespace, dimension, …)');
  const namespace = nameOf(from[1], from[2]);
  const where: { dimension: string; isEqual: boolean; value: string }[] = [];
  if (takeMatch(/^WHERE\s+/i)) {
    do {
      const condition = takeMatch(CONDITION);
      if (condition === null) throw new MathError("a condition is a dimension, = or != and a text in '…'");
      where.push({
        dimension: nameOf(condition[1], condition[2]),
        isEqual: condition[3] === '=',
        value: (condition[4] ?? '').replaceAll("''", "'"),
      });
    } while (takeMatch(/^AND\s+/i));
  }
  const groupBy: string[] = [];
  if (takeMatch(/^GROUP\s+BY\s+/i)) {
    do {
      const name = takeMatch(FROM_NAME);
      if (name === null) throw new MathError('behind GROUP BY stand dimensions');
      groupBy.push(nameOf(name[1], name[2]));
    } while (takeMatch(/^,\s*/));
  }
  const order = takeMatch(/^ORDER\s+BY\s+(?:AVG|COUNT|MAX|MIN|SUM)\s*\(\s*\)\s*(ASC|DESC)?\s*/i);
  const limit = takeMatch(/^LIMIT\s+(\d{1,3})\s*/i);
  if (rest.trim() !== '') throw new MathError(`"${rest.trim().slice(0, 20)}" cannot stand here in a Metrics Insights query`);
  return {
    aggregate: (select[1] ?? '').toUpperCase() as InsightsQuery['aggregate'],
    metricName: nameOf(select[2], select[3]),
    namespace,
    dimensions: schema === null ? undefined : namesIn(schema[3] ?? ''),
    where,
    groupBy,
    orderBy: order === null ? undefined : ((order[1] ?? 'ASC').toUpperCase() as 'ASC' | 'DESC'),
    limit: limit === null ? undefined : Number(limit[1]),
  };
}

function nameOf(quoted: string | undefined, plain: string | undefined): string {
  return quoted?.replaceAll(/\\(.)/g, '$1') ?? plain ?? '';
}

function namesIn(list: string): string[] {
  return [...list.matchAll(new RegExp(NAME, 'g'))].map((match) => nameOf(match[1], match[2]));
}

const STATISTICS = { AVG: 'Average', COUNT: 'SampleCount', MAX: 'Maximum', MIN: 'Minimum', SUM: 'Sum' } as const;

/** Runs a query over windows. The groups come in the order of their names unless the query orders them. */
export function runInsightsQuery(query: InsightsQuery, data: MetricReader, windows: readonly Window[]): InsightsGroup[] {
  const metrics = data.find(query.namespace, query.metricName).filter((metric) => isInSchema(query, metric));
  const groups = new Map<string, { attributes: { [dimension: string]: string }; metrics: MetricId[] }>();
  for (const metric of metrics.slice(0, MAX_INSIGHTS_METRICS)) {
    const attributes = Object.fromEntries(query.groupBy.map((name) => [name, metric.dimensions[name] ?? '']));
    const key = JSON.stringify(attributes);
    const group = groups.get(key) ?? { attributes, metrics: [] };
    group.metrics.push(metric);
    groups.set(key, group);
  }
  const list = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(
      ([, { attributes, metrics: members }]): InsightsGroup => ({
        attributes: query.groupBy.length === 0 ? undefined : attributes,
        points: pointsOf(query, members, data, windows),
      }),
    )
    .filter(({ points }) => points.some((point) => point !== undefined));
  const total = ({ points }: InsightsGroup): number => points.reduce((sum, point) => sum + (point?.value ?? 0), 0);
  if (query.orderBy !== undefined) list.sort((a, b) => (query.orderBy === 'ASC' ? 1 : -1) * (total(a) - total(b)));
  const kept = list.slice(0, Math.min(query.limit ?? MAX_INSIGHTS_SERIES, MAX_INSIGHTS_SERIES));
  // Without GROUP BY there is one series, even where it has no point.
  return kept.length === 0 && query.groupBy.length === 0 ? [{ attributes: undefined, points: windows.map(() => undefined) }] : kept;
}

function isInSchema({ dimensions, where, groupBy }: InsightsQuery, metric: MetricId): boolean {
  const names = Object.keys(metric.dimensions);
  if (
    dimensions !== undefined &&
    (names.length !== dimensions.length || !dimensions.every((name) => Object.hasOwn(metric.dimensions, name)))
  )
    return false;
  if (!groupBy.every((name) => Object.hasOwn(metric.dimensions, name))) return false;
  return where.every(({ dimension, isEqual, value }) => (metric.dimensions[dimension] === value) === isEqual);
}

function pointsOf(
  query: InsightsQuery,
  metrics: readonly MetricId[],
  data: MetricReader,
  windows: readonly Window[],
): (Datapoint | undefined)[] {
  if (query.aggregate === 'AVG') {
    const sums = pointsOf({ ...query, aggregate: 'SUM' }, metrics, data, windows);
    return sums.map((point) =>
      point === undefined || point.sampleCount === 0 ? undefined : { ...point, value: point.value / point.sampleCount },
    );
  }
  const all = metrics.map((metric) => data.points(metric, STATISTICS[query.aggregate], windows));
  return windows.map((_, index) => {
    const there = all.flatMap((points) => points[index] ?? []);
    if (there.length === 0) return undefined;
    const values = there.map(({ value }) => value);
    const sampleCount = there.reduce((sum, point) => sum + point.sampleCount, 0);
    if (query.aggregate === 'MAX') return { value: Math.max(...values), sampleCount };
    if (query.aggregate === 'MIN') return { value: Math.min(...values), sampleCount };
    return { value: values.reduce((sum, value) => sum + value, 0), sampleCount };
  });
}

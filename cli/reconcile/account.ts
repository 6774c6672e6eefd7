import { emptyCounts } from '../../lambdas/core/delivery/counts.ts';
import { reconcileSource, type Verdict } from '../../lambdas/core/reconcile/reconcile.ts';
import type { Config } from '../../lib/config/load.ts';

/** One sum that is asked for: a metric by its dimensions, or a search over dimensions that are not known. */
export type MetricQuery =
  | { readonly id: string; readonly metric: string; readonly namespace: string; readonly dimensions: { readonly [name: string]: string } }
  | { readonly id: string; readonly expression: string };

/** Sums over a time, by id; a metric without any point has none. */
export type MetricReader = (queries: readonly MetricQuery[], startMs: number, endMs: number) => Promise<ReadonlyMap<string, number>>;

/** Namespace of the functions' own metrics. */
const NAMESPACE = 'EksTelemetry';
/** Events of the last minutes are on their way, and their metrics too. */
const UNDER_WAY_MS = 5 * 60_000;
/** Most queries of one GetMetricData call: 500 metrics; searches count for what they find. */
const MAX_QUERIES = 100;

const COUNTS = {
  received: 'Received',
  indexed: 'Indexed',
  duplicate: 'Duplicate',
  deadLettered: 'DeadLettered',
  excluded: 'Excluded',
  joined: 'Joined',
  returned: 'Returned',
  controlMessages: 'ControlMessages',
} as const;

/** Reconciles the sources of a config that are subscribed, from the metrics of the account. */
export async function reconcileAccount(
  config: Config,
  read: MetricReader,
  { nowMs, sinceMs }: { readonly nowMs: number; readonly sinceMs: number },
): Promise<Verdict[]> {
  const minute = (ms: number): number => Math.floor(ms / 60_000) * 60_000;
  const endMs = minute(nowMs - UNDER_WAY_MS);
  const startMs = minute(endMs - sinceMs);
  const sources = config.sources.filter(({ route }) => route === 'direct' || route === 'stream');
  const verdicts: Verdict[] = [];
  for (const [at, { name, logGroup, subscription }] of sources.entries()) {
    // What was forwarded in the last minute is finished a little later: the functions' window ends later than CloudWatch Logs'.
    const forwarded = await read(logsQueries(`s${at}`, logGroup, `${config.prefix}-${name}`), startMs, endMs);
    const own = await read(countQueries(`s${at}`, name), startMs, minute(nowMs));
    const sum = (id: string): number => own.get(`s${at}_${id}`) ?? 0;
    const counts = {
      ...emptyCounts(),
      received: sum('received'),
      indexed: sum('indexed'),
      duplicate: sum('duplicate'),
      deadLettered: sum('deadLettered'),
      excluded: sum('excluded') > 0 ? { 'all rules': sum('excluded') } : {},
      joined: sum('joined'),
      returned: sum('returned'),
      controlMessages: sum('controlMessages'),
    };
    verdicts.push(
      reconcileSource({
        source: name,
        counts,
        incoming: forwarded.get(`s${at}_incoming`) ?? 0,
        // The account's own subscription is counted for all groups together, which says nothing of one source.
        ...(subscription === 'account' ? {} : { forwarded: forwarded.get(`s${at}_forwarded`) ?? 0 }),
        notDelivered: (forwarded.get(`s${at}_errors`) ?? 0) + (forwarded.get(`s${at}_throttled`) ?? 0),
      }),
    );
  }
  return verdicts;
}

function countQueries(prefix: string, source: string): MetricQuery[] {
  return Object.entries(COUNTS).map(([id, metric]) => ({
    id: `${prefix}_${id}`,
    metric,
    namespace: NAMESPACE,
    dimensions: { Source: source },
  }));
}

function logsQueries(prefix: string, logGroup: string, filterName: string): MetricQuery[] {
  // How CloudWatch spells the destination's type is its own affair: a search finds it. Filters of others on the group have other names.
  const search = (metric: string): string =>
    `SUM(SEARCH('{AWS/Logs,DestinationType,FilterName,LogGroupName} MetricName="${metric}" LogGroupName="${logGroup}" FilterName="${filterName}"', 'Sum', 60))`;
  return [
    { id: `${prefix}_incoming`, metric: 'IncomingLogEvents', namespace: 'AWS/Logs', dimensions: { LogGroupName: logGroup } },
    { id: `${prefix}_forwarded`, expression: search('ForwardedLogEvents') },
    { id: `${prefix}_errors`, expression: search('DeliveryErrors') },
    { id: `${prefix}_throttled`, expression: search('DeliveryThrottling') },
  ];
}

/** Reads from CloudWatch in a Region with the caller's credentials. */
export async function cloudWatchReader(region: string): Promise<MetricReader> {
  const { CloudWatchClient, GetMetricDataCommand } = await import('@aws-sdk/client-cloudwatch');
  const client = new CloudWatchClient({ region });
  return async (queries, startMs, endMs) => {
    const sums = new Map<string, number>();
    for (let from = 0; from < queries.length; from += MAX_QUERIES) {
      let NextToken: string | undefined;
      do {
        const page = await client.send(
          new GetMetricDataCommand({
            StartTime: new Date(startMs),
            EndTime: new Date(endMs),
            MetricDataQueries: queries.slice(from, from + MAX_QUERIES).map(toRequest),
            ...(NextToken === undefined ? {} : { NextToken }),
          }),
        );
        for (const { Id = '', Values = [] } of page.MetricDataResults ?? []) {
          sums.set(
            Id,
            Values.reduce((sum, value) => sum + value, sums.get(Id) ?? 0),
          );
        }
        NextToken = page.NextToken;
      } while (NextToken !== undefined);
    }
    return sums;
  };
}

/** A query as GetMetricData takes it: sums by the minute. */
export function toRequest(query: MetricQuery) {
  if ('expression' in query) return { Id: query.id, Expression: query.expression, ReturnData: true };
  const Dimensions = Object.entries(query.dimensions).map(([Name, Value]) => ({ Name, Value }));
  return {
    Id: query.id,
    MetricStat: { Metric: { Namespace: query.namespace, MetricName: query.metric, Dimensions }, Period: 60, Stat: 'Sum' },
    ReturnData: true,
  };
}

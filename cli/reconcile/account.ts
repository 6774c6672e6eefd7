import { type Counts, emptyCounts } from '../../lambdas/core/delivery/counts.ts';
import { reconcileSource, type Verdict } from '../../lambdas/core/reconcile/reconcile.ts';
import { accountSources } from '../../lib/config/account-policy.ts';
import type { Config } from '../../lib/config/load.ts';
import { logIndexerName } from '../../lib/config/names.ts';

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
  handedOn: 'HandedOn',
  controlMessages: 'ControlMessages',
} as const;

/**
 * Reconciles the sources of a config that are subscribed, from the metrics of the account. Where sources ride on the account-level policy, one more
 * verdict follows: CloudWatch counts what that policy forwarded for all groups together, so it is compared with the function that gets it.
 */
export async function reconcileAccount(
  config: Config,
  read: MetricReader,
  { nowMs, sinceMs }: { readonly nowMs: number; readonly sinceMs: number },
): Promise<Verdict[]> {
  const minute = (ms: number): number => Math.floor(ms / 60_000) * 60_000;
  const endMs = minute(nowMs - UNDER_WAY_MS);
  const startMs = minute(endMs - sinceMs);
  // What was forwarded in the last minute is finished a little later: the functions' window ends later than CloudWatch Logs'.
  const countsOf = async (id: string, dimensions: Dimensions): Promise<Counts> =>
    toCounts(id, await read(countQueries(id, dimensions), startMs, minute(nowMs)));
  const sources = config.sources.filter(({ route }) => route !== 'none');
  const verdicts: Verdict[] = [];
  for (const [at, { archive, logGroup, name, route, subscription }] of sources.entries()) {
    const id = `s${at}`;
    const isOwnFilter = subscription === 'perGroup';
    const queries = [
      incomingQuery(id, logGroup),
      ...(isOwnFilter ? forwardingQueries(id, ownFilter(logGroup, `${config.prefix}-${name}`)) : []),
    ];
    const sums = await read(queries, startMs, endMs);
    verdicts.push(
      reconcileSource({
        source: name,
        counts: await countsOf(id, { Source: name }),
        isCopied: archive && route !== 'firehose',
        // A source of the policy may stand for many groups; CloudWatch counts by group.
        ...(isOneGroup(logGroup) ? { incoming: sums.get(`${id}_incoming`) ?? 0 } : {}),
        ...(isOwnFilter ? forwardingOf(id, sums) : {}),
      }),
    );
  }
  const [rider] = accountSources(config);
  if (rider?.route === 'direct' || rider?.route === 'stream') {
    const sums = await read(forwardingQueries('account', ACCOUNT_FILTER), startMs, endMs);
    // Sources with a filter of their own may share the function.
    const sharing = sources.flatMap(({ cluster, route, subscription }, at) =>
      cluster === rider.cluster && route === rider.route && subscription === 'perGroup' ? [verdicts[at]?.forwarded ?? 0] : [],
    );
    const { forwarded, notDelivered } = forwardingOf('account', sums);
    verdicts.push(
      reconcileSource({
        source: ACCOUNT_POLICY,
        counts: await countsOf('account', { Function: logIndexerName(config.prefix, rider.cluster, rider.route) }),
        forwarded: sharing.reduce((sum, value) => sum + value, forwarded),
        notDelivered,
      }),
    );
  }
  return verdicts;
}

/** The name of the verdict on the account-level policy: a space, which no source's name has. */
export const ACCOUNT_POLICY = 'account policy';

type Dimensions = { readonly [name: string]: string };

function countQueries(prefix: string, dimensions: Dimensions): MetricQuery[] {
  return Object.entries(COUNTS).map(([id, metric]) => ({ id: `${prefix}_${id}`, metric, namespace: NAMESPACE, dimensions }));
}

function toCounts(prefix: string, sums: ReadonlyMap<string, number>): Counts {
  const sum = (id: keyof typeof COUNTS): number => sums.get(`${prefix}_${id}`) ?? 0;
  return {
    ...emptyCounts(),
    received: sum('received'),
    indexed: sum('indexed'),
    duplicate: sum('duplicate'),
    deadLettered: sum('deadLettered'),
    excluded: sum('excluded') > 0 ? { 'all rules': sum('excluded') } : {},
    joined: sum('joined'),
    returned: sum('returned'),
    handedOn: sum('handedOn'),
    controlMessages: sum('controlMessages'),
  };
}

const isOneGroup = (logGroup: string): boolean => !logGroup.endsWith('*');

function incomingQuery(prefix: string, logGroup: string): MetricQuery {
  return { id: `${prefix}_incoming`, metric: 'IncomingLogEvents', namespace: 'AWS/Logs', dimensions: { LogGroupName: logGroup } };
}

/** Which of CloudWatch Logs' forwarding metrics are meant: the set of their dimensions, and values of those that are known. */
interface Forwarding {
  readonly dimensions: string;
  readonly values: string;
}

/** How CloudWatch spells the destination's type is its own affair: a search finds it. Filters of others on the group have other names. */
const ownFilter = (logGroup: string, filterName: string): Forwarding => ({
  dimensions: 'DestinationType,FilterName,LogGroupName',
  values: `LogGroupName="${logGroup}" FilterName="${filterName}"`,
});
/**
 * An account has one such policy per Region, so its name is not asked for.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html
 */
const ACCOUNT_FILTER: Forwarding = { dimensions: 'DestinationType,FilterName,PolicyLevel', values: 'PolicyLevel="AccountPolicy"' };

function forwardingQueries(prefix: string, { dimensions, values }: Forwarding): MetricQuery[] {
  const search = (metric: string): string => `SUM(SEARCH('{AWS/Logs,${dimensions}} MetricName="${metric}" ${values}', 'Sum', 60))`;
  return [
    { id: `${prefix}_forwarded`, expression: search('ForwardedLogEvents') },
    { id: `${prefix}_errors`, expression: search('DeliveryErrors') },
    { id: `${prefix}_throttled`, expression: search('DeliveryThrottling') },
  ];
}

function forwardingOf(prefix: string, sums: ReadonlyMap<string, number>): { forwarded: number; notDelivered: number } {
  const sum = (id: string): number => sums.get(`${prefix}_${id}`) ?? 0;
  return { forwarded: sum('forwarded'), notDelivered: sum('errors') + sum('throttled') };
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

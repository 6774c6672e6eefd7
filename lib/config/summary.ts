import { indexName } from '../../lambdas/core/index/index-name.ts';
import { planAlarms } from '../alarms/plan.ts';
import type { AlarmPlan } from '../alarms/planned.ts';
import { AMAZON_Q_LACKS, lostInAmazonQ } from './amazon-q.ts';
import { chatRulesFor, hasChat } from './chat-rules.ts';
import { filtersOf, MAX_FILTERS_PER_GROUP } from './checks/subscriptions.ts';
import { archivedSources, familyStreams, firehoseSources } from './firehose-plan.ts';
import { kindOf } from './notifier-rules.ts';
import { planQueries } from './query-plan.ts';
import type { Config, SourceConfig } from './resolve.ts';
import { clustersOf } from './search-setup.ts';
import { stackNames } from './stack-names.ts';

/** What a deploy of a config would make, for people to read before they do it. */
export interface Summary {
  readonly account: string;
  readonly region: string;
  readonly stacks: readonly string[];
  readonly search: string;
  readonly clusters: readonly ClusterSummary[];
  /** One per cluster, and one for what they share; empty where alarms are switched off. */
  readonly alarms: readonly AlarmsSummary[];
  /** Undefined where Slack is off. */
  readonly slack: SlackSummary | undefined;
  readonly families: readonly FamilySummary[];
  readonly accessLogs: readonly AccessLogSummary[];
  readonly applications: readonly ApplicationSummary[];
}

/** Who is told of alerts, and how often. */
export interface SlackSummary {
  /** Receivers, such as `platform (bot, C0123ABCD)`. */
  readonly receivers: readonly string[];
  /** Routes besides the first. */
  readonly routes: number;
  readonly repeatIntervalMinutes: number;
  /** Those that hear from the topics themselves, such as `oncall@example.com (e-mail of critical)`. */
  readonly direct: readonly string[];
  /** What Amazon Q shows nothing of; empty where there is no such channel. */
  readonly lostInAmazonQ: readonly string[];
  /** What may be asked from where, such as `/logs in C0123ABCD: 28 saved queries, indices eks-application; everybody may ask, 2 may silence`. Absent where chat is off. */
  readonly chat?: string;
}

/** Access logs that are read. */
export interface AccessLogSummary {
  readonly name: string;
  readonly kind: string;
  /** Where the files are, as `s3://bucket/prefix`. */
  readonly files: string;
  readonly delivery: string;
  /** Where the lines go. */
  readonly to: readonly string[];
}

export interface ClusterSummary {
  readonly name: string;
  readonly logging: string;
  readonly functions: readonly string[];
  /** What route firehose cannot do, for the sources that take it; empty where none does. */
  readonly byFirehose: readonly string[];
  readonly sources: readonly SourceSummary[];
  readonly queries: QueriesSummary;
}

/** Alarms of a cluster, or of what all clusters share. */
export interface AlarmsSummary {
  readonly scope: string;
  /** How many, by severity. */
  readonly deployed: { readonly [severity: string]: number };
  /** Those that are not, though nobody switched them off, with the reason. */
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
}

/** Saved queries of a cluster. */
export interface QueriesSummary {
  /** Names of those that are deployed. */
  readonly deployed: readonly string[];
  /** Those that are not, with the reason. */
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
  /** Fields that get an index, by log group: what `filterIndex` of the queries asks. */
  readonly indexedFields: { readonly [logGroup: string]: readonly string[] };
}

export interface SourceSummary {
  readonly name: string;
  readonly kind: SourceConfig['kind'];
  readonly logGroup: string;
  /** Days that the group keeps events; undefined for groups that are not ours. */
  readonly retentionDays: number | undefined;
  readonly route: string;
  /** Subscription filters that the group has with this config and others', such as `1 of 2`; `account` for the account policy. */
  readonly slots: string;
  readonly exclusions: readonly string[];
}

export interface FamilySummary {
  readonly name: string;
  readonly period: string;
  readonly retentionDays: number;
  readonly warmAfterDays: number | undefined;
  readonly shards: number;
  readonly replicas: number;
  /** Names that an event of this moment would go to, one per cluster. */
  readonly examples: readonly string[];
  readonly fields: readonly string[];
}

export interface ApplicationSummary {
  readonly name: string;
  readonly owner: string | undefined;
  readonly match: string;
  readonly format: string;
  readonly family: string;
}

/** Reads the config as a list of what would be made; `nowMs` only gives the example index names their date. */
export function summarize(config: Config, nowMs: number): Summary {
  const queries = config.clusters.map((cluster) => planQueries(config, cluster));
  const alarms = planAlarms(config);
  return {
    account: config.account,
    region: config.region,
    stacks: stackNames(config, queries, alarms),
    search: describeSearch(config),
    clusters: config.clusters.map((cluster, index) => ({
      name: cluster.name,
      logging: `${cluster.controlPlane.logTypes.join(', ')} by ${cluster.controlPlane.enablement}`,
      functions: functionsOf(config, cluster.name),
      byFirehose: byFirehose(config, cluster.name),
      sources: config.sources.filter((source) => source.cluster === cluster.name).map((source) => sourceSummary(config, source)),
      queries: queriesSummary(config, queries[index]),
    })),
    alarms: alarms.map(alarmsSummary),
    slack: config.slack.enabled ? slackSummary(config, alarms) : undefined,
    families: familySummaries(config, nowMs),
    accessLogs: config.loadBalancers.logs.map((log) => ({
      name: log.name,
      kind: log.kind,
      files: `s3://${log.bucket}/${log.prefix}`,
      delivery: log.delivery,
      to: [
        ...(log.search && config.search.mode !== 'none' ? [log.family] : []),
        ...(log.metrics ? ['metrics'] : []),
        ...(log.logGroup === undefined ? [] : [log.logGroup.name]),
      ],
    })),
    applications: config.applications.map(({ name, owner, match, format, family }) => ({
      name,
      owner,
      match: describeMatch(match),
      format,
      family,
    })),
  };
}

function alarmsSummary({ cluster, alarms, leftOut }: AlarmPlan): AlarmsSummary {
  const deployed: { [severity: string]: number } = {};
  for (const { severity } of alarms) deployed[severity] = (deployed[severity] ?? 0) + 1;
  return {
    scope: cluster ?? 'shared',
    deployed,
    leftOut: leftOut.filter(({ isWanted }) => !isWanted).map(({ name, reason }) => ({ name, reason })),
  };
}

function queriesSummary({ savedQueries }: Config, plan: ReturnType<typeof planQueries> | undefined): QueriesSummary {
  return {
    deployed: (plan?.deployed ?? []).map(({ name }) => name),
    leftOut: [...(plan?.leftOut ?? []), ...savedQueries.excluded.map((name) => ({ name, reason: 'queries.exclude' }))],
    indexedFields: Object.fromEntries(plan?.indexedFields ?? []),
  };
}

function isIndexed(config: Config, { route }: SourceConfig): boolean {
  return config.search.mode !== 'none' && (route === 'direct' || route === 'stream');
}

function functionsOf(config: Config, cluster: string): string[] {
  const routes = new Set(
    config.sources.filter((source) => source.cluster === cluster && isIndexed(config, source)).map(({ route }) => route),
  );
  return [
    ...[...routes].sort().map((route) => `log-indexer (${route})`),
    ...(firehoseSources(config, cluster).length > 0 ? ['firehose-transform (search)'] : []),
    ...(archivedSources(config, cluster).length > 0 ? ['firehose-transform (archive)'] : []),
  ];
}

/** Firehose cannot use our ids. Its own retries make no second document (FIREHOSE_DEFAULT), but what comes before it may. */
function byFirehose(config: Config, cluster: string): string[] {
  const names = firehoseSources(config, cluster).map(({ name }) => name);
  if (names.length === 0) return [];
  return [
    `by Firehose: ${names.join(', ')}: a payload that CloudWatch delivers twice is indexed twice, since Firehose cannot use our ids; each document is billed as 5 KB at least and lies in the index of its arrival`,
    `delivery streams: ${familyStreams(config, cluster)
      .map(({ streamName, indexName, rotation }) => `${streamName} -> ${indexName}-… (${rotation})`)
      .join(', ')}`,
  ];
}

function sourceSummary(config: Config, source: SourceConfig): SourceSummary {
  const cluster = config.clusters.find(({ name }) => name === source.cluster);
  const sharing = config.sources.filter(({ logGroup }) => logGroup === source.logGroup);
  const ours = sharing.reduce((sum, other) => sum + filtersOf(other), 0);
  const foreign = sharing.reduce((most, { foreignFilters }) => Math.max(most, foreignFilters), 0);
  return {
    name: source.name,
    kind: source.kind,
    logGroup: source.logGroup,
    retentionDays: source.kind === 'logGroup' ? undefined : cluster?.retentionDays[source.kind],
    route: source.archive ? `${source.route} + archive` : source.route,
    slots: source.subscription === 'account' && ours === 0 ? 'account' : `${ours + foreign} of ${MAX_FILTERS_PER_GROUP}`,
    exclusions: source.exclusions.map(({ name, countOnly }) => (countOnly ? `${name} (counts only)` : name)),
  };
}

function familySummaries(config: Config, nowMs: number): FamilySummary[] {
  return config.families.flatMap((family) => {
    const clusters = clustersOf(config, family.name);
    if (clusters.length === 0) return [];
    const { name, period, retentionDays, warmAfterDays, shards, replicas, fields } = family;
    const examples = clusters.map((cluster) => indexName(name, cluster.indexName, period, nowMs));
    return [{ name, period, retentionDays, warmAfterDays, shards, replicas, examples, fields: Object.keys(fields) }];
  });
}

function describeSearch({ search }: Config): string {
  if (search.mode === 'none') return 'none: nothing is indexed';
  if (search.mode === 'existing') return `existing: ${search.endpoint}`;
  const { name, version, dataNodes, masterNodes, zones, warm, cold, vpc, saml } = search.domain;
  const parts = [
    `domain ${name}, OpenSearch ${version}`,
    `${dataNodes.count} x ${dataNodes.instanceType} with ${dataNodes.volumeGiB} GiB gp3 in ${zones} ${zones === 1 ? 'zone' : 'zones'}`,
  ];
  if (masterNodes) parts.push(`${masterNodes.count} masters ${masterNodes.instanceType}`);
  if (warm) parts.push(`${warm.count} x ${warm.instanceType} for warm${cold ? ' and cold' : ''} storage`);
  if (vpc) parts.push(`in ${vpc.vpcId}`);
  if (saml) parts.push(`sign-in by ${saml.entityId}`);
  return parts.join(', ');
}

function describeMatch(match: Config['applications'][number]['match']): string {
  const parts: string[] = [];
  for (const part of ['cluster', 'namespace', 'container', 'pod'] as const) {
    if (match[part] !== undefined) parts.push(`${part} ${match[part]}`);
  }
  for (const [label, value] of Object.entries(match.labels ?? {})) parts.push(`${label}=${value}`);
  return parts.join(', ');
}

function slackSummary(config: Config, plans: readonly AlarmPlan[]): SlackSummary {
  const { amazonQ, emails, receivers, route } = config.slack;
  const alarmKinds = new Set(plans.flatMap(({ alarms }) => alarms.map(({ definition }) => definition.kind)));
  return {
    receivers: receivers.map((receiver) => {
      const [kind] = kindOf(receiver);
      return `${receiver.name} (${kind === 'bot' ? `bot, ${receiver.channel ?? ''}` : kind})`;
    }),
    routes: route.routes.length,
    repeatIntervalMinutes: route.repeatIntervalMinutes,
    direct: [
      ...emails.map(({ address, severities }) => `${address} (e-mail of ${severities.join(', ')})`),
      ...amazonQ.map(
        ({ channel, events, name, severities }) =>
          `${name} (Amazon Q, ${channel}: ${[...severities, ...(events ? ['events'] : [])].join(', ')})`,
      ),
    ],
    lostInAmazonQ: amazonQ.length === 0 ? [] : [...AMAZON_Q_LACKS, ...lostInAmazonQ(config, alarmKinds)],
    ...(hasChat(config) ? { chat: chatSummary(config) } : {}),
  };
}

function chatSummary(config: Config): string {
  const { access, command, indices, queries } = chatRulesFor(config);
  const families = [...indices.records, ...indices.events];
  const people = (ids: readonly string[]): string => (ids.includes('*') ? 'everybody' : ids.length === 0 ? 'nobody' : String(ids.length));
  return (
    `${command} in ${access.channels.join(', ') || 'no channel'}: ${queries.length} saved queries, ${families.length === 0 ? 'no indices' : `indices ${families.join(', ')}`}; ` +
    `${people([...new Set([...access.users, ...access.silencers])])} may ask, ${people(access.silencers)} may silence`
  );
}

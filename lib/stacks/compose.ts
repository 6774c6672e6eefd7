import type { App } from 'aws-cdk-lib';
import { planAlarms } from '../alarms/plan.ts';
import type { AlarmPlan } from '../alarms/planned.ts';
import type { TopicFor } from '../alarms/with-actions.ts';
import { alarmExplanations } from '../config/alarm-explanations.ts';
import { alertTopicName } from '../config/alert-names.ts';
import { chatSearches, hasChat } from '../config/chat-rules.ts';
import { hasCollection } from '../config/collection-plan.ts';
import { hasFirehose } from '../config/firehose-plan.ts';
import type { Config } from '../config/load.ts';
import { hasIndexedAccessLogs } from '../config/load-balancers.ts';
import { planQueries } from '../config/query-plan.ts';
import { partitionOf } from '../config/regions.ts';
import { AccessLogStack } from './access-log-stack.ts';
import { AlarmsStack } from './alarms-stack.ts';
import { AlertsStack } from './alerts-stack.ts';
import { ArchiveStack } from './archive-stack.ts';
import { AthenaStack } from './athena-stack.ts';
import { ChatStack } from './chat-stack.ts';
import { CollectionStack } from './collection-stack.ts';
import { DeliveryStack } from './delivery-stack.ts';
import { FirehoseStack } from './firehose-stack.ts';
import { LoggingStack } from './logging-stack.ts';
import { QueriesStack } from './queries-stack.ts';
import { INDEXED_ROUTES, sourcesOf } from './routes.ts';
import { SearchStack } from './search-stack.ts';
import { StorageStack } from './storage-stack.ts';

/** All stacks of one config. */
export interface TelemetryStacks {
  readonly storage: StorageStack;
  /** Undefined with `search.mode: none`. */
  readonly search: SearchStack | undefined;
  /** One per cluster. */
  readonly logging: readonly LoggingStack[];
  /** One per cluster that has something to index. */
  readonly delivery: readonly DeliveryStack[];
  /** One per cluster from which something is collected. */
  readonly collection: readonly CollectionStack[];
  /** One per cluster that gets a saved query. */
  readonly queries: readonly QueriesStack[];
  /** Undefined where no access logs are read. */
  readonly accessLogs: AccessLogStack | undefined;
  /** Undefined with `archive.enabled: false`. */
  readonly archive: ArchiveStack | undefined;
  /** One per cluster with delivery streams. */
  readonly firehose: readonly FirehoseStack[];
  /** Undefined with `athena.enabled: false`. */
  readonly athena: AthenaStack | undefined;
  /** Undefined with `slack.enabled: false`. */
  readonly alerts: AlertsStack | undefined;
  /** Undefined with `slack.chat.enabled: false`. */
  readonly chat: ChatStack | undefined;
  /** One per cluster, and one for what they share; none with `alarms.enabled: false`. */
  readonly alarms: readonly AlarmsStack[];
}

/**
 * Builds the stacks in the order in which they deploy: keys and bucket, search, then per cluster first the log groups and
 * control-plane logging, last the subscriptions, so that the first event finds a group, a key, a mapping and a place for failures.
 */
export function composeStacks(app: App, config: Config, projectRoot: string): TelemetryStacks {
  const storage = new StorageStack(app, { config, projectRoot });
  const search = config.search.mode === 'none' ? undefined : new SearchStack(app, { config, projectRoot, storage });
  search?.addStackDependency(storage, 'keys come first');
  const logging: LoggingStack[] = [];
  const delivery: DeliveryStack[] = [];
  const queries: QueriesStack[] = [];
  for (const cluster of config.clusters) {
    const groups = new LoggingStack(app, { config, projectRoot, cluster, storage });
    groups.addStackDependency(storage, 'the key and its policy come before the groups that use it');
    logging.push(groups);
    const saved = planQueries(config, cluster);
    if (saved.deployed.length > 0) queries.push(new QueriesStack(app, { config, projectRoot, queries: saved }));
    const isIndexed = INDEXED_ROUTES.some((route) => sourcesOf(config, cluster.name, route).length > 0);
    if (search === undefined || !isIndexed) continue;
    const subscriptions = new DeliveryStack(app, { config, projectRoot, cluster, storage, search });
    subscriptions.addStackDependency(groups, 'a subscription needs its group');
    subscriptions.addStackDependency(search, 'documents need their mappings');
    delivery.push(subscriptions);
  }
  const collection = composeCollection(app, config, projectRoot, { storage, logging, delivery });
  const accessLogs = composeAccessLogs(app, config, projectRoot, { storage, search });
  const plans = planAlarms(config);
  const athena = composeAthena(app, config, projectRoot, storage);
  const archive = composeArchive(app, config, projectRoot, storage);
  const firehose = composeFirehose(app, config, projectRoot, { storage, search, logging, archive, athena });
  const alerts = composeAlerts(app, config, projectRoot, storage, plans);
  const chat = composeChat(app, config, projectRoot, { storage, search, alerts });
  const alarms = composeAlarms(app, config, projectRoot, { collection, logging, alerts, plans });
  return { storage, search, logging, delivery, collection, queries, accessLogs, archive, firehose, athena, alerts, chat, alarms };
}

/** Collectors come after groups and subscriptions: the first line finds a group with retention, and somebody who waits for it. */
function composeCollection(
  app: App,
  config: Config,
  projectRoot: string,
  { storage, logging, delivery }: Pick<TelemetryStacks, 'storage' | 'logging' | 'delivery'>,
): CollectionStack[] {
  if (!hasCollection(config)) return [];
  return config.clusters.map((cluster, index) => {
    const stack = new CollectionStack(app, { config, projectRoot, cluster, storage });
    const groups = logging[index];
    if (groups === undefined) return stack;
    stack.addStackDependency(groups, 'agents would make groups without retention and key');
    for (const subscriptions of delivery)
      if (subscriptions.dependencies.includes(groups))
        stack.addStackDependency(subscriptions, 'what comes before a subscription is not indexed');
    return stack;
  });
}
function composeAccessLogs(
  app: App,
  config: Config,
  projectRoot: string,
  { storage, search }: Pick<TelemetryStacks, 'storage' | 'search'>,
): AccessLogStack | undefined {
  if (config.loadBalancers.logs.length === 0) return undefined;
  const isIndexed = hasIndexedAccessLogs(config);
  const stack = new AccessLogStack(app, { config, projectRoot, storage, search: isIndexed ? search : undefined });
  stack.addStackDependency(storage, 'keys and the dead letters come first');
  if (search !== undefined && isIndexed) stack.addStackDependency(search, 'documents need their mappings');
  return stack;
}

/** It names buckets and reads nothing at the deploy, so it waits for keys only. */
function composeAthena(app: App, config: Config, projectRoot: string, storage: StorageStack): AthenaStack | undefined {
  if (!config.athena.enabled) return undefined;
  const stack = new AthenaStack(app, { config, projectRoot, storage });
  stack.addStackDependency(storage, 'the key of results comes first');
  return stack;
}

function composeArchive(app: App, config: Config, projectRoot: string, storage: StorageStack): ArchiveStack | undefined {
  if (!config.archive.enabled) return undefined;
  const stack = new ArchiveStack(app, { config, projectRoot });
  stack.addStackDependency(storage, 'keys come first');
  return stack;
}

/** Delivery streams come after the groups that they subscribe to, and after all that they write to. */
function composeFirehose(
  app: App,
  config: Config,
  projectRoot: string,
  { storage, search, logging, archive, athena }: Pick<TelemetryStacks, 'storage' | 'search' | 'logging' | 'archive' | 'athena'>,
): FirehoseStack[] {
  return config.clusters.flatMap((cluster, index) => {
    if (!hasFirehose(config, cluster.name)) return [];
    const stack = new FirehoseStack(app, { config, projectRoot, cluster, storage, search, archive });
    const groups = logging[index];
    if (groups !== undefined) stack.addStackDependency(groups, 'a subscription needs its group');
    if (search !== undefined) stack.addStackDependency(search, 'documents need their mappings');
    if (archive !== undefined) stack.addStackDependency(archive, 'a delivery stream tries its bucket');
    if (athena !== undefined && config.archive.format === 'parquet') stack.addStackDependency(athena, 'Parquet is written by a table');
    return [stack];
  });
}

function composeAlerts(
  app: App,
  config: Config,
  projectRoot: string,
  storage: StorageStack,
  plans: readonly AlarmPlan[],
): AlertsStack | undefined {
  if (!config.slack.enabled) return undefined;
  const explanations = plans.flatMap(({ alarms, cluster }) => alarmExplanations(config, cluster, alarms));
  const stack = new AlertsStack(app, { config, projectRoot, storage, explanations });
  stack.addStackDependency(storage, 'the key of log groups comes first');
  return stack;
}

/** Questions from Slack stand on the table of alerts; their role in the domain is set up before. */
function composeChat(
  app: App,
  config: Config,
  projectRoot: string,
  { alerts, search, storage }: Pick<TelemetryStacks, 'storage' | 'search' | 'alerts'>,
): ChatStack | undefined {
  if (!hasChat(config) || alerts?.state === undefined) return undefined;
  const stack = new ChatStack(app, { config, projectRoot, storage, search, state: alerts.state });
  stack.addStackDependency(alerts, 'it reads and writes the table of alerts');
  if (search !== undefined && chatSearches(config)) stack.addStackDependency(search, 'its role in the domain comes first');
  return stack;
}

/** Alarms come last: their metric filters need the log groups, and a topic that is not there yet swallows the first message. */
function composeAlarms(
  app: App,
  config: Config,
  projectRoot: string,
  {
    alerts,
    collection,
    logging,
    plans,
  }: Pick<TelemetryStacks, 'collection' | 'logging' | 'alerts'> & { readonly plans: readonly AlarmPlan[] },
): AlarmsStack[] {
  const topicFor: TopicFor = (severity) =>
    alerts === undefined
      ? undefined
      : `arn:${partitionOf(config.region)}:sns:${config.region}:${config.account}:${alertTopicName(config.prefix, severity)}`;
  return plans
    .filter(({ alarms }) => alarms.length > 0)
    .map((plan) => {
      const stack = new AlarmsStack(app, { config, projectRoot, plan, topicFor });
      if (alerts !== undefined) stack.addStackDependency(alerts, 'alarms tell its topics');
      const index = config.clusters.findIndex(({ name }) => name === plan.cluster);
      const groups = logging[index];
      if (groups !== undefined) stack.addStackDependency(groups, 'metric filters need their groups');
      const agents = collection[index];
      if (agents !== undefined) stack.addStackDependency(agents, 'an alarm on silence would hear it before the agent is there');
      return stack;
    });
}

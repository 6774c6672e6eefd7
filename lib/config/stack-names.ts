import type { AlarmPlan } from '../alarms/planned.ts';
import { hasChat } from './chat-rules.ts';
import { hasCollection } from './collection-plan.ts';
import { hasFirehose } from './firehose-plan.ts';
import { stackName } from './names.ts';
import type { ClusterQueries } from './query-plan.ts';
import type { Config } from './resolve.ts';

/** Names of the stacks that a deploy of the config makes, by the function that names them at the synth. */
export function stackNames(config: Config, queries: readonly ClusterQueries[], alarms: readonly AlarmPlan[]): string[] {
  const clusters = config.clusters.map(({ name }) => name);
  const parts: string[][] = [
    ['storage'],
    ...(config.search.mode === 'none' ? [] : [['search']]),
    ...clusters.map((cluster) => [cluster, 'logging']),
    ...clusters.filter((cluster) => isDelivering(config, cluster)).map((cluster) => [cluster, 'delivery']),
    ...(config.archive.enabled ? [['archive']] : []),
    ...(config.athena.enabled ? [['athena']] : []),
    ...clusters.filter((cluster) => hasFirehose(config, cluster)).map((cluster) => [cluster, 'firehose']),
    ...(hasCollection(config) ? clusters.map((cluster) => [cluster, 'collection']) : []),
    ...(config.loadBalancers.logs.length > 0 ? [['access-logs']] : []),
    ...(config.slack.enabled ? [['alerts']] : []),
    ...(hasChat(config) ? [['chat']] : []),
    ...queries.filter(({ deployed }) => deployed.length > 0).map(({ cluster }) => [cluster, 'queries']),
    ...alarms.filter((plan) => plan.alarms.length > 0).map(({ cluster }) => (cluster === undefined ? ['alarms'] : [cluster, 'alarms'])),
  ];
  return parts.map((each) => stackName([config.prefix, ...each]));
}

/** Whether a function indexes something of the cluster: then its subscriptions have a stack. */
function isDelivering({ search, sources }: Config, cluster: string): boolean {
  return (
    search.mode !== 'none' && sources.some(({ cluster: owner, route }) => owner === cluster && (route === 'direct' || route === 'stream'))
  );
}

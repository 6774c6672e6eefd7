import { textAt } from '../template/json.ts';
import type { Resolver } from '../template/resolver.ts';
import type { Wired } from './wired.ts';

/** Clusters that exist: those that the templates name. */
export function clustersOf(resolver: Resolver): string[] {
  const names = resolver.resources((type) => type.startsWith('Custom::')).map(({ properties }) => textAt(properties, 'ClusterName'));
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** Clusters whose groups a subscription takes, in the order of the templates. */
export function clusterNames({ forwarder, logs }: Pick<Wired, 'forwarder' | 'logs'>): string[] {
  const groups = [...forwarder.subscriptions.map(({ logGroup }) => logGroup ?? ''), ...logs.groups.keys()];
  const names = groups.map(
    (group) => /^\/aws\/eks\/([^/]+)\/cluster$/.exec(group)?.[1] ?? /^\/aws\/containerinsights\/([^/]+)\/application$/.exec(group)?.[1],
  );
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** The cluster whose events the run sends: the first one. Throws where no subscription takes events of any. */
export function clusterOf(wired: Pick<Wired, 'forwarder' | 'logs'>): string {
  const [cluster] = clusterNames(wired);
  if (cluster === undefined)
    throw new Error('no subscription of the templates takes events of a cluster: is the route of every source "none"?');
  return cluster;
}

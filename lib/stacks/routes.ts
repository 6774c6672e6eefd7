import { firehoseSources } from '../config/firehose-plan.ts';
import type { Config, SourceConfig } from '../config/load.ts';
import { hasIndexedAccessLogs } from '../config/load-balancers.ts';
import { albIndexerName, firehoseWriterName, logIndexerName, roleName } from '../config/names.ts';

/** Routes on which a function of ours indexes. */
export const INDEXED_ROUTES = ['direct', 'stream'] as const;
export type IndexedRoute = (typeof INDEXED_ROUTES)[number];

/** Sources of a cluster that take one route; none where nothing is indexed. */
export function sourcesOf(config: Config, cluster: string, route: IndexedRoute): SourceConfig[] {
  if (config.search.mode === 'none') return [];
  return config.sources.filter((source) => source.cluster === cluster && source.route === route);
}

/** Role names of all functions that index. */
export function indexerRoleNames(config: Config): string[] {
  const accessLogs = hasIndexedAccessLogs(config) ? [roleName(config.region, albIndexerName(config.prefix))] : [];
  const routes = config.clusters.flatMap(({ name }) =>
    INDEXED_ROUTES.filter((route) => sourcesOf(config, name, route).length > 0).map((route) =>
      roleName(config.region, logIndexerName(config.prefix, name, route)),
    ),
  );
  return [...routes, ...accessLogs];
}

/** Names of the roles with which delivery streams write to OpenSearch. */
export function firehoseRoleNames(config: Config): string[] {
  return config.clusters
    .filter(({ name }) => firehoseSources(config, name).length > 0)
    .map(({ name }) => roleName(config.region, firehoseWriterName(config.prefix, name)));
}

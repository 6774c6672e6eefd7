import { logIndexerName } from './names.ts';
import type { Config } from './resolve.ts';

/** Names of all functions that index, in the config's order of clusters. */
export function indexerNames(config: Pick<Config, 'clusters' | 'prefix' | 'search' | 'sources'>): string[] {
  if (config.search.mode === 'none') return [];
  return config.clusters.flatMap(({ name }) =>
    (['direct', 'stream'] as const)
      .filter((route) => config.sources.some((source) => source.cluster === name && source.route === route))
      .map((route) => logIndexerName(config.prefix, name, route)),
  );
}

/** Whether what Lambda gave up on is sent again by itself. */
export function hasRedrive(config: Pick<Config, 'clusters' | 'delivery' | 'prefix' | 'search' | 'sources'>): boolean {
  return config.delivery.redriveMinutes > 0 && indexerNames(config).length > 0;
}

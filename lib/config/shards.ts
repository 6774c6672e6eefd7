import type { FamilyConfig } from './families.ts';
import type { Config } from './resolve.ts';
import { clustersOf } from './search-setup.ts';

/** Shards that a data node may hold at most on a fresh domain (cluster.max_shards_per_node; OpenSearch Service quotas). */
export const SHARDS_PER_NODE = 1000;

const PERIODS_PER_DAY: { readonly [period in FamilyConfig['period']]: number } = { hour: 24, day: 1, week: 1 / 7, month: 12 / 365 };

/** Shards, replicas included, that are open once every family has reached its retention; warm and cold ones do not count. */
export function estimateShards(config: Config): number {
  let shards = 0;
  for (const family of config.families) {
    const days = Math.min(family.retentionDays, family.warmAfterDays ?? family.retentionDays);
    const indexes = Math.ceil(days * PERIODS_PER_DAY[family.period]) + 1;
    shards += indexes * family.shards * (1 + family.replicas) * clustersOf(config, family.name).length;
  }
  return shards;
}

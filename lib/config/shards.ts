import type { FamilyConfig } from './families.ts';
import type { Config } from './resolve.ts';
import { clustersOf } from './search-setup.ts';

/** Shards that a data node may hold at most on a fresh domain (cluster.max_shards_per_node; OpenSearch Service quotas). */
export const SHARDS_PER_NODE = 1000;

/** Most that a node of any kind takes: 1,000 for each 16 GiB of heap, which is half of its memory and at most 64 GiB. */
const MAX_SHARDS_PER_NODE = 4000;
/** Sizes with at most 16 GiB of heap, whatever the family; and the one with at most 32. */
const SMALL_SIZE = /\.(?:micro|small|medium|large|xlarge)\.search$/;
const MIDDLE_SIZE = /\.2xlarge\.search$/;

/**
 * Shards that no node of a type can hold (OpenSearch Service quotas: 1,000 for each 16 GiB of heap from version 2.17 on, at most 4,000). Where the family
 * decides, this is the family with most memory: what is above is refused for certain.
 */
export function shardLimit(instanceType: string): number {
  if (SMALL_SIZE.test(instanceType)) return SHARDS_PER_NODE;
  return MIDDLE_SIZE.test(instanceType) ? 2 * SHARDS_PER_NODE : MAX_SHARDS_PER_NODE;
}

/** Shards, replicas included, of the largest index, and of all indexes of one day: what there is at once before anything is deleted or moved. */
export function shardsAtOnce(config: Config): {
  readonly largest: { readonly family: string; readonly shards: number } | undefined;
  readonly sum: number;
} {
  let largest: { family: string; shards: number } | undefined;
  let sum = 0;
  for (const family of config.families) {
    const clusters = clustersOf(config, family.name).length;
    if (clusters === 0) continue;
    const shards = family.shards * (1 + family.replicas);
    // No index leaves the nodes before its first day is over.
    sum += shards * clusters * Math.max(1, PERIODS_PER_DAY[family.period]);
    if (shards > (largest?.shards ?? 0)) largest = { family: family.name, shards };
  }
  return { largest, sum };
}

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

import { type CostLine, costLine, HOURS_PER_MONTH } from './cost-line.ts';
import { nodeHourPrice, PRICES, priceOf } from './prices.ts';
import type { Config } from './resolve.ts';

/**
 * Disk that a GB of log takes per copy: a tenth for the index, then 5 % kept by the file system and 20 % by the service
 * (sizing guide of OpenSearch Service: 1.45 in all).
 */
const DISK_PER_GB = 1.45;

/** Nodes and disks of the managed domain; an existing one is paid elsewhere. */
export function costOfSearch(config: Config): CostLine[] {
  if (config.search.mode !== 'managed') return [];
  const { dataNodes, masterNodes, warm } = config.search.domain;
  const nodes = (item: string, instanceType: string, count: number): CostLine =>
    costLine({
      source: 'shared',
      item,
      quantity: count * HOURS_PER_MONTH,
      unit: `node-hour, ${instanceType}`,
      price: nodeHourPrice(config, instanceType),
    });
  const disk = priceOf(config, 'openSearchGp3GbMonth');
  const lines = [
    nodes('OpenSearch data nodes', dataNodes.instanceType, dataNodes.count),
    costLine({
      source: 'shared',
      item: 'OpenSearch volumes',
      quantity: dataNodes.count * dataNodes.volumeGiB,
      unit: PRICES.openSearchGp3GbMonth.unit,
      price: disk,
    }),
  ];
  if (masterNodes) lines.push(nodes('OpenSearch masters', masterNodes.instanceType, masterNodes.count));
  if (warm) {
    const price = priceOf(config, 'openSearchManagedStorageGbMonth');
    const unit = PRICES.openSearchManagedStorageGbMonth.unit;
    lines.push(nodes('OpenSearch warm nodes', warm.instanceType, warm.count));
    lines.push(costLine({ source: 'shared', item: 'OpenSearch warm and cold storage', quantity: warmGb(config), unit, price }));
  }
  return lines;
}

/** GB that lie in warm or cold storage, one copy, once retentions are full; undefined where a source gives no volume. */
function warmGb(config: Config): number | undefined {
  let gb = 0;
  for (const { gbPerDay, family } of volumes(config)) {
    if (gbPerDay === undefined) return undefined;
    const days = family.warmAfterDays === undefined ? 0 : Math.max(0, family.retentionDays - family.warmAfterDays);
    gb += gbPerDay * days * 1.1;
  }
  return gb;
}

/** Disk in GiB that hot indexes need once retentions are full, replicas included; undefined where a source gives no volume. */
export function hotDiskGiB(config: Config): number | undefined {
  let gb = 0;
  for (const { gbPerDay, family } of volumes(config)) {
    if (gbPerDay === undefined) return undefined;
    const days = Math.min(family.retentionDays, family.warmAfterDays ?? family.retentionDays);
    gb += gbPerDay * days * (1 + family.replicas) * DISK_PER_GB;
  }
  return (gb * 1e9) / 1024 ** 3;
}

/** Volume by the family it goes to; the control plane's is nearly all audit. */
function volumes(config: Config): { gbPerDay: number | undefined; family: Config['families'][number] }[] {
  return config.sources
    .filter(({ route }) => route !== 'none')
    .flatMap((source) => {
      const name = source.controlPlaneFamilies?.audit ?? source.family;
      const family = config.families.find((item) => item.name === name);
      return family ? [{ gbPerDay: source.volume?.gbPerDay, family }] : [];
    });
}

import { costOfAccessLogs } from './cost-access-logs.ts';
import { costOfAlarms } from './cost-alarms.ts';
import { costOfAlerts } from './cost-alerts.ts';
import { costOfCollection } from './cost-collection.ts';
import { COMPRESSED_SHARE, type CostLine, HOURS_PER_MONTH, INDEXER_MB_PER_VCPU_SECOND, MB_PER_PAYLOAD } from './cost-line.ts';
import { costOfSearch } from './cost-search.ts';
import { costOfShared, costOfSource } from './cost-sources.ts';
import { isPricedRegion } from './prices.ts';
import type { Config } from './resolve.ts';

export type { CostLine } from './cost-line.ts';

/** A month of the whole config, on demand, before tax, in the steady state when every retention is full. */
export interface CostEstimate {
  readonly region: string;
  /** Whether any price of the Region is known without the config's help. */
  readonly isPricedRegion: boolean;
  readonly lines: readonly CostLine[];
  /** Sum of what is known. */
  readonly knownUsd: number;
  /** Lines that have a quantity but no price, and sources without a volume: the sum lacks them. */
  readonly missing: readonly string[];
  /** What the quantities assume, in words. */
  readonly assumptions: readonly string[];
}

const ASSUMPTIONS: readonly string[] = [
  `a month has ${HOURS_PER_MONTH} hours; every retention is full; free tiers, discounts, taxes and transfer between zones are left out`,
  `stored logs and stream records have ${COMPRESSED_SHARE} of the uncompressed size`,
  `log-indexer reads ${INDEXER_MB_PER_VCPU_SECOND} MB a second per vCPU, waiting included, in payloads of ${MB_PER_PAYLOAD} MB`,
  'Firehose bills a document as 5 KB at least; without eventsPerSecond an event has 1 KB',
  'without eventsPerSecond, the 26 bytes that CloudWatch adds to each event are left out',
  'queries, dashboards and dead letters cost little in ordinary days and are left out',
];

/** The monthly cost by source. Without a volume a source has its unit prices only; a Region without prices says so. */
export function estimateCost(config: Config): CostEstimate {
  const lines = [
    ...config.sources.flatMap((source) => costOfSource(config, source)),
    ...config.loadBalancers.logs.flatMap((log) => costOfAccessLogs(config, log)),
    ...costOfShared(config),
    ...costOfSearch(config),
    ...costOfAlarms(config),
    ...costOfAlerts(config),
    ...costOfCollection(config),
  ];
  const missing: string[] = [];
  for (const { name, volume } of config.loadBalancers.logs) if (volume === undefined) missing.push(`access log ${name} gives no volume`);
  for (const { name, route, volume } of config.sources) {
    if (volume === undefined && route !== 'none') missing.push(`source ${name} gives no volume`);
  }
  const unpriced = new Set(
    lines.filter(({ quantity, price }) => quantity !== undefined && quantity > 0 && price === undefined).map(({ item }) => item),
  );
  for (const item of unpriced) missing.push(`no price of ${config.region} is known for ${item}`);
  let knownUsd = 0;
  for (const { usd } of lines) knownUsd += usd ?? 0;
  return { region: config.region, isPricedRegion: isPricedRegion(config.region), lines, knownUsd, missing, assumptions: ASSUMPTIONS };
}

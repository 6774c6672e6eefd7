import type { Price } from './prices.ts';

/** Hours of a month in AWS's own examples. */
export const HOURS_PER_MONTH = 730;
export const DAYS_PER_MONTH = HOURS_PER_MONTH / 24;
/** Stored and sent log data against its uncompressed size (AWS's examples for storage; 0.13 measured on audit events). */
export const COMPRESSED_SHARE = 0.15;
/** log-indexer, MB of uncompressed log per second of one vCPU, waiting for the search included: assumed; the CPU alone takes less (docs/performance.md). */
export const INDEXER_MB_PER_VCPU_SECOND = 30;
/** Memory that Lambda pairs with one vCPU, in GB. */
export const GB_PER_VCPU = 1769 / 1024;
/** Uncompressed log per subscription payload, in MB. */
export const MB_PER_PAYLOAD = 0.5;

/** One line of a month's bill. */
export interface CostLine {
  /** A source's name, or `shared` for what all sources use together. */
  readonly source: string;
  readonly item: string;
  /** How much a month, in `unit`. Undefined where it follows from a volume that the config does not give. */
  readonly quantity: number | undefined;
  readonly unit: string;
  /** Undefined where nobody knows it for this Region. */
  readonly price: Price | undefined;
  /** USD a month: quantity times price; undefined where one of them is. */
  readonly usd: number | undefined;
}

/** A line, multiplied where both factors are known. */
export function costLine(line: Omit<CostLine, 'usd'>): CostLine {
  const { quantity, price } = line;
  return { ...line, usd: quantity === undefined || price === undefined ? undefined : quantity * price.usd };
}

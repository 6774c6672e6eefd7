import { PRICES, type Price } from '../../lib/config/prices.ts';

/** The least that a query is billed. https://aws.amazon.com/athena/pricing/ */
const MIN_BYTES = 10_000_000;
const BYTES_PER_TB = 1e12;

/** What a query costs by what it read, with the price it was counted with and when that was read. */
export function queryCost(bytes: number, region: string | undefined, override: number | undefined): string {
  const prices: { readonly [region: string]: Price } = PRICES.athenaPerTb.regions;
  const known = region === undefined ? undefined : prices[region];
  const price = known ?? (prices['us-east-1'] as Price);
  const perTb = override ?? price.usd;
  const usd = (Math.max(bytes, MIN_BYTES) / BYTES_PER_TB) * perTb;
  const origin =
    override !== undefined
      ? 'as given'
      : `${price.source === 'remembered' ? 'from memory' : price.source} of ${price.asOf}${known === undefined ? ', us-east-1; see --price-per-tb' : ''}`;
  return `about ${usd < 0.01 ? usd.toFixed(5) : usd.toFixed(2)} USD (${perTb} USD a TB, ${origin}; at least 10 MB are billed)`;
}

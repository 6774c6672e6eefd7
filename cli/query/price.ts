/** USD per GB that Logs Insights scans: list prices that we have seen (us-east-1 read in May 2026, ap-northeast-2 from memory); others differ. */
const PER_GB: { readonly [region: string]: number } = { 'us-east-1': 0.005, 'ap-northeast-2': 0.0076 };

/** What scanning costs, with the price it was counted with. */
export function scanCost(bytes: number, region: string | undefined, override: number | undefined): string {
  const known = region === undefined ? undefined : PER_GB[region];
  const perGb = override ?? known ?? (PER_GB['us-east-1'] as number);
  const amount = (bytes / 1e9) * perGb;
  const note = override !== undefined || known !== undefined ? '' : ', the price of us-east-1; see --price-per-gb';
  return `about ${amount < 0.01 ? amount.toFixed(5) : amount.toFixed(2)} USD (at ${perGb} per GB${note})`;
}

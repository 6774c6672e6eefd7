import type { CostEstimate, CostLine } from '../../lib/config/cost.ts';
import type { Config } from '../../lib/config/load.ts';
import type { Price } from '../../lib/config/prices.ts';
import { type Column, renderTable, wrapProse } from './table.ts';

const COLUMNS: readonly Column[] = [
  { title: 'source, and what it pays for' },
  { title: 'a month', isNumber: true },
  { title: 'unit' },
  { title: 'USD a unit', isNumber: true },
  { title: 'price of' },
  { title: 'USD a month', isNumber: true },
];

/** The monthly cost as a table by source, with sums, what it lacks and what it assumes. */
export async function renderCost(config: Config, cost: CostEstimate): Promise<string> {
  const { hotDiskGiB } = await import('../../lib/config/cost-search.ts');
  const rows: string[][] = [];
  const sources = [...new Set(cost.lines.map(({ source }) => source))];
  for (const source of sources) {
    const lines = cost.lines.filter((line) => line.source === source);
    const known = lines.reduce((sum, { usd }) => sum + (usd ?? 0), 0);
    const hasVolume = config.sources.find(({ name }) => name === source)?.volume !== undefined || source === 'shared';
    rows.push([source, '', hasVolume ? '' : 'without what needs a volume', '', '', known.toFixed(2)], ...lines.map(row));
  }
  const parts = [
    `Cost of a month in ${cost.region}, USD before tax. ? = check the price before you rely on it; --prices says where each was read.`,
    renderTable(COLUMNS, rows),
  ];
  if (!cost.isPricedRegion) {
    parts.push(
      `No prices of ${cost.region} are known; another Region's are not taken instead. Add them: prices: { ${cost.region}: { … } }, names by --prices.`,
    );
  }
  parts.push(
    `Sum of what is known: ${cost.knownUsd.toFixed(2)} USD a month${cost.missing.length > 0 ? `; it lacks: ${cost.missing.join('; ')}` : ''}`,
  );
  const disk = hotDiskGiB(config);
  if (disk !== undefined && config.search.mode === 'managed') {
    const { count, volumeGiB } = config.search.domain.dataNodes;
    const verdict = disk > count * volumeGiB ? 'TOO LITTLE: indexes will be blocked when the disks are full' : 'enough';
    parts.push(`Disk that hot indexes need: about ${Math.ceil(disk)} GiB of ${count * volumeGiB} GiB, ${verdict}.`);
  }
  parts.push('Assumed:', ...cost.assumptions.map((assumption) => `- ${assumption}`));
  return `${wrapProse(parts.join('\n'))}\n`;
}

function row(line: CostLine): string[] {
  return [
    `  ${line.item}`,
    line.quantity === undefined ? 'by use' : showQuantity(line.quantity),
    line.unit,
    line.price === undefined ? 'unknown' : String(Number(line.price.usd.toPrecision(4))),
    line.price === undefined ? '' : showDate(line.price),
    line.usd === undefined ? '-' : line.usd.toFixed(2),
  ];
}

function showQuantity(quantity: number): string {
  if (quantity === 0) return '0';
  return quantity >= 100 ? quantity.toFixed(0) : String(Number(quantity.toPrecision(3)));
}

/** When a price was read; one of the config has no date. */
function showDate({ asOf, isWeak }: Price): string {
  return `${asOf ?? 'the config'}${isWeak ? ' ?' : ''}`;
}

function showRead({ source, asOf, isWeak }: Price): string {
  return `${asOf ?? 'config'} ${source === 'override' ? '' : source}`.trim() + (isWeak ? ' ?' : '');
}

/** Unit prices of the config's Region: names, units, dates. */
export async function renderPrices(config: Config, { json, print }: { json: boolean; print: (line: unknown) => unknown }): Promise<void> {
  const { nodeHourPrice, PRICES, priceOf } = await import('../../lib/config/prices.ts');
  const { dataNodes, masterNodes, warm } = config.search.domain;
  const types = new Set([dataNodes.instanceType, ...(masterNodes ? [masterNodes.instanceType] : []), ...(warm ? [warm.instanceType] : [])]);
  const prices = [
    ...(Object.keys(PRICES) as (keyof typeof PRICES)[]).map((name) => ({
      name: name as string,
      unit: PRICES[name].unit as string,
      price: priceOf(config, name),
    })),
    ...[...types].map((name) => ({ name, unit: 'node-hour', price: nodeHourPrice(config, name) })),
  ];
  if (json) {
    for (const { name, unit, price } of prices) print({ kind: 'price', region: config.region, name, unit, ...price });
    return;
  }
  const rows = prices.map(({ name, unit, price }) => [
    name,
    price === undefined ? 'unknown' : String(price.usd),
    unit,
    price === undefined ? '' : showRead(price),
  ]);
  print(`Unit prices of ${config.region}, USD before tax, on demand (? = check before you rely on it)`);
  print(renderTable([{ title: 'name' }, { title: 'USD', isNumber: true }, { title: 'unit' }, { title: 'read' }], rows));
}

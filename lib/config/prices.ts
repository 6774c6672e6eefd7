import type { Config } from './resolve.ts';

/**
 * Where a price was read. `priceList`: the public price list's offer files; `offerFile`: the OpenSearch offer file of
 * us-east-1; `quoted`: a third party that quotes AWS's price page; `remembered`: not read anywhere lately; `estimated`:
 * from another Region by the ratio of prices that are known in both; `override`: from the config.
 */
export type PriceSource = 'priceList' | 'offerFile' | 'quoted' | 'remembered' | 'estimated' | 'override';

/** A unit price in USD before tax, on demand. */
export interface Price {
  readonly usd: number;
  readonly source: PriceSource;
  /** When it was read, as YYYY-MM or YYYY-MM-DD; prices of the config carry none. */
  readonly asOf?: string;
  /** True where it was not read from a price list or a recent quote: check it before you rely on it. */
  readonly isWeak: boolean;
}

/** What is paid for. */
interface PriceEntry {
  readonly unit: string;
  readonly regions: { readonly [region: string]: Price };
}

const READ = '2026-11-21';
const list = (usd: number): Price => ({ usd, source: 'priceList', asOf: '2026-10-01', isWeak: false });
const offer = (usd: number): Price => ({ usd, source: 'offerFile', asOf: '2026-10', isWeak: false });
const quoted = (usd: number, asOf: string): Price => ({ usd, source: 'quoted', asOf, isWeak: false });
const remembered = (usd: number): Price => ({ usd, source: 'remembered', asOf: READ, isWeak: true });
const estimated = (usd: number): Price => ({ usd, source: 'estimated', asOf: READ, isWeak: true });

/** The two Regions whose prices were read; every other one has none until the config gives it. */
const entry = (unit: string, virginia: Price, seoul?: Price): PriceEntry => ({
  unit,
  regions: { 'us-east-1': virginia, ...(seoul ? { 'ap-northeast-2': seoul } : {}) },
});

/** Kinesis and OpenSearch nodes in Seoul: by the ratio of m7g and of EBS prices that are known in both Regions. */
const KINESIS_SEOUL = 1.23;
const NODES_SEOUL = 1.2;
const VOLUMES_SEOUL = 1.14;
const round = (usd: number): number => Number(usd.toPrecision(4));

/** Unit prices that an estimate may use, by the name that `prices:` overrides. */
export const PRICES = {
  logsIngestionPerGb: entry('GB ingested, uncompressed', quoted(0.5, '2026-06'), list(0.76)),
  logsStoragePerGbMonth: entry('GB-month stored, compressed', quoted(0.03, READ), list(0.0314)),
  kinesisOnDemandStreamHour: entry('stream-hour', quoted(0.04, READ), estimated(round(0.04 * KINESIS_SEOUL))),
  kinesisOnDemandInPerGb: entry('GB written', quoted(0.08, READ), estimated(round(0.08 * KINESIS_SEOUL))),
  kinesisOnDemandOutPerGb: entry('GB read', quoted(0.04, READ), estimated(round(0.04 * KINESIS_SEOUL))),
  kinesisShardHour: entry('shard-hour', remembered(0.015), estimated(0.0185)),
  kinesisPutUnitsPerMillion: entry('million PUT units of 25 KB', remembered(0.014), estimated(round(0.014 * KINESIS_SEOUL))),
  kinesisExtendedRetentionShardHour: entry('shard-hour of retention over 24 h', remembered(0.02), estimated(round(0.02 * KINESIS_SEOUL))),
  lambdaRequestsPerMillion: entry('million requests', quoted(0.2, READ), list(0.2)),
  lambdaArmGbSecond: entry('GB-second on arm64', quoted(0.0000133334, READ), list(0.0000133334)),
  openSearchGp3GbMonth: entry('GB-month of gp3 on data nodes', offer(0.122), estimated(round(0.122 * VOLUMES_SEOUL))),
  openSearchManagedStorageGbMonth: entry('GB-month of warm or cold storage', quoted(0.024, '2026-03')),
  s3StandardGbMonth: entry('GB-month in S3 Standard', quoted(0.023, READ), quoted(0.025, READ)),
  s3PutPer1000: entry('1,000 PUT requests', quoted(0.005, READ), quoted(0.0045, READ)),
  vendedLogsToS3PerGb: entry('GB delivered by CloudWatch, uncompressed', remembered(0.25), estimated(0.38)),
  firehosePerGb: entry('GB put into Firehose, each record 5 KB at least', quoted(0.029, READ), remembered(0.036)),
  firehoseVpcPerGb: entry('GB that Firehose delivers into a VPC', quoted(0.01, READ)),
  firehosePartitioningPerGb: entry('GB sorted into partitions by Firehose', remembered(0.02)),
  firehosePartitionedPer1000: entry('1,000 objects of partitions', remembered(0.005)),
  firehoseConversionPerGb: entry('GB converted by Firehose', remembered(0.018)),
  s3InfrequentGbMonth: entry('GB-month in S3 Standard-IA', quoted(0.0125, READ), quoted(0.0138, READ)),
  s3GlacierInstantGbMonth: entry('GB-month in Glacier Instant Retrieval', quoted(0.004, READ), quoted(0.005, READ)),
  s3GlacierFlexibleGbMonth: entry('GB-month in Glacier Flexible Retrieval', quoted(0.0036, READ), list(0.0045)),
  s3DeepArchiveGbMonth: entry('GB-month in Glacier Deep Archive', quoted(0.00099, READ), remembered(0.002)),
  sqsRequestsPerMillion: entry('million requests', remembered(0.4)),
  kmsKeyMonth: entry('KMS key version-month', remembered(1), list(1)),
  kmsRequestsPer10k: entry('10,000 KMS requests', remembered(0.03), list(0.03)),
  alarmMetricMonth: entry('alarm metric-month', quoted(0.1, READ), list(0.1)),
  alarmHighResolutionMetricMonth: entry('high-resolution alarm metric-month', quoted(0.3, READ)),
  compositeAlarmMonth: entry('composite alarm-month', quoted(0.5, READ), list(0.5)),
  logsInsightsPerGb: entry('GB scanned by Logs Insights', quoted(0.005, '2026-05'), remembered(0.0076)),
  customMetricMonth: entry('custom metric-month', quoted(0.3, READ), list(0.3)),
  athenaPerTb: entry('TB read by Athena, at least 10 MB a query', remembered(5), remembered(5)),
  containerInsightsPerMillionObservations: entry('million observations', quoted(0.21, '2026-10')),
  otelMetricsPerGb: entry('GB of metrics over OTLP', quoted(0.08, '2026-10')),
} as const satisfies { readonly [name: string]: PriceEntry };

export type PriceName = keyof typeof PRICES;

/** Hourly prices of OpenSearch nodes by type, us-east-1. */
const NODE_HOURS: { readonly [instanceType: string]: Price } = {
  't3.small.search': remembered(0.036),
  't3.medium.search': remembered(0.073),
  'm7g.large.search': offer(0.135),
  'm8g.large.search': offer(0.15),
  'c7g.large.search': offer(0.12),
  'r6g.large.search': offer(0.167),
  'r7g.large.search': offer(0.178),
  'r8g.large.search': offer(0.196),
  'or1.medium.search': offer(0.105),
  'or1.large.search': offer(0.209),
  'or2.medium.search': offer(0.1),
  'or2.large.search': offer(0.2),
  'om2.large.search': offer(0.153),
  'oi2.large.search': offer(0.292),
  'ultrawarm1.medium.search': offer(0.238),
  'ultrawarm1.large.search': offer(2.68),
};

/** How many `large` ones a size is: within one family, AWS's prices follow the size. */
const SIZES: { readonly [size: string]: number } = {
  large: 1,
  xlarge: 2,
  '2xlarge': 4,
  '4xlarge': 8,
  '8xlarge': 16,
  '12xlarge': 24,
  '16xlarge': 32,
};

/** Names of nodes in `prices:`. */
export const NODE_PRICE_NAME = /^[a-z][a-z0-9]*\.[a-z0-9]+\.search$/;

/** The unit price in the config's Region; undefined where nobody knows it: never another Region's. */
export function priceOf(config: Pick<Config, 'region' | 'prices'>, name: PriceName): Price | undefined {
  return override(config, name) ?? (PRICES[name] as PriceEntry).regions[config.region];
}

/** The price of an OpenSearch node per hour in the config's Region, by its instance type. */
export function nodeHourPrice(config: Pick<Config, 'region' | 'prices'>, instanceType: string): Price | undefined {
  const own = override(config, instanceType);
  if (own) return own;
  if (config.region !== 'us-east-1' && config.region !== 'ap-northeast-2') return undefined;
  const virginia = NODE_HOURS[instanceType] ?? scaledNode(instanceType);
  // No ratio is known for warm nodes in Seoul.
  if (config.region === 'us-east-1' || !virginia) return virginia;
  return instanceType.startsWith('ultrawarm1.') ? undefined : estimated(round(virginia.usd * NODES_SEOUL));
}

function scaledNode(instanceType: string): Price | undefined {
  const [family = '', size = ''] = instanceType.split('.');
  const factor = SIZES[size];
  const large = NODE_HOURS[`${family}.large.search`];
  return family !== 'ultrawarm1' && factor !== undefined && large ? estimated(round(large.usd * factor)) : undefined;
}

function override({ region, prices }: Pick<Config, 'region' | 'prices'>, name: string): Price | undefined {
  const own = Object.hasOwn(prices, region) ? prices[region] : undefined;
  const usd = own !== undefined && Object.hasOwn(own, name) ? own[name] : undefined;
  return usd === undefined ? undefined : { usd, source: 'override', isWeak: false };
}

/** Whether anything is known of a Region's prices. */
export function isPricedRegion(region: string): boolean {
  return Object.values(PRICES).some((price: PriceEntry) => Object.hasOwn(price.regions, region));
}

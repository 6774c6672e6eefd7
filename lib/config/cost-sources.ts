import { accountSources } from './account-policy.ts';
import { costOfArchive, costOfFirehose } from './cost-firehose.ts';
import {
  COMPRESSED_SHARE,
  type CostLine,
  costLine,
  DAYS_PER_MONTH,
  GB_PER_VCPU,
  HOURS_PER_MONTH,
  INDEXER_MB_PER_VCPU_SECOND,
  MB_PER_PAYLOAD,
} from './cost-line.ts';
import { PRICES, type PriceName, priceOf } from './prices.ts';
import { hasRedrive } from './redrive.ts';
import type { Config, SourceConfig } from './resolve.ts';

const MB_PER_GB = 1000;
const BYTES_PER_GB = 1e9;
/** CloudWatch bills 26 bytes of its own for every event. */
const EVENT_OVERHEAD_BYTES = 26;
const SECONDS_PER_DAY = 86_400;
/** Payload of one PUT unit of a provisioned stream. */
const PUT_UNIT_BYTES = 25_000;
/** Metrics that log-indexer publishes per source and per function. */
const METRICS_PER_SERIES = 9;
/** Metrics of the redrive. */
const REDRIVE_METRICS = 3;

/** What one source costs by itself: ingestion, storage, its way and its function. */
export function costOfSource(config: Config, source: SourceConfig): CostLine[] {
  const { volume } = source;
  const gb = volume === undefined ? undefined : volume.gbPerDay * DAYS_PER_MONTH;
  const overheadGb = ((volume?.eventsPerSecond ?? 0) * SECONDS_PER_DAY * DAYS_PER_MONTH * EVENT_OVERHEAD_BYTES) / BYTES_PER_GB;
  const line = (item: string, name: PriceName, quantity: number | undefined): CostLine =>
    costLine({ source: source.name, item, quantity, unit: PRICES[name].unit, price: priceOf(config, name) });
  const lines = [
    line('CloudWatch Logs ingestion', 'logsIngestionPerGb', gb === undefined ? undefined : gb + overheadGb),
    line('CloudWatch Logs storage', 'logsStoragePerGbMonth', storedGb(config, source)),
  ];
  if (source.route === 'stream') {
    const [owner = source, ...riders] = accountSources(config);
    lines.push(...(riders.includes(source) ? costOfSharedStream(owner, gb, line) : costOfStream(source, gb, line)));
  }
  if (source.route === 'direct' || source.route === 'stream') {
    const requests = gb === undefined ? undefined : (gb * MB_PER_GB) / MB_PER_PAYLOAD / 1e6;
    const gbSeconds = gb === undefined ? undefined : ((gb * MB_PER_GB) / INDEXER_MB_PER_VCPU_SECOND) * GB_PER_VCPU;
    lines.push(line('Lambda requests', 'lambdaRequestsPerMillion', requests), line('Lambda duration', 'lambdaArmGbSecond', gbSeconds));
    lines.push(line('Metrics of the source', 'customMetricMonth', METRICS_PER_SERIES));
  }
  if (source.route === 'firehose') lines.push(...costOfFirehose(config, source));
  if (source.archive) lines.push(...costOfArchive(config, source));
  return lines;
}

/** GB that CloudWatch holds once the retention is full. Undefined without a volume, or where the group's retention is not ours. */
function storedGb(config: Config, source: SourceConfig): number | undefined {
  const cluster = config.clusters.find(({ name }) => name === source.cluster);
  const days = source.kind === 'logGroup' ? undefined : cluster?.retentionDays[source.kind];
  return source.volume === undefined || days === undefined ? undefined : source.volume.gbPerDay * days * COMPRESSED_SHARE;
}

type MakeLine = (item: string, name: PriceName, quantity: number | undefined) => CostLine;

function costOfStream({ stream }: SourceConfig, gb: number | undefined, line: MakeLine): CostLine[] {
  const streamGb = gb === undefined ? undefined : gb * COMPRESSED_SHARE;
  if (stream.mode === 'onDemand') {
    return [
      line('Kinesis stream', 'kinesisOnDemandStreamHour', HOURS_PER_MONTH),
      line('Kinesis data in', 'kinesisOnDemandInPerGb', streamGb),
      line('Kinesis data out', 'kinesisOnDemandOutPerGb', streamGb),
    ];
  }
  const shardHours = (stream.shards ?? 0) * HOURS_PER_MONTH;
  const putUnits = streamGb === undefined ? undefined : (streamGb * BYTES_PER_GB) / PUT_UNIT_BYTES / 1e6;
  const lines = [line('Kinesis shards', 'kinesisShardHour', shardHours), line('Kinesis PUT units', 'kinesisPutUnitsPerMillion', putUnits)];
  if (stream.retentionHours > 24) lines.push(line('Kinesis retention over 24 h', 'kinesisExtendedRetentionShardHour', shardHours));
  return lines;
}

/** The account policy has one stream: its first source pays for it, the others for their data only. */
function costOfSharedStream(owner: SourceConfig, gb: number | undefined, line: MakeLine): CostLine[] {
  const fixed = ['Kinesis stream', 'Kinesis shards', 'Kinesis retention over 24 h'];
  return costOfStream(owner, gb, line).filter(({ item }) => !fixed.includes(item));
}

/** What all sources use together, besides the search. */
export function costOfShared(config: Config): CostLine[] {
  const line = (item: string, name: PriceName, quantity: number | undefined): CostLine =>
    costLine({ source: 'shared', item, quantity, unit: PRICES[name].unit, price: priceOf(config, name) });
  const routes = new Set(config.sources.filter(({ route }) => route !== 'none').map(({ cluster, route }) => `${cluster} ${route}`));
  // One for groups, streams and the domain, and one for dead letters, which guards unredacted text in every mode.
  const keys = (config.kms.mode === 'none' ? 1 : 2) + (config.archive.enabled ? 1 : 0);
  return [
    line('KMS keys', 'kmsKeyMonth', keys),
    line('KMS requests', 'kmsRequestsPer10k', undefined),
    line('Metrics of the functions', 'customMetricMonth', routes.size * METRICS_PER_SERIES + (hasRedrive(config) ? REDRIVE_METRICS : 0)),
    line('Dead letters stored', 's3StandardGbMonth', undefined),
    line('Dead letters written', 's3PutPer1000', undefined),
  ];
}

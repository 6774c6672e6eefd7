import {
  COMPRESSED_SHARE,
  type CostLine,
  costLine,
  DAYS_PER_MONTH,
  GB_PER_VCPU,
  INDEXER_MB_PER_VCPU_SECOND,
  MB_PER_PAYLOAD,
} from './cost-line.ts';
import { PRICES, type PriceName, priceOf } from './prices.ts';
import type { Config, SourceConfig } from './resolve.ts';

const MB_PER_GB = 1000;
const BYTES_PER_GB = 1e9;
const SECONDS_PER_MONTH = 86_400 * DAYS_PER_MONTH;
/** What Firehose bills a record as at least, inside of PutRecordBatch too (Firehose pricing, 2026). */
const MIN_RECORD_BYTES = 5 * 1024;
/** Size of an event where the config does not tell how many there are. */
const ASSUMED_EVENT_BYTES = 1_000;
/** What a document has besides the text of its event. */
const DOCUMENT_BYTES = 700;
/** firehose-transform, MB of uncompressed log per second of one vCPU: some 150 measured for the archive alone, waiting included. */
const ARCHIVE_MB_PER_VCPU_SECOND = 50;
/** Metrics that the function publishes per source. */
const METRICS_PER_SERIES = 10;
/** Kinds of a control-plane source: each has a folder of its own. */
const CONTROL_PLANE_KINDS = 5;
/** Days for which stored data is counted where nothing deletes it. */
const FIRST_YEAR_DAYS = 365;

type MakeLine = (item: string, name: PriceName, quantity: number | undefined) => CostLine;

/** What a source costs by route firehose: its payloads, its documents one by one, the function twice. */
export function costOfFirehose(config: Config, source: SourceConfig): CostLine[] {
  const line = lineMaker(config, source);
  const gb = monthlyGb(source);
  const events = monthlyEvents(source);
  const documentBytes = gb === undefined || events === undefined || events === 0 ? 0 : (gb * BYTES_PER_GB) / events + DOCUMENT_BYTES;
  const documentsGb = events === undefined ? undefined : (events * Math.max(MIN_RECORD_BYTES, documentBytes)) / BYTES_PER_GB;
  const seconds = gb === undefined ? undefined : ((gb * MB_PER_GB) / INDEXER_MB_PER_VCPU_SECOND) * GB_PER_VCPU;
  return [
    line('Firehose, payloads', 'firehosePerGb', gb === undefined ? undefined : gb * COMPRESSED_SHARE),
    line('Firehose, documents (5 KB each at least)', 'firehosePerGb', documentsGb),
    ...(config.search.domain.vpc === undefined ? [] : [line('Firehose into the VPC', 'firehoseVpcPerGb', documentsGb)]),
    line('Lambda requests', 'lambdaRequestsPerMillion', gb === undefined ? undefined : (gb * MB_PER_GB) / MB_PER_PAYLOAD / 1e6),
    line('Lambda duration', 'lambdaArmGbSecond', seconds),
    line('Metrics of the source', 'customMetricMonth', METRICS_PER_SERIES),
  ];
}

/** What the archive of a source costs: its payloads, partitions, conversion, the function and what S3 holds at the end. */
export function costOfArchive(config: Config, source: SourceConfig): CostLine[] {
  const { archive } = config;
  const line = lineMaker(config, source);
  const gb = monthlyGb(source);
  const kinds = source.kind === 'controlPlane' ? CONTROL_PLANE_KINDS : 1;
  const objects = (kinds * SECONDS_PER_MONTH) / archive.bufferSeconds;
  const seconds = gb === undefined ? undefined : ((gb * MB_PER_GB) / ARCHIVE_MB_PER_VCPU_SECOND) * GB_PER_VCPU;
  return [
    line('Archive: Firehose', 'firehosePerGb', gb === undefined ? undefined : gb * COMPRESSED_SHARE),
    line('Archive: partitions', 'firehosePartitioningPerGb', gb),
    line('Archive: objects', 'firehosePartitionedPer1000', objects / 1000),
    line('Archive: S3 requests', 's3PutPer1000', objects / 1000),
    ...(archive.format === 'parquet' ? [line('Archive: conversion to Parquet', 'firehoseConversionPerGb', gb)] : []),
    line('Archive: Lambda duration', 'lambdaArmGbSecond', seconds),
    line('Archive: metrics of the source', 'customMetricMonth', METRICS_PER_SERIES),
    ...storage(archive, gb === undefined ? undefined : (gb / DAYS_PER_MONTH) * COMPRESSED_SHARE, line),
  ];
}

const GLACIER_PRICES = {
  instantRetrieval: 's3GlacierInstantGbMonth',
  flexibleRetrieval: 's3GlacierFlexibleGbMonth',
  deepArchive: 's3DeepArchiveGbMonth',
} as const;

/** What lies in each class once the retention, or the first year, is full. */
function storage(
  { glacier, infrequentAccessDays, retentionDays }: Config['archive'],
  gbPerDay: number | undefined,
  line: MakeLine,
): CostLine[] {
  const end = retentionDays ?? FIRST_YEAR_DAYS;
  const until = (day: number | undefined): number => Math.min(end, day ?? end);
  const standard = until(infrequentAccessDays ?? glacier?.afterDays);
  const infrequent = infrequentAccessDays === undefined ? standard : until(glacier?.afterDays);
  const of = (days: number): number | undefined => (gbPerDay === undefined ? undefined : gbPerDay * days);
  const suffix = retentionDays === undefined ? ' (first year)' : '';
  return [
    line(`Archive: S3 Standard${suffix}`, 's3StandardGbMonth', of(standard)),
    ...(infrequent > standard ? [line(`Archive: S3 Standard-IA${suffix}`, 's3InfrequentGbMonth', of(infrequent - standard))] : []),
    ...(glacier !== undefined && end > infrequent
      ? [line(`Archive: ${glacier.storageClass}${suffix}`, GLACIER_PRICES[glacier.storageClass], of(end - infrequent))]
      : []),
  ];
}

function lineMaker(config: Config, source: SourceConfig): MakeLine {
  return (item, name, quantity) => costLine({ source: source.name, item, quantity, unit: PRICES[name].unit, price: priceOf(config, name) });
}

function monthlyGb({ volume }: SourceConfig): number | undefined {
  return volume === undefined ? undefined : volume.gbPerDay * DAYS_PER_MONTH;
}

function monthlyEvents(source: SourceConfig): number | undefined {
  const gb = monthlyGb(source);
  const { volume } = source;
  if (volume === undefined || gb === undefined) return undefined;
  return volume.eventsPerSecond === undefined ? (gb * BYTES_PER_GB) / ASSUMED_EVENT_BYTES : volume.eventsPerSecond * SECONDS_PER_MONTH;
}

import { COMPRESSED_SHARE, type CostLine, costLine, DAYS_PER_MONTH, GB_PER_VCPU } from './cost-line.ts';
import type { AccessLogConfig } from './load-balancers.ts';
import { PRICES, type PriceName, priceOf } from './prices.ts';
import type { Config } from './resolve.ts';

const MB_PER_GB = 1000;
/** alb-indexer, MB of uncompressed lines per second of one vCPU, waiting for the search included: assumed, as for log-indexer. */
const MB_PER_VCPU_SECOND = 30;
/** Uncompressed lines of one file, in MB: five minutes of one node. */
const MB_PER_FILE = 5;
/** Requests to SQS for one message: sent, received, deleted. */
const REQUESTS_PER_FILE = 3;
/** Metrics per source and per function. */
const METRICS_PER_SERIES = 9;

/** What one kind of access log costs: files, delivery, queue, function. What its documents take of the search is the search's. */
export function costOfAccessLogs(config: Config, log: AccessLogConfig): CostLine[] {
  const gb = log.volume === undefined ? undefined : log.volume.gbPerDay * DAYS_PER_MONTH;
  const line = (item: string, name: PriceName, quantity: number | undefined): CostLine =>
    costLine({ source: log.name, item, quantity, unit: PRICES[name].unit, price: priceOf(config, name) });
  const files = gb === undefined ? undefined : (gb * MB_PER_GB) / MB_PER_FILE;
  const stored = log.volume === undefined ? undefined : log.volume.gbPerDay * config.loadBalancers.bucket.retentionDays * COMPRESSED_SHARE;
  return [
    ...(log.delivery === 'vended' ? [line('Delivery by CloudWatch', 'vendedLogsToS3PerGb', gb)] : []),
    line('Files stored', 's3StandardGbMonth', stored),
    line('Queue requests', 'sqsRequestsPerMillion', files === undefined ? undefined : (files * REQUESTS_PER_FILE) / 1e6),
    line('Lambda requests', 'lambdaRequestsPerMillion', files === undefined ? undefined : files / 1e6),
    line('Lambda duration', 'lambdaArmGbSecond', gb === undefined ? undefined : ((gb * MB_PER_GB) / MB_PER_VCPU_SECOND) * GB_PER_VCPU),
    ...(log.logGroup === undefined ? [] : [line('CloudWatch Logs ingestion', 'logsIngestionPerGb', gb)]),
    line('Metrics of the source', 'customMetricMonth', METRICS_PER_SERIES),
    // How many target groups there are is not known here.
    ...(log.metrics ? [line('Metrics by target group', 'customMetricMonth', undefined)] : []),
  ];
}

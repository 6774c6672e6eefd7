import type { Config } from '../../lib/config/load.ts';
import { priceOf } from '../../lib/config/prices.ts';
import { formatBytes } from '../query/progress.ts';
import { durationText } from './progress.ts';

/** What is known before anything is read. */
export interface Work {
  /** Where it is read from, in words. */
  readonly input: string;
  /** Bytes as they are stored; undefined where nobody told. */
  readonly bytes: number | undefined;
  /** Whether they are packed. */
  readonly isPacked: boolean;
  readonly events: number | undefined;
  readonly files: number | undefined;
  /** Requests for listing; those for reading follow. */
  readonly lists: number;
}

/** The bill and the time of a backfill, as far as they are known. */
export interface Estimate extends Work {
  /** Bytes of text. */
  readonly textBytes: number | undefined;
  readonly requests: number | undefined;
  readonly requestUsd: number | undefined;
  /** Where the machine that reads is outside of AWS. */
  readonly transferUsd: number | undefined;
  /** Of one month, replicas included. */
  readonly storageUsd: number | undefined;
  readonly seconds: number | undefined;
}

/** Unpacked size of what gzip made: access logs and audit events, as measured on the samples. */
const UNPACKED = 8;
/** Bytes of an event where only sizes are known: half of an audit event, twice a line of klog. */
const EVENT_BYTES = 800;
/** A page of FilterLogEvents holds a MB or 10,000 events. */
const PAGE_BYTES = 1_000_000;
const PAGE_EVENTS = 10_000;
/** S3 in us-east-1 per 1,000 requests, as quoted in 2026-11; LIST is priced as PUT. Others differ by a tenth. */
const GET_USD = 0.0004;
/** First 10 TB to the internet per GB in us-east-1, from memory. */
const TRANSFER_USD = 0.09;

/** Counts what a backfill will need. `replicas` of the families it writes to, on average. */
export function estimateOf(work: Work, config: Config, settings: { readonly replicas: number; readonly rate: number }): Estimate {
  const textBytes = work.bytes === undefined ? undefined : work.bytes * (work.isPacked ? UNPACKED : 1);
  const events = work.events ?? (textBytes === undefined ? undefined : Math.round(textBytes / EVENT_BYTES));
  const list = priceOf(config, 's3PutPer1000')?.usd ?? 0.005;
  const disk = priceOf(config, 'openSearchGp3GbMonth')?.usd;
  const pages =
    work.bytes === undefined || events === undefined ? undefined : Math.ceil(Math.max(work.bytes / PAGE_BYTES, events / PAGE_EVENTS));
  const isS3 = work.files !== undefined;
  return {
    ...work,
    textBytes,
    events,
    requests: isS3 ? (work.files ?? 0) + work.lists : pages,
    // Reading events of CloudWatch Logs is free of charge.
    requestUsd: isS3 ? ((work.files ?? 0) * GET_USD + work.lists * list) / 1_000 : 0,
    transferUsd: work.bytes === undefined ? undefined : (work.bytes / 1e9) * TRANSFER_USD,
    storageUsd: textBytes === undefined || disk === undefined ? undefined : (textBytes / 1e9) * (1 + settings.replicas) * disk,
    seconds: events === undefined || settings.rate === 0 ? undefined : events / settings.rate,
  };
}

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const dollars = (usd: number): string => `${usd < 0.01 && usd > 0 ? 'under 0.01' : usd.toFixed(2)} USD`;

/** The estimate in lines. */
export function estimateText(estimate: Estimate, isLocal: boolean): string {
  const { bytes, textBytes, isPacked, events, files, requests, requestUsd, transferUsd, storageUsd, seconds, lists } = estimate;
  const size =
    bytes === undefined
      ? 'how much is not known (cloudwatch:GetMetricData did not tell)'
      : `${formatBytes(bytes)}${isPacked ? ` packed, some ${formatBytes(textBytes ?? 0)} of text` : ''}`;
  const counted = [files === undefined ? '' : `${whole(files)} files`, events === undefined ? '' : `about ${whole(events)} events`];
  const read = [size, ...counted.filter((part) => part !== '')].join(', ');
  const asked =
    requests === undefined || isLocal
      ? ''
      : `; ${whole(requests)} requests${lists > 0 ? ` (${whole(lists)} to list)` : ''}, ${requestUsd === 0 ? 'free of charge' : dollars(requestUsd ?? 0)}`;
  const transfer = transferUsd === undefined || isLocal ? '' : `; ${dollars(transferUsd)} more where this machine is outside of AWS`;
  return [
    `  read    ${read}${asked}${transfer}`,
    `  index   ${storageUsd === undefined ? 'cost of the disk is not known' : `${dollars(storageUsd)} a month for its disk, replicas included, until its indices are deleted`}; what is there already costs nothing more`,
    `  time    ${seconds === undefined ? 'as fast as the search takes it' : `at least ${durationText(seconds * 1_000)} at --rate`}`,
    '',
  ].join('\n');
}

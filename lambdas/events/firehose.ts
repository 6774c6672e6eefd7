import { isUtf8 } from 'node:buffer';
import type { SpanBatch } from '../core/firehose/archive-sets.ts';
import { findEvents } from '../core/firehose/event-spans.ts';
import type { PartitionKeys } from '../core/firehose/partition.ts';
import { gunzip } from './gzip.ts';
import { openEnvelope, type Subscription } from './subscription.ts';
import { SYSTEM_FIELD_MARK } from './system-fields.ts';

/** What we read of a Firehose transformation event. https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html */
export interface FirehoseEvent {
  readonly invocationId: string;
  /** `arn:aws:firehose:us-east-1:111122223333:deliverystream/<name>` */
  readonly deliveryStreamArn: string;
  readonly region: string;
  readonly records: readonly FirehoseRecord[];
}

/** A record as it came; `data` is base64. */
export interface FirehoseRecord {
  readonly recordId: string;
  /** ms since the epoch. */
  readonly approximateArrivalTimestamp?: number;
  readonly data: string;
}

/** What becomes of one record. */
export interface FirehoseAnswer {
  readonly recordId: string;
  readonly result: 'Ok' | 'Dropped' | 'ProcessingFailed';
  readonly data?: string;
  readonly metadata?: { readonly partitionKeys: PartitionKeys };
}

/** The event, checked; undefined where it is none. */
export function firehoseEvent(event: unknown): FirehoseEvent | undefined {
  const { invocationId, deliveryStreamArn, region, records } = (event ?? {}) as Partial<FirehoseEvent>;
  if (typeof deliveryStreamArn !== 'string' || !Array.isArray(records)) return undefined;
  if (!records.every((record: Partial<FirehoseRecord> | null) => typeof record?.recordId === 'string' && typeof record.data === 'string'))
    return undefined;
  return { invocationId: String(invocationId ?? ''), deliveryStreamArn, region: String(region ?? ''), records };
}

/** Name of a delivery stream by its ARN. */
export function deliveryStreamName(arn: string): string {
  return arn.slice(arn.indexOf(':deliverystream/') + ':deliverystream/'.length);
}

const EVENTS = '"logEvents":[';
/** Longer than any header; where the events are not by then, they come in an order of their own. */
const MAX_HEADER = 4_096;

/** A payload for the archive: its events as spans of its bytes, where it is written as CloudWatch writes it. */
export type ArchivePayload = Subscription | { readonly kind: 'spans'; readonly batch: SpanBatch };

/** Whether bytes are gzip. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Opens a gzip payload of CloudWatch Logs without making texts of its events where that can be. A payload that is none is a value with its reason. */
export function openForArchive(packed: Uint8Array): ArchivePayload {
  const unpacked = gunzip(packed);
  if (!unpacked.ok) return { kind: 'bad', reason: unpacked.reason, detail: unpacked.detail };
  const { bytes } = unpacked;
  return openSpans(bytes) ?? openEnvelope(bytes.toString('utf8'));
}

function openSpans(bytes: Buffer): ArchivePayload | undefined {
  const at = bytes.subarray(0, MAX_HEADER).indexOf(EVENTS);
  // System fields are a part of the event's identity; bytes that are no UTF-8 must become text first.
  if (at < 0 || bytes.includes(SYSTEM_FIELD_MARK) || !isUtf8(bytes)) return undefined;
  let header: { readonly [key: string]: unknown };
  try {
    header = JSON.parse(`${bytes.toString('utf8', 0, at)}"end":0}`) as { readonly [key: string]: unknown };
  } catch {
    return undefined;
  }
  const { messageType, owner, logGroup, logStream } = header;
  if (messageType !== 'DATA_MESSAGE' || typeof logGroup !== 'string' || typeof logStream !== 'string') return undefined;
  const spans = findEvents(bytes, at + EVENTS.length);
  if (spans === undefined) return undefined;
  return { kind: 'spans', batch: { owner: typeof owner === 'string' ? owner : '', logGroup, logStream, payload: bytes, spans } };
}

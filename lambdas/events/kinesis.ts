import { openSubscription, type Subscription } from './subscription.ts';

/** What we read of a Kinesis event of Lambda; `data` is base64. https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html */
export interface KinesisEvent {
  readonly Records: readonly {
    readonly kinesis: { readonly sequenceNumber: string; readonly data: string; readonly approximateArrivalTimestamp?: number };
  }[];
}

/** One record of a stream: a subscription payload, opened, and the number by which a batch response names it. */
export interface StreamRecord {
  readonly sequenceNumber: string;
  /** When the stream took it, in ms since the epoch; absent where the event does not say. */
  readonly arrivedMs?: number;
  /** The record's data as it came, for its dead letter. */
  readonly data: string;
  /** Opened when asked for: one payload in memory at a time. */
  open(): Subscription;
}

/** The records of a Kinesis event in their order; undefined where the event is none. */
export function kinesisRecords(event: unknown): StreamRecord[] | undefined {
  const records = (event as Partial<KinesisEvent> | null | undefined)?.Records;
  if (!Array.isArray(records)) return undefined;
  const result: StreamRecord[] = [];
  for (const record of records as KinesisEvent['Records']) {
    const kinesis = record?.kinesis;
    if (typeof kinesis?.sequenceNumber !== 'string') return undefined;
    const data = typeof kinesis.data === 'string' ? kinesis.data : '';
    const arrival = kinesis.approximateArrivalTimestamp;
    result.push({
      sequenceNumber: kinesis.sequenceNumber,
      ...(typeof arrival === 'number' ? { arrivedMs: Math.round(arrival * 1000) } : {}),
      data,
      open: () => openSubscription(data),
    });
  }
  return result;
}

/** The base64 text of an event that CloudWatch Logs sends a function directly, `{"awslogs":{"data":"…"}}`; undefined where the event is none. */
export function directData(event: unknown): string | undefined {
  const data = (event as { awslogs?: { data?: unknown } } | null | undefined)?.awslogs?.data;
  return typeof data === 'string' ? data : undefined;
}

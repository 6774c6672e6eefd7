import type { Discard, MappingSpec } from './mapping-types.ts';
import type { StreamRecord } from './stream.ts';

/** Bytes that a record's envelope adds to its base64 text in an event; measured, rounded up. */
const ENVELOPE_BYTES = 700;

/** Size of a record inside an event, in bytes. */
export function recordEventBytes(record: StreamRecord<unknown>): number {
  return Math.ceil(record.data.length / 3) * 4 + record.partitionKey.length + ENVELOPE_BYTES;
}

/** The event that a function gets for a batch, as JSON text. */
export function kinesisEvent(
  records: readonly StreamRecord<unknown>[],
  spec: Pick<MappingSpec, 'streamArn' | 'functionArn' | 'region'>,
): string {
  return JSON.stringify({
    Records: records.map((record) => ({
      kinesis: {
        kinesisSchemaVersion: '1.0',
        partitionKey: record.partitionKey,
        sequenceNumber: record.sequenceNumber,
        data: record.data.toString('base64'),
        approximateArrivalTimestamp: record.arrivalMs / 1000,
      },
      eventSource: 'aws:kinesis',
      eventVersion: '1.0',
      eventID: `${record.shardId}:${record.sequenceNumber}`,
      eventName: 'aws:kinesis:record',
      invokeIdentityArn: spec.functionArn.replace(/:lambda:[^:]*:(\d+):function:.*/, ':iam::$1:role/local'),
      awsRegion: spec.region,
      eventSourceARN: spec.streamArn,
    })),
  });
}

/** An object of an on-failure destination. */
export interface FailureObject {
  readonly key: string;
  readonly body: string;
}

/**
 * What Lambda writes to an S3 on-failure destination of a stream: the positions, and in `payload` the whole event as text.
 * https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
export function kinesisFailureObject(discard: Discard<unknown>, spec: MappingSpec, nowMs: number, objectId: string): FailureObject {
  const first = discard.records[0];
  const last = discard.records.at(-1);
  if (!first || !last) throw new Error('nothing was discarded');
  const isoTime = (ms: number) => new Date(ms).toISOString();
  const body = {
    requestContext: {
      requestId: discard.requestId,
      functionArn: spec.functionArn,
      condition: discard.condition,
      approximateInvokeCount: discard.invokeCount,
    },
    responseContext: {
      statusCode: 200,
      executedVersion: '$LATEST',
      ...(discard.hasFunctionError ? { functionError: 'Unhandled' } : {}),
    },
    version: '1.0',
    timestamp: isoTime(nowMs),
    KinesisBatchInfo: {
      shardId: first.shardId,
      startSequenceNumber: first.sequenceNumber,
      endSequenceNumber: last.sequenceNumber,
      approximateArrivalOfFirstRecord: isoTime(first.arrivalMs),
      approximateArrivalOfLastRecord: isoTime(last.arrivalMs),
      batchSize: discard.records.length,
      streamArn: spec.streamArn,
    },
    payload: kinesisEvent(discard.records, spec),
  };
  return { key: `aws/lambda/${spec.uuid}/${first.shardId}/${failureKeyEnd(nowMs, objectId)}`, body: JSON.stringify(body) };
}

/** `YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<id>`: the end of every on-failure object's key. */
export function failureKeyEnd(nowMs: number, objectId: string): string {
  const text = new Date(nowMs).toISOString();
  return `${text.slice(0, 10).replaceAll('-', '/')}/${text.slice(0, 19).replaceAll(':', '.')}-${objectId}`;
}

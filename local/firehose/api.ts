import type { ApiAnswer } from '../aws/eks-api.ts';

/** Puts records into a delivery stream by its name and returns their ids; undefined where the templates have none of this name. */
export type PutRecords = (stream: string, data: readonly Buffer[]) => readonly string[] | undefined;

/** Limits of PutRecordBatch: records, bytes of a call, bytes of a record. API reference of 2026. */
const MAX_RECORDS = 500;
const MAX_BATCH_BYTES = 4 * 1024 * 1024;
const MAX_RECORD_BYTES = 1_000 * 1024;

/** Answers PutRecordBatch and PutRecord as Firehose does; undefined for another action. */
export function answerFirehose(action: string, body: string, putRecords: PutRecords): ApiAnswer | undefined {
  if (action !== 'PutRecordBatch' && action !== 'PutRecord') return undefined;
  const input = JSON.parse(body) as { DeliveryStreamName?: string; Records?: { Data: string }[]; Record?: { Data: string } };
  const data = (input.Records ?? (input.Record === undefined ? [] : [input.Record])).map(({ Data }) => Buffer.from(Data, 'base64'));
  const bytes = data.reduce((sum, { length }) => sum + length, 0);
  if (data.length === 0 || data.length > MAX_RECORDS || bytes > MAX_BATCH_BYTES || data.some(({ length }) => length > MAX_RECORD_BYTES))
    return refused('InvalidArgumentException', `${data.length} records of ${bytes} bytes are more than a call may hold`);
  const ids = putRecords(input.DeliveryStreamName ?? '', data);
  if (ids === undefined) return refused('ResourceNotFoundException', `Firehose ${input.DeliveryStreamName} not found.`);
  if (action === 'PutRecord') return { status: 200, body: { RecordId: ids[0] ?? '', Encrypted: true } };
  return { status: 200, body: { FailedPutCount: 0, Encrypted: true, RequestResponses: ids.map((RecordId) => ({ RecordId })) } };
}

function refused(type: string, message: string): ApiAnswer {
  return { status: 400, body: { __type: type, message } };
}

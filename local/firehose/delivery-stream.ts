import { MAX_SYNC_PAYLOAD_BYTES } from '../lambda/function-host.ts';
import type { DeliveredCounts, Destination, DestinationPorts, OutgoingRecord } from './destination.ts';
import { evaluatePrefix, objectName } from './prefix.ts';
import { S3Destination } from './s3-destination.ts';
import { type PostBulk, SearchDestination } from './search-destination.ts';
import type { BucketSpec, DeliveryStreamSpec } from './spec.ts';

/** A record that was put. `note` is what the run follows of it; absent for a record that the function has put again. */
interface StreamRecord<T> {
  readonly recordId: string;
  readonly data: Buffer;
  readonly arrivalMs: number;
  readonly note: T | undefined;
}

/** What an invocation came to. */
export interface TransformResult {
  readonly payload?: string;
  readonly error?: { readonly errorType: string; readonly errorMessage: string };
}

/** What a delivery stream needs of the world. */
export interface DeliveryStreamPorts<T> extends DestinationPorts {
  readonly invoke: (event: string, notes: readonly T[]) => Promise<TransformResult>;
  readonly post: PostBulk;
  /** The function has taken it, or it needed none. */
  readonly onDone: (notes: readonly T[]) => void;
  /** It failed, and an object under the error prefix holds it. */
  readonly onFailed: (notes: readonly T[]) => void;
}

/** What a delivery stream did, in records. */
export interface StreamCounts {
  /** Put by CloudWatch Logs or an agent. */
  received: number;
  /** Put again by the function. */
  putAgain: number;
  ok: number;
  dropped: number;
  /** ProcessingFailed, or an invocation that failed until the end: originals are under the error prefix. */
  failed: number;
}

/** Bytes of an invocation's event without its records, and of a record without its data. */
const EVENT_OVERHEAD_BYTES = 400;
const RECORD_OVERHEAD_BYTES = 200;

/** A delivery stream: buffers records by size and age for its function, and its answers again for the destination. */
export class DeliveryStream<T> {
  readonly spec: DeliveryStreamSpec;
  readonly counts: StreamCounts = { received: 0, putAgain: 0, ok: 0, dropped: 0, failed: 0 };
  readonly destination: Destination;
  readonly #ports: DeliveryStreamPorts<T>;
  readonly #errors: BucketSpec;
  #buffer: StreamRecord<T>[] = [];
  #bytes = 0;
  #round = 0;
  #working: Promise<void> = Promise.resolve();
  #invoking = 0;
  #records = 0;

  constructor(spec: DeliveryStreamSpec, ports: DeliveryStreamPorts<T>) {
    this.spec = spec;
    this.#ports = ports;
    const { destination } = spec;
    const onRefused = (record: OutgoingRecord, errorType: string, message: string): void => this.#putError([record], errorType, message);
    this.#errors = destination.kind === 's3' ? destination.place : destination.backup;
    this.destination =
      destination.kind === 's3'
        ? new S3Destination(spec, destination.place, ports, onRefused)
        : new SearchDestination(spec, destination, { ...ports, onRefused });
  }

  /** Events that reached the destination or were refused by it. */
  get delivered(): DeliveredCounts {
    return this.destination.counts;
  }

  /** Records that are on their way. */
  get waiting(): number {
    return this.#buffer.length + this.#invoking + this.destination.waiting;
  }

  /** PutRecord: returns the record's id. */
  put(data: Buffer, note?: T): string {
    const { now, atPassing } = this.#ports;
    if (note === undefined) this.counts.putAgain++;
    else this.counts.received++;
    const record = { recordId: `${this.spec.name}-${String(this.#records++).padStart(12, '0')}`, data, arrivalMs: now(), note };
    const { processor } = this.spec;
    if (processor === undefined) {
      this.destination.add(record);
      return record.recordId;
    }
    if (this.#buffer.length === 0) {
      const round = ++this.#round;
      atPassing(now() + processor.bufferMs, () => {
        if (this.#round === round) this.#invokeBuffer();
      });
    }
    this.#buffer.push(record);
    this.#bytes += data.length;
    if (this.#bytes >= processor.bufferBytes) this.#invokeBuffer();
    return record.recordId;
  }

  /** Hands on what waits, as if its time had come. */
  flush(): void {
    if (this.#buffer.length > 0) this.#invokeBuffer();
    else if (this.#invoking === 0) this.destination.flush();
  }

  #invokeBuffer(): void {
    const records = this.#buffer;
    this.#buffer = [];
    this.#bytes = 0;
    this.#round++;
    this.#invoking += records.length;
    this.#working = this.#working.then(() => this.#transformAll(records));
    this.#ports.track(this.#working);
  }

  async #transformAll(records: readonly StreamRecord<T>[]): Promise<void> {
    let batch: StreamRecord<T>[] = [];
    let bytes = EVENT_OVERHEAD_BYTES;
    for (const record of records) {
      const size = Math.ceil(record.data.length / 3) * 4 + RECORD_OVERHEAD_BYTES;
      if (batch.length > 0 && bytes + size > MAX_SYNC_PAYLOAD_BYTES) {
        await this.#transform(batch);
        batch = [];
        bytes = EVENT_OVERHEAD_BYTES;
      }
      batch.push(record);
      bytes += size;
    }
    await this.#transform(batch);
  }

  async #transform(records: readonly StreamRecord<T>[]): Promise<void> {
    const notes = records.flatMap(({ note }) => note ?? []);
    let problem = '';
    for (let attempt = 0; attempt <= (this.spec.processor?.retries ?? 0); attempt++) {
      const result = await this.#ports.invoke(this.#event(records, attempt), notes);
      if (result.error === undefined) {
        const answers = readAnswer(result.payload, records);
        if (typeof answers !== 'string') {
          this.#take(records, answers);
          this.#invoking -= records.length;
          return;
        }
        problem = answers;
      } else problem = `${result.error.errorType}: ${result.error.errorMessage}`;
    }
    this.#invoking -= records.length;
    this.#fail(records, problem);
  }

  #take(records: readonly StreamRecord<T>[], answers: ReadonlyMap<string, Answer>): void {
    const failed: StreamRecord<T>[] = [];
    for (const record of records) {
      const { result, data = '', metadata } = answers.get(record.recordId) as Answer;
      if (result === 'ProcessingFailed') {
        failed.push(record);
        continue;
      }
      if (record.note !== undefined) this.#ports.onDone([record.note]);
      if (result === 'Dropped') {
        this.counts.dropped++;
        continue;
      }
      this.counts.ok++;
      const partitionKeys = metadata?.partitionKeys;
      const { recordId, arrivalMs } = record;
      this.destination.add({
        recordId,
        arrivalMs,
        data: Buffer.from(data, 'base64'),
        ...(partitionKeys === undefined ? {} : { partitionKeys }),
      });
    }
    if (failed.length > 0) this.#fail(failed, 'the function answered ProcessingFailed');
  }

  #fail(records: readonly StreamRecord<T>[], message: string): void {
    this.counts.failed += records.length;
    this.#putError(records, 'processing-failed', message);
    const notes = records.flatMap(({ note }) => note ?? []);
    if (notes.length > 0) this.#ports.onFailed(notes);
  }

  #event(records: readonly StreamRecord<T>[], attempt: number): string {
    return JSON.stringify({
      invocationId: `${records[0]?.recordId ?? ''}-${attempt}`,
      deliveryStreamArn: this.spec.arn,
      region: this.spec.region,
      records: records.map(({ recordId, data, arrivalMs }) => ({
        recordId,
        approximateArrivalTimestamp: arrivalMs,
        data: data.toString('base64'),
      })),
    });
  }

  /** An object under the error prefix: one line a record, with its original. */
  #putError(records: readonly { readonly data: Buffer; readonly arrivalMs: number }[], errorType: string, message: string): void {
    const timeMs = this.#ports.now();
    const lines = records.map(({ data, arrivalMs }) => ({
      attemptsMade: (this.spec.processor?.retries ?? 0) + 1,
      arrivalTimestamp: arrivalMs,
      errorCode: errorType === 'processing-failed' ? 'Lambda.ProcessingFailedStatus' : errorType,
      errorMessage: message,
      attemptEndingTimestamp: timeMs,
      rawData: data.toString('base64'),
      ...(this.spec.processor === undefined ? {} : { lambdaArn: `${this.spec.processor.functionArn}:$LATEST` }),
    }));
    const prefix = evaluatePrefix(this.#errors.errorPrefix, { timeMs, errorType }) ?? '';
    const key = `${prefix}${objectName(this.spec.name, timeMs, this.#ports.nextId())}`;
    this.#ports.putObject(this.#errors.bucket, key, Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join('')), false);
  }
}

interface Answer {
  readonly recordId: string;
  readonly result: 'Ok' | 'Dropped' | 'ProcessingFailed';
  readonly data?: string;
  readonly metadata?: { readonly partitionKeys?: { readonly [key: string]: string } };
}

const RESULTS = new Set(['Ok', 'Dropped', 'ProcessingFailed']);

/** The answers by record id; or what is wrong: Firehose fails all records of an answer that does not have each of them once. */
function readAnswer(payload: string | undefined, records: readonly { readonly recordId: string }[]): ReadonlyMap<string, Answer> | string {
  let answers: readonly Answer[] | undefined;
  try {
    answers = (JSON.parse(payload ?? '') as { readonly records?: readonly Answer[] } | null)?.records;
  } catch {
    return 'Lambda.JsonProcessingException: the answer is no JSON';
  }
  if (!Array.isArray(answers)) return 'Lambda.JsonProcessingException: the answer has no records';
  const byId = new Map((answers as readonly Answer[]).map((answer) => [answer.recordId, answer]));
  if (byId.size !== records.length || answers.length !== records.length) return 'Lambda.MissingRecordId: not each record was answered once';
  for (const { recordId } of records)
    if (!RESULTS.has(byId.get(recordId)?.result ?? '')) return 'Lambda.MissingRecordId: a record has no result';
  return byId;
}

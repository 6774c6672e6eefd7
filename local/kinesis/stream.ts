import { createHash } from 'node:crypto';

/** Largest record in bytes, partition key included, where larger ones are not turned on: 1 MiB. */
export const MAX_RECORD_BYTES = 1024 * 1024;
/** Shards that a new on-demand stream starts with (4 MB/s in). */
export const ON_DEMAND_SHARDS = 4;
/** Hours that a record is kept where the template names none. */
export const DEFAULT_RETENTION_HOURS = 24;

/** A record of a data stream; `T` is what the run wants to remember about it. */
export interface StreamRecord<T> {
  readonly sequenceNumber: string;
  readonly shardId: string;
  readonly partitionKey: string;
  readonly data: Buffer;
  /** The run's time of arrival. */
  readonly arrivalMs: number;
  readonly note: T;
}

/** A data stream as its template describes it. */
export interface StreamSpec {
  readonly name: string;
  readonly arn: string;
  readonly shards: number;
  readonly retentionHours: number;
}

/** Called with each record right after it was put. */
export type StreamReader<T> = (record: StreamRecord<T>) => void;

/** A Kinesis data stream: shards by hash key, sequence numbers that grow, readers that see every record. */
export class KinesisStream<T> {
  readonly spec: StreamSpec;
  readonly #readers: StreamReader<T>[] = [];
  // 56 digits, as real ones have; they only have to grow.
  #sequence = 49_590_338_271_490_256_608_559_692_538_361_571_095_921_575_989_136_588_898n;

  constructor(spec: StreamSpec) {
    this.spec = spec;
  }

  /** Puts a record and returns it. Throws above 1 MiB, as PutRecord does. */
  put(partitionKey: string, data: Buffer, nowMs: number, note: T): StreamRecord<T> {
    const bytes = data.length + Buffer.byteLength(partitionKey);
    if (bytes > MAX_RECORD_BYTES)
      throw new Error(`stream ${this.spec.name}: a record has at most ${MAX_RECORD_BYTES} bytes, this one ${bytes}`);
    this.#sequence += 1n;
    const record: StreamRecord<T> = {
      sequenceNumber: String(this.#sequence),
      shardId: `shardId-${String(this.#shardOf(partitionKey)).padStart(12, '0')}`,
      partitionKey,
      data,
      arrivalMs: nowMs,
      note,
    };
    for (const reader of this.#readers) reader(record);
    return record;
  }

  /** Adds a reader: it sees what is put from now on (TRIM_HORIZON and LATEST are the same before the first record). */
  read(reader: StreamReader<T>): void {
    this.#readers.push(reader);
  }

  /** Shards share the 128-bit hash keys evenly, as after CreateStream. */
  #shardOf(partitionKey: string): number {
    const hash = BigInt(`0x${createHash('md5').update(partitionKey).digest('hex')}`);
    return Number((hash * BigInt(this.spec.shards)) >> 128n);
  }
}

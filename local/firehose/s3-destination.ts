import { gzipSync } from 'node:zlib';
import type { DeliveredCounts, Destination, DestinationPorts, OutgoingRecord } from './destination.ts';
import { evaluatePrefix, objectName } from './prefix.ts';
import type { BucketSpec, DeliveryStreamSpec } from './spec.ts';

interface Partition {
  readonly prefix: string;
  readonly records: OutgoingRecord[];
  bytes: number;
}

/** Partitions that are open at a time (Firehose quotas, 2026); records beyond go to the error prefix. */
export const MAX_PARTITIONS = 500;

/** Objects of S3, by partition: each has a buffer of its own, that is written when it is full or old enough. */
export class S3Destination implements Destination {
  readonly counts: DeliveredCounts = { delivered: 0, refused: 0, objects: 0 };
  readonly #spec: DeliveryStreamSpec;
  readonly #place: BucketSpec;
  readonly #ports: DestinationPorts;
  readonly #onRefused: (record: OutgoingRecord, errorType: string, message: string) => void;
  readonly #partitions = new Map<string, Partition>();

  constructor(
    spec: DeliveryStreamSpec,
    place: BucketSpec,
    ports: DestinationPorts,
    onRefused: (record: OutgoingRecord, errorType: string, message: string) => void,
  ) {
    this.#spec = spec;
    this.#place = place;
    this.#ports = ports;
    this.#onRefused = onRefused;
  }

  get waiting(): number {
    let count = 0;
    for (const { records } of this.#partitions.values()) count += records.length;
    return count;
  }

  add(record: OutgoingRecord): void {
    const values = { timeMs: record.arrivalMs, ...(record.partitionKeys === undefined ? {} : { partitionKeys: record.partitionKeys }) };
    const prefix = evaluatePrefix(this.#place.prefix, values);
    if (prefix === undefined) {
      this.#refuse(record, 'the answer of the function lacks partition keys');
      return;
    }
    let partition = this.#partitions.get(prefix);
    if (partition === undefined) {
      if (this.#partitions.size >= MAX_PARTITIONS) {
        this.#refuse(record, `more than ${MAX_PARTITIONS} active partitions`);
        return;
      }
      partition = { prefix, records: [], bytes: 0 };
      this.#partitions.set(prefix, partition);
      const opened = partition;
      this.#ports.atPassing(this.#ports.now() + this.#spec.bufferMs, () => this.#write(opened));
    }
    partition.records.push(record);
    partition.bytes += record.data.length;
    if (partition.bytes >= this.#spec.bufferBytes) this.#write(partition);
  }

  flush(): void {
    for (const partition of [...this.#partitions.values()]) this.#write(partition);
  }

  #refuse(record: OutgoingRecord, message: string): void {
    this.counts.refused += linesOf(record.data);
    this.#onRefused(record, 'dynamic-partitioning-failed', message);
  }

  #write(partition: Partition): void {
    if (this.#partitions.get(partition.prefix) !== partition) return;
    this.#partitions.delete(partition.prefix);
    const body = Buffer.concat(partition.records.map(({ data }) => data));
    this.counts.delivered += linesOf(body);
    this.counts.objects++;
    const { bucket, isGzip } = this.#place;
    const name = objectName(this.#spec.name, this.#ports.now(), this.#ports.nextId());
    // Level 1: the run is to be quick, and nobody pays for these bytes.
    this.#ports.putObject(bucket, `${partition.prefix}${name}${isGzip ? '.gz' : ''}`, isGzip ? gzipSync(body, { level: 1 }) : body, isGzip);
  }
}

/** Lines of bytes, each ended by a line feed. */
export function linesOf(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}

import { readFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { createServer, type Server } from 'node:tls';

/** Numbers of Kafka's requests (its protocol guide). */
const PRODUCE = 0;
const FETCH = 1;
const METADATA = 3;
const API_VERSIONS = 18;
const INIT_PRODUCER_ID = 22;

/** Newest versions that are answered: old enough for plain headers, new enough for record batches and the idempotent producer. A client needs to see Fetch. */
const NEWEST: readonly (readonly [request: number, version: number])[] = [
  [PRODUCE, 3],
  [FETCH, 4],
  [METADATA, 1],
  [API_VERSIONS, 0],
  [INIT_PRODUCER_ID, 0],
];
const UNSUPPORTED_VERSION = 35;
/** Bytes of a record batch before its records, and where their count is. */
const BATCH_HEADER = 61;
const COUNT_AT = 57;

/** As much of a Kafka broker as a producer asks, over TLS on the loopback address: one node, one partition, uncompressed batches. */
export class KafkaBroker {
  /** Values of the records that were acknowledged, by topic. */
  readonly records = new Map<string, string[]>();
  /** `acks` of each request that brought records: -1 waits for all replicas. */
  readonly acks = new Set<number>();
  readonly #options: { readonly key: Buffer; readonly cert: Buffer };
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;

  constructor(certificate: string, key: string) {
    this.#options = { key: readFileSync(key), cert: readFileSync(certificate) };
  }

  /** Listens on a port; resolves to it. */
  async start(port = 0): Promise<number> {
    const server = createServer(this.#options, (socket) => this.#serve(socket));
    this.#server = server;
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    // A client that goes away in the middle of a handshake is nobody's fault.
    server.on('tlsClientError', () => {});
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    return this.#port;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of this.#sockets) socket.destroy();
    });
  }

  #serve(socket: Socket): void {
    let rest = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (part: Buffer) => {
      rest = Buffer.concat([rest, part]);
      while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
        const end = 4 + rest.readInt32BE(0);
        const answer = this.#answer(rest.subarray(4, end));
        rest = rest.subarray(end);
        const size = Buffer.alloc(4);
        size.writeInt32BE(answer.length);
        socket.write(Buffer.concat([size, answer]));
      }
    });
  }

  #answer(request: Buffer): Buffer {
    const kind = request.readInt16BE(0);
    const version = request.readInt16BE(2);
    const correlation = int32(request.readInt32BE(4));
    const reader = new Reader(request, 8);
    reader.text();
    switch (kind) {
      case API_VERSIONS:
        return Buffer.concat([correlation, ...versions(version === 0 ? 0 : UNSUPPORTED_VERSION)]);
      case METADATA:
        return Buffer.concat([correlation, ...this.#metadata(reader)]);
      case INIT_PRODUCER_ID:
        return Buffer.concat([correlation, int32(0), int16(0), int64(1), int16(0)]);
      case PRODUCE:
        return Buffer.concat([correlation, ...this.#produce(reader)]);
      default:
        throw new Error(`no answer to request ${kind} of version ${version}`);
    }
  }

  #metadata(reader: Reader): Buffer[] {
    const topics = Array.from({ length: Math.max(0, reader.int32()) }, () => reader.text());
    const broker = [int32(1), text('127.0.0.1'), int32(this.#port), int16(-1)];
    const partition = [int16(0), int32(0), int32(1), int32(1), int32(1), int32(1), int32(1)];
    const each = topics.flatMap((name) => [int16(0), text(name), Buffer.from([0]), int32(1), ...partition]);
    return [int32(1), ...broker, int32(1), int32(topics.length), ...each];
  }

  #produce(reader: Reader): Buffer[] {
    reader.text();
    this.acks.add(reader.int16());
    reader.int32();
    const answer: Buffer[] = [];
    const topics = reader.int32();
    for (let t = 0; t < topics; t++) {
      const topic = reader.text();
      const partitions = reader.int32();
      answer.push(text(topic), int32(partitions));
      for (let p = 0; p < partitions; p++) {
        const partition = reader.int32();
        const before = this.records.get(topic) ?? [];
        this.records.set(topic, [...before, ...valuesOf(reader.bytes())]);
        answer.push(int32(partition), int16(0), int64(before.length), int64(-1));
      }
    }
    return [int32(topics), ...answer, int32(0)];
  }
}

/** Values of a record batch of version 2 (magic). */
function valuesOf(batch: Buffer): string[] {
  if (batch.readInt8(16) !== 2 || (batch.readInt16BE(21) & 7) !== 0) throw new Error('only uncompressed batches of version 2 are read');
  const reader = new Reader(batch, BATCH_HEADER);
  return Array.from({ length: batch.readInt32BE(COUNT_AT) }, () => {
    const end = reader.varint() + reader.at;
    // Attributes, and the differences of time and offset.
    reader.at++;
    reader.varint();
    reader.varint();
    const keyLength = Math.max(0, reader.varint());
    reader.at += keyLength;
    const length = reader.varint();
    const value = batch.toString('utf8', reader.at, reader.at + length);
    reader.at = end;
    return value;
  });
}

function versions(error: number): Buffer[] {
  return [int16(error), int32(NEWEST.length), ...NEWEST.flatMap(([request, newest]) => [int16(request), int16(0), int16(newest)])];
}

class Reader {
  at: number;
  readonly #buffer: Buffer;

  constructor(buffer: Buffer, at: number) {
    this.#buffer = buffer;
    this.at = at;
  }

  int16(): number {
    this.at += 2;
    return this.#buffer.readInt16BE(this.at - 2);
  }

  int32(): number {
    this.at += 4;
    return this.#buffer.readInt32BE(this.at - 4);
  }

  /** A text with its length before it; empty for none. */
  text(): string {
    const length = Math.max(0, this.int16());
    this.at += length;
    return this.#buffer.toString('utf8', this.at - length, this.at);
  }

  bytes(): Buffer {
    const length = this.int32();
    this.at += length;
    return this.#buffer.subarray(this.at - length, this.at);
  }

  /** A number in zigzag encoding, seven bits a byte. */
  varint(): number {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.#buffer.readUInt8(this.at++);
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number((value >> 1n) ^ -(value & 1n));
    }
  }
}

function int16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeInt16BE(value);
  return buffer;
}

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}

function int64(value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigInt64BE(BigInt(value));
  return buffer;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([int16(bytes.length), bytes]);
}

import type { PartitionKeys } from './partition.ts';

/**
 * A record that this function has made before and has put into the delivery stream again, so that it passes this time:
 * magic, a code (MAC) over all that follows, flags, length of the header, header as JSON, body.
 *
 * Whoever may put records could put this magic as well, and an agent that sends bare lines puts what a container prints. So the code decides, whose key
 * only the function's role can read; the first byte, which no UTF-8 text holds, only saves the check for everything else.
 */
const MAGIC = [0xf5, 0x65, 0x74, 0x2d, 0x70, 0x61, 0x73, 0x73];
const MAGIC_BYTES = MAGIC.length;
/** Half of an HMAC-SHA-256: 128 bits are beyond guessing, and each record is billed by its size. */
export const MAC_BYTES = 16;
const HEADER_LENGTH_AT = MAGIC_BYTES + MAC_BYTES + 1;
const HEADER_AT = HEADER_LENGTH_AT + 2;
const MAX_HEADER_BYTES = 4_096;
const IS_GZIP = 1;

/** What a mark says of its body. */
export interface MarkHeader {
  /** Delivery stream that it is meant for: a record of another one does not pass. */
  readonly stream: string;
  /** Source of its events, for counts. */
  readonly source: string;
  /** Source events in the body. */
  readonly events: number;
  /** Only for the archive. */
  readonly partition?: PartitionKeys;
}

/** A marked record, opened. */
export interface Marked {
  readonly header: MarkHeader;
  readonly body: Uint8Array;
  readonly isGzip: boolean;
}

/** What marking needs of the world. */
export interface MarkPorts {
  /** At least 16 bytes of a keyed hash of the bytes. */
  readonly mac: (bytes: Uint8Array) => Uint8Array;
  readonly encode: (text: string) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => string;
}

/** Whether a record may be marked: cheap, and true for nothing that is gzip or text. */
export function looksMarked(data: Uint8Array): boolean {
  if (data.length < HEADER_AT) return false;
  for (let i = 0; i < MAGIC_BYTES; i++) if (data[i] !== MAGIC[i]) return false;
  return true;
}

/** Makes a marked record. */
export function mark(header: MarkHeader, body: Uint8Array, isGzip: boolean, { mac, encode }: MarkPorts): Uint8Array {
  const head = encode(JSON.stringify(header));
  if (head.length > MAX_HEADER_BYTES) throw new Error(`the header of a mark has ${head.length} bytes, at most ${MAX_HEADER_BYTES}`);
  const bytes = new Uint8Array(HEADER_AT + head.length + body.length);
  bytes.set(MAGIC);
  bytes[HEADER_LENGTH_AT - 1] = isGzip ? IS_GZIP : 0;
  bytes[HEADER_LENGTH_AT] = head.length >> 8;
  bytes[HEADER_LENGTH_AT + 1] = head.length & 255;
  bytes.set(head, HEADER_AT);
  bytes.set(body, HEADER_AT + head.length);
  bytes.set(mac(bytes.subarray(MAGIC_BYTES + MAC_BYTES)).subarray(0, MAC_BYTES), MAGIC_BYTES);
  return bytes;
}

/** Bytes that a mark adds to a body. */
export function markBytes(header: MarkHeader, { encode }: Pick<MarkPorts, 'encode'>): number {
  return HEADER_AT + encode(JSON.stringify(header)).length;
}

/** Opens a record that looks marked; undefined where its code or its stream is wrong: it was not made by this function. */
export function openMark(data: Uint8Array, stream: string, { mac, decode }: MarkPorts): Marked | undefined {
  if (!looksMarked(data)) return undefined;
  const expected = mac(data.subarray(MAGIC_BYTES + MAC_BYTES));
  let difference = 0;
  // All bytes, whichever differs first: the time taken tells nothing.
  for (let i = 0; i < MAC_BYTES; i++) difference |= (expected[i] as number) ^ (data[MAGIC_BYTES + i] as number);
  if (difference !== 0) return undefined;
  const length = ((data[HEADER_LENGTH_AT] as number) << 8) | (data[HEADER_LENGTH_AT + 1] as number);
  const header = JSON.parse(decode(data.subarray(HEADER_AT, HEADER_AT + length))) as MarkHeader;
  if (header.stream !== stream) return undefined;
  return { header, body: data.subarray(HEADER_AT + length), isGzip: ((data[HEADER_LENGTH_AT - 1] as number) & IS_GZIP) !== 0 };
}

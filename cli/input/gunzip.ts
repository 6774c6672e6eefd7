import { once } from 'node:events';
import { constants, crc32, createInflateRaw, type InflateRaw } from 'node:zlib';
import { ByteQueue } from './byte-queue.ts';

/** Data that is no gzip, or not all of it. Everything before it has been given. */
export class GzipError extends Error {
  override readonly name = 'GzipError';
}

const OUTPUT_BYTES = 1 << 18;
/** Bytes that are unpacked at a time: so much at most is lost before a place where the data is spoilt. */
const INPUT_BYTES = 1 << 16;
const HEADER_BYTES = 10;
const TRAILER_BYTES = 8;
const DEFLATE = 8;
/** Bits of the header's flags (RFC 1952). */
const FLAG = { headerCrc: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 } as const;

/**
 * Unpacks gzip, several members in a row (rotated and concatenated files) as one text. What is behind the last member, or missing of it, is told only when
 * all that can be unpacked was given: node's own gunzip throws its last output away together with the error. Zeros behind it are padding, as for gzip(1).
 */
export async function* gunzipStream(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const input = new ByteQueue(chunks);
  for (let member = 1; ; member++) {
    if (member > 1) {
      await input.dropZeros();
      if (await input.isAtEnd()) return;
    }
    await skipHeader(input, member);
    yield* inflateMember(input);
  }
}

async function skipHeader(input: ByteQueue, member: number): Promise<void> {
  const [id1, id2, method, flags = 0] = await bytesOf(input, 2, 'header').then(async (magic) => {
    const isGzip = magic[0] === 0x1f && magic[1] === 0x8b;
    if (!isGzip) throw new GzipError('what is behind the gzip data is none; all lines before it were read');
    return Buffer.concat([magic, await bytesOf(input, HEADER_BYTES - 2, 'header')]);
  });
  if (id1 !== 0x1f || id2 !== 0x8b || method !== DEFLATE || (flags & FLAG.reserved) !== 0) {
    throw new GzipError(`not valid gzip: member ${member} has a header of another kind`);
  }
  if (flags & FLAG.extra) await bytesOf(input, (await bytesOf(input, 2, 'header')).readUInt16LE(0), 'header');
  for (const flag of [FLAG.name, FLAG.comment]) if (flags & flag) while ((await bytesOf(input, 1, 'header'))[0] !== 0);
  if (flags & FLAG.headerCrc) await bytesOf(input, 2, 'header');
}

async function bytesOf(input: ByteQueue, length: number, what: 'header' | 'trailer'): Promise<Buffer> {
  const bytes = await input.take(length);
  if (bytes.length < length) throw new GzipError(`the gzip data ends early, inside of a ${what}; all lines before it were read`);
  return bytes;
}

async function* inflateMember(input: ByteQueue): AsyncGenerator<Buffer> {
  // With the default, the end of data that was cut off would throw, and what was unpacked last would be lost.
  const inflate = createInflateRaw({ chunkSize: OUTPUT_BYTES, finishFlush: constants.Z_SYNC_FLUSH });
  const fed = feed(inflate, input);
  // The error arrives below, with the output.
  fed.catch(() => undefined);
  let crc = 0;
  let length = 0;
  try {
    for await (const chunk of inflate as AsyncIterable<Buffer>) {
      crc = crc32(chunk, crc);
      length += chunk.length;
      yield chunk;
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw code?.startsWith('Z_') ? new GzipError(`not valid gzip: ${message}`) : error;
  } finally {
    inflate.destroy();
  }
  await fed;
  if (await input.isAtEnd()) throw new GzipError('the gzip data ends early; what could be unpacked was read');
  const trailer = await bytesOf(input, TRAILER_BYTES, 'trailer');
  if (trailer.readUInt32LE(0) !== crc || trailer.readUInt32LE(4) !== length % 2 ** 32) {
    throw new GzipError('not valid gzip: the sum at its end does not fit what was unpacked');
  }
}

/** Writes input until the member ends; what is behind it goes back. */
async function feed(inflate: InflateRaw, input: ByteQueue): Promise<void> {
  try {
    const stopped = new AbortController();
    const { signal } = stopped;
    // Where it ends inside of a chunk, node does not always say that the chunk was written.
    const ended = Promise.race([once(inflate, 'end', { signal }), once(inflate, 'close', { signal })]).catch(() => undefined);
    for (let chunk = await input.next(INPUT_BYTES); chunk !== undefined; chunk = await input.next(INPUT_BYTES)) {
      const { bytesWritten } = inflate;
      const isTaken = new Promise<void>((resolve) => inflate.write(chunk, () => resolve()));
      await Promise.race([isTaken, ended]);
      // The member ends inside of the chunk.
      const taken = inflate.bytesWritten - bytesWritten;
      if (taken < chunk.length) {
        input.putBack(chunk.subarray(taken));
        break;
      }
    }
    stopped.abort();
    if (!inflate.destroyed && !inflate.readableEnded) inflate.end();
  } catch (error) {
    inflate.destroy(error as Error);
    throw error;
  }
}

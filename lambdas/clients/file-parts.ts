import { createGunzip, type Gunzip } from 'node:zlib';
import { FilePart, MAX_LINE_BYTES } from '../core/access-logs/file-part.ts';

/** Why a file ends before its end. */
export class FileError extends Error {
  readonly reason: 'file-truncated' | 'file-bad-gzip' | 'file-not-gzip' | 'file-parquet';
  constructor(reason: FileError['reason'], detail: string) {
    super(detail);
    this.name = 'FileError';
    this.reason = reason;
  }
}

/** What a stretch of a file's bytes unpacks to at once. */
const CHUNK_BYTES = 256 * 1024;
const LINE_FEED = 10;

/**
 * Unpacks a file and cuts it into parts of whole lines; two parts take turns, so a part is gone when the one after the next is asked for. A file that ends too
 * early gives all its whole lines and then throws a `FileError`; the beginning of a line that was cut off is none. Files whose name does not end in `.gz` may
 * be plain text.
 */
export async function* fileParts(chunks: AsyncIterable<Buffer>, key: string, partBytes?: number): AsyncGenerator<FilePart> {
  const parts = [new FilePart(partBytes), new FilePart(partBytes)] as const;
  let current = parts[0];
  current.length = 0;
  current.offset = 0;
  let turn = 0;
  let failure: FileError | undefined;
  let isSkippingLine = false;
  const source = unpacked(chunks, key);
  try {
    for (;;) {
      const next = await source.next();
      if (next.done) break;
      let chunk: Buffer = next.value;
      while (chunk.length > 0) {
        if (isSkippingLine) {
          const end = chunk.indexOf(LINE_FEED);
          current.offset += end < 0 ? chunk.length : end;
          chunk = end < 0 ? chunk.subarray(chunk.length) : chunk.subarray(end);
          isSkippingLine = end < 0;
          continue;
        }
        const taken = Math.min(chunk.length, current.room);
        current.bytes.set(chunk.subarray(0, taken), current.length);
        current.length += taken;
        chunk = chunk.subarray(taken);
        if (current.room > 0) continue;
        const end = current.bytes.lastIndexOf(LINE_FEED, current.length - 1) + 1;
        if (end === 0) {
          // One line fills the part: its start is kept as a line of its own, the rest goes.
          current.length = Math.min(current.length, MAX_LINE_BYTES);
          current.bytes[current.length++] = LINE_FEED;
          isSkippingLine = true;
        }
        const following = parts[++turn % 2] as FilePart;
        const cut = end === 0 ? current.length : end;
        const rest = end === 0 ? new Uint8Array(0) : current.bytes.subarray(cut, current.length);
        const length = current.length;
        current.length = cut;
        yield current;
        following.bytes.set(rest);
        following.length = rest.length;
        following.offset = current.offset + (end === 0 ? length : cut);
        current = following;
      }
    }
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    failure = error;
  } finally {
    await source.return(undefined);
  }
  let end = current.bytes.lastIndexOf(LINE_FEED, current.length - 1) + 1;
  if (current.length === 0) end = 0;
  if (end < current.length && failure === undefined) {
    current.bytes[current.length++] = LINE_FEED;
    end = current.length;
  }
  if (end > 0) {
    current.length = end;
    yield current;
  }
  if (failure !== undefined) throw failure;
}

/** The file's own bytes. */
async function* unpacked(chunks: AsyncIterable<Buffer>, key: string): AsyncGenerator<Buffer, void, undefined> {
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    let head: Buffer = Buffer.alloc(0);
    while (head.length < 4) {
      const { value, done } = await iterator.next();
      if (done) break;
      head = head.length === 0 ? value : Buffer.concat([head, value]);
    }
    if (head.length === 0) return;
    if (head.subarray(0, 4).toString('latin1') === 'PAR1') throw new FileError('file-parquet', 'the file is Parquet, which holds no lines');
    if (head[0] !== 0x1f || head[1] !== 0x8b) {
      if (key.endsWith('.gz'))
        throw new FileError('file-not-gzip', `the file starts with ${head.subarray(0, 4).toString('hex')}, gzip with 1f8b`);
      yield head;
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
      return;
    }
    yield* gunzipped(head, iterator);
  } finally {
    await iterator.return?.();
  }
}

async function* gunzipped(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  const feeding = feed(gunzip, head, rest);
  // Heard of below, where it belongs in the order of things.
  feeding.catch(() => undefined);
  try {
    for await (const chunk of gunzip) yield chunk as Buffer;
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (code === 'Z_BUF_ERROR') throw new FileError('file-truncated', message);
    if (code.startsWith('Z_')) throw new FileError('file-bad-gzip', message);
    throw error;
  } finally {
    gunzip.destroy();
  }
  await feeding;
}

/** Writes what is packed as fast as it is unpacked. What the source throws ends the reading. */
async function feed(gunzip: Gunzip, head: Buffer, rest: AsyncIterator<Buffer>): Promise<void> {
  try {
    let chunk: Buffer = head;
    for (;;) {
      if (gunzip.destroyed) return;
      if (!gunzip.write(chunk)) await new Promise<void>((resolve) => waitFor(gunzip, resolve));
      const next = await rest.next();
      if (next.done) break;
      chunk = next.value;
    }
    gunzip.end();
  } catch (error) {
    gunzip.destroy(error as Error);
    throw error;
  }
}

function waitFor(gunzip: Gunzip, resolve: () => void): void {
  const done = (): void => {
    gunzip.off('drain', done);
    gunzip.off('close', done);
    gunzip.off('error', done);
    resolve();
  };
  gunzip.on('drain', done);
  gunzip.on('close', done);
  gunzip.on('error', done);
}

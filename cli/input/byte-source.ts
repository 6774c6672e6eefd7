import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Io } from '../io.ts';
import { gunzipStream } from './gunzip.ts';

/** A file that cannot be read; its message names the file and the reason. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** Bytes of a file, or of stdin for `-`; gzip is undone wherever its two magic bytes stand first, whatever the name. */
export async function* readBytes(file: string, io: Pick<Io, 'stdin' | 'cwd'>): AsyncGenerator<Buffer> {
  const name = file === '-' ? 'stdin' : file;
  try {
    const raw = (file === '-' ? io.stdin : createReadStream(resolve(io.cwd, file), { highWaterMark: 1 << 20 })) as AsyncIterable<
      Buffer | string
    >;
    yield* unpacked(raw);
  } catch (error) {
    throw new InputError(`${name}: ${reasonOf(error)}`, { cause: error });
  }
}

const BLOCK_BYTES = 1 << 20;

/**
 * The same bytes as `readBytes`, but a block is valid only until the next one is asked for: a plain file is read into one buffer again and again, so that
 * neither fresh memory nor its collection is paid for each block.
 */
export async function* readBlocks(file: string, io: Pick<Io, 'stdin' | 'cwd'>): AsyncGenerator<Buffer> {
  if (file !== '-') {
    const handle = await open(resolve(io.cwd, file)).catch(() => undefined);
    try {
      // A pipe can be read only once, and what is compressed takes the other way; so does what cannot be opened, for the words of its error.
      if (handle && (await handle.stat()).isFile()) {
        const buffer = Buffer.allocUnsafeSlow(BLOCK_BYTES);
        let { bytesRead } = await handle.read(buffer, 0, BLOCK_BYTES);
        if (!isGzip(buffer, bytesRead) && utf16Of(buffer, bytesRead) === undefined) {
          for (; bytesRead > 0; { bytesRead } = await handle.read(buffer, 0, BLOCK_BYTES)) yield buffer.subarray(0, bytesRead);
          return;
        }
      }
    } catch (error) {
      throw new InputError(`${file}: ${reasonOf(error)}`, { cause: error });
    } finally {
      await handle?.close();
    }
  }
  yield* readBytes(file, io);
}

function isGzip(bytes: Buffer, length: number): boolean {
  return length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

async function* unpacked(raw: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer> {
  const chunks = raw[Symbol.asyncIterator]();
  let first = Buffer.alloc(0);
  while (first.length < 2) {
    const next = await chunks.next();
    if (next.done === true) break;
    first = Buffer.concat([first, toBuffer(next.value)]);
  }
  const rest = startingWith(first, { [Symbol.asyncIterator]: () => chunks });
  if (isGzip(first, first.length)) yield* textOf(gunzipStream(rest));
  else yield* asUtf8(first, rest);
}

/** What a packed file holds: text of Windows too, but no gzip again. */
async function* textOf(chunks: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const first = await chunks.next();
  if (first.done !== true) yield* asUtf8(first.value, startingWith(first.value, chunks));
}

/** Text of Windows (PowerShell's `>` writes UTF-16) as UTF-8, told by the mark at its beginning. */
async function* asUtf8(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const encoding = utf16Of(first, first.length);
  if (encoding === undefined) {
    yield* rest;
    return;
  }
  const decoder = new TextDecoder(encoding);
  for await (const chunk of rest) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}

function utf16Of(bytes: Buffer, length: number): 'utf-16le' | 'utf-16be' | undefined {
  if (length < 2) return undefined;
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined;
}

async function* startingWith(first: Buffer, rest: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first;
  for await (const chunk of rest) yield toBuffer(chunk);
}

function toBuffer(chunk: Buffer | string): Buffer {
  return typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'is a directory';
  if (code === 'EACCES') return 'may not be read';
  return message ?? String(error);
}

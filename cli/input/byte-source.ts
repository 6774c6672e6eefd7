import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Io } from '../io.ts';

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
    yield* gunzipped(raw);
  } catch (error) {
    throw new InputError(`${name}: ${reasonOf(error)}`, { cause: error });
  }
}

async function* gunzipped(raw: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer> {
  const chunks = raw[Symbol.asyncIterator]();
  let first = Buffer.alloc(0);
  while (first.length < 2) {
    const next = await chunks.next();
    if (next.done === true) break;
    first = Buffer.concat([first, toBuffer(next.value)]);
  }
  const rest = startingWith(first, { [Symbol.asyncIterator]: () => chunks });
  if (first[0] !== 0x1f || first[1] !== 0x8b) {
    yield* rest;
    return;
  }
  // Several gzip members in a row (rotated and concatenated files) are one text: zlib reads them on.
  const source = Readable.from(rest, { objectMode: false });
  const gunzip = createGunzip({ chunkSize: 1 << 18 });
  source.on('error', (error) => gunzip.destroy(error));
  yield* source.pipe(gunzip) as AsyncIterable<Buffer>;
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
  if (code === 'Z_BUF_ERROR') return 'the gzip data ends early';
  return typeof code === 'string' && code.startsWith('Z_') ? `not valid gzip: ${message}` : (message ?? String(error));
}

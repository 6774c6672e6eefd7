import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** Opens a file as bytes; `.gz` is unpacked. */
export function openFile(file: string): Readable {
  const bytes = createReadStream(file);
  if (!file.endsWith('.gz')) return bytes;
  const unpacked = createGunzip();
  bytes.on('error', (error) => unpacked.destroy(error));
  return bytes.pipe(unpacked);
}

/** Lines of a file, without their newline; bytes that are not UTF-8 become U+FFFD, as in an agent that writes JSON. */
export async function* readLines(file: string): AsyncGenerator<string> {
  for await (const line of readByteLines(file)) yield line.toString('utf8');
}

/** Lines of a file as bytes, without their newline: a character may be split across the pieces of a CRI line. */
export async function* readByteLines(file: string): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  for await (const chunk of openFile(file) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      const piece = chunk.subarray(from, end);
      yield rest.length === 0 ? piece : Buffer.concat([...rest, piece]);
      rest = [];
      from = end + 1;
    }
    if (from < chunk.length) rest.push(chunk.subarray(from));
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}

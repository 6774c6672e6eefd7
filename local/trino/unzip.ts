// Unpacks a zip file: Node brings inflate but no reader of the format, and neither `unzip` nor a JDK's `jar` is on every machine.
import { mkdir, open, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';

/** What the end of a zip file is at most: its record of 22 bytes and a comment of 65,535. */
const MAX_END_BYTES = 22 + 65_535;
const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL_HEADER_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly headerAt: number;
}

/**
 * Unpacks the files of a zip whose names `wanted` accepts. Throws where the file is no zip, cut, larger than 4 GB (zip64), packed by another method
 * than deflate, or names a place outside of the folder.
 */
export async function unzip(file: string, folder: string, wanted: (name: string) => boolean = () => true): Promise<void> {
  const handle = await open(file, 'r');
  const read = async (at: number, length: number): Promise<Buffer> => {
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await handle.read(buffer, 0, length, at);
    if (bytesRead !== length) throw new Error(`${file}: cut at ${at + bytesRead} bytes`);
    return buffer;
  };
  try {
    for (const entry of await readEntries(file, (await handle.stat()).size, read)) {
      if (entry.name.endsWith('/') || !wanted(entry.name)) continue;
      const target = join(folder, entry.name);
      if (normalize(entry.name).startsWith('..') || entry.name.startsWith('/')) throw new Error(`${file}: ${entry.name} lies outside`);
      const header = await read(entry.headerAt, LOCAL_HEADER_BYTES);
      const dataAt = entry.headerAt + LOCAL_HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
      const packed = await read(dataAt, entry.packedBytes);
      if (entry.method !== STORED && entry.method !== DEFLATED)
        throw new Error(`${file}: ${entry.name} is packed by method ${entry.method}`);
      const body = entry.method === STORED ? packed : await promisify(inflateRaw)(packed);
      if (body.byteLength !== entry.bytes) throw new Error(`${file}: ${entry.name} has ${body.byteLength} bytes, not ${entry.bytes}`);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, body);
    }
  } finally {
    await handle.close();
  }
}

async function readEntries(file: string, size: number, read: (at: number, length: number) => Promise<Buffer>): Promise<Entry[]> {
  const tailBytes = Math.min(size, MAX_END_BYTES);
  const tail = await read(size - tailBytes, tailBytes);
  let end = tail.length - 22;
  while (end >= 0 && tail.readUInt32LE(end) !== END_SIGNATURE) end--;
  if (end < 0) throw new Error(`${file}: no zip file, or cut`);
  const count = tail.readUInt16LE(end + 10);
  const directory = await read(tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  const entries: Entry[] = [];
  for (let at = 0; entries.length < count; ) {
    if (at + ENTRY_BYTES > directory.length || directory.readUInt32LE(at) !== ENTRY_SIGNATURE) throw new Error(`${file}: broken directory`);
    const nameBytes = directory.readUInt16LE(at + 28);
    entries.push({
      name: directory.toString('utf8', at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes),
      method: directory.readUInt16LE(at + 10),
      packedBytes: directory.readUInt32LE(at + 20),
      bytes: directory.readUInt32LE(at + 24),
      headerAt: directory.readUInt32LE(at + 42),
    });
    at += ENTRY_BYTES + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

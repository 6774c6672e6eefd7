import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { unzip } from '../../../local/trino/unzip.ts';

/** A zip file of these entries, as any tool writes it. */
function zipOf(entries: { readonly [name: string]: string }): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, text] of Object.entries(entries)) {
    const body = deflateRawSync(text);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(text), 10);
    common.writeUInt32LE(body.length, 14);
    common.writeUInt32LE(Buffer.byteLength(text), 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), body]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), common, tail, Buffer.from(name)]));
    parts.push(local);
    at += local.length;
  }
  const listing = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(listing.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, listing, end]);
}

describe('unzip', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'unzip-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const write = (body: Buffer): string => {
    const file = join(folder, 'a.zip');
    writeFileSync(file, body);
    return file;
  };

  test('unpacks the files that are wanted', async () => {
    const file = write(zipOf({ 'lib/a.jar': 'first', 'hdfs/b.jar': 'second' }));

    await unzip(file, folder, (name) => !name.startsWith('hdfs/'));

    expect(readFileSync(join(folder, 'lib/a.jar'), 'utf8')).toBe('first');
    expect(() => readFileSync(join(folder, 'hdfs/b.jar'))).toThrow('ENOENT');
  });

  test('refuses a name that leaves the folder', async () => {
    await expect(unzip(write(zipOf({ '../outside': 'x' })), folder)).rejects.toThrow('../outside lies outside');
  });

  test('says of a download that was cut that it is', async () => {
    const whole = zipOf({ 'a.jar': 'first' });

    await expect(unzip(write(whole.subarray(0, whole.length - 10)), folder)).rejects.toThrow(/no zip file, or cut/);
  });
});

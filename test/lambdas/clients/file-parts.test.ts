import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { albLines } from '../../../bench/alb-lines.ts';
import { FileError, fileParts } from '../../../lambdas/clients/file-parts.ts';

async function* chunksOf(bytes: Buffer, size = 1_000): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(bytes: Buffer, key = 'a.log.gz', partBytes?: number, size?: number) {
  const texts: string[] = [];
  const offsets: number[] = [];
  let error: unknown;
  try {
    for await (const part of fileParts(chunksOf(bytes, size), key, partBytes)) {
      texts.push(Buffer.from(part.bytes.subarray(0, part.length)).toString('utf8'));
      offsets.push(part.offset);
    }
  } catch (caught) {
    error = caught;
  }
  return { texts, offsets, error };
}

describe('the parts of a file', () => {
  test('hold all of its lines, whole, whatever its size and that of its chunks', async () => {
    const lines = fc.array(
      fc.string({ maxLength: 60 }).map((line) => line.replaceAll('\n', ' ')),
      { minLength: 1, maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(lines, fc.integer({ min: 1, max: 300 }), fc.integer({ min: 300, max: 700 }), async (given, size, partBytes) => {
        const text = `${given.join('\n')}\n`;
        const { texts, offsets, error } = await read(gzipSync(text), 'a.gz', partBytes, size);

        expect(error).toBeUndefined();
        expect(texts.join('')).toBe(text);
        expect(texts.every((part) => part.endsWith('\n'))).toBe(true);
        let at = 0;
        for (const [part, offset] of offsets.entries()) {
          expect(offset).toBe(at);
          at += Buffer.byteLength(texts[part] as string);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('end the last line, which may have no line break', async () => {
    expect((await read(gzipSync('a\nb'))).texts).toEqual(['a\nb\n']);
  });

  test('are none of an empty file, packed or not', async () => {
    expect(await read(Buffer.alloc(0))).toEqual({ texts: [], offsets: [], error: undefined });
    expect(await read(gzipSync(''))).toEqual({ texts: [], offsets: [], error: undefined });
  });

  test('are those of several members of gzip', async () => {
    expect((await read(Buffer.concat([gzipSync('a\nb'), gzipSync('c\n')]))).texts.join('')).toBe('a\nbc\n');
  });

  test('come before the word that a file was cut off, and the line that was cut is not among them', async () => {
    const text = Array.from({ length: 5_000 }, (_, line) => `line ${line} ${Math.sin(line)}\n`).join('');
    const whole = gzipSync(text);
    const { texts, error } = await read(whole.subarray(0, whole.length >> 1));

    expect(error).toMatchObject({ reason: 'file-truncated' });
    expect(texts.join('')).toBe(text.slice(0, texts.join('').length));
    expect(texts.join('')).toMatch(/^line 0 .*\n$/s);
  });

  test.each<[string, Buffer, string, string]>([
    ['is no gzip', Buffer.from('<?xml version="1.0"?>'), 'a.log.gz', 'file-not-gzip'],
    ['is Parquet', Buffer.from('PAR1....'), 'a.parquet', 'file-parquet'],
    [
      'turns into noise',
      Buffer.concat([gzipSync(albLines(200).join('\n')).subarray(0, 4_000), Buffer.alloc(5_000, 0xff)]),
      'a.log.gz',
      'file-bad-gzip',
    ],
  ])('throw a reason where a file %s', async (_name, bytes, key, reason) => {
    const { error } = await read(bytes, key);

    expect(error).toBeInstanceOf(FileError);
    expect(error).toMatchObject({ reason });
  });

  test('of plain text are read where the name does not promise gzip', async () => {
    expect((await read(Buffer.from('a\nb\n'), 'a.log')).texts).toEqual(['a\nb\n']);
  });

  test('keep the start of a line that is longer than a part', async () => {
    const long = 'x'.repeat(5_000);
    const { texts, error } = await read(gzipSync(`a\n${long}\nb\n`), 'a.gz', 1_000);
    const lines = texts.join('').split('\n');

    expect(error).toBeUndefined();
    expect(lines[0]).toBe('a');
    expect(lines.at(-2)).toBe('b');
    expect(lines.filter((line) => /^x+$/.test(line))).toHaveLength(1);
  });

  test('pass on what their source throws', async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      yield gzipSync('a\n').subarray(0, 10);
      throw new Error('the connection is gone');
    }
    const reading = async (): Promise<void> => {
      for await (const _ of fileParts(broken(), 'a.gz'));
    };

    await expect(reading()).rejects.toThrow('the connection is gone');
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { feedFile } from '../../../cli/query/local-events.ts';
import { fromByteText } from '../../../lambdas/core/insights/utf8.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'local-events-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The messages that a query would see, read from a file, a gzipped file or stdin. */
async function messagesOf(content: string | Buffer, way: 'file' | 'gzip' | 'stdin', most = Number.POSITIVE_INFINITY): Promise<string[]> {
  const bytes = Buffer.from(content);
  const path = join(folder, 'lines.log');
  writeFileSync(path, way === 'gzip' ? gzipSync(bytes) : bytes);
  const found: string[] = [];
  const stdin = new PassThrough();
  stdin.end(bytes);
  await feedFile(way === 'stdin' ? '-' : path, { stdin, cwd: folder } as never, {
    needles: [],
    push({ text, start, end, isBytes }) {
      const message = text.slice(start, end);
      found.push(isBytes ? fromByteText(message) : message);
      return found.length < most;
    },
    skip: () => {},
    progress: () => {},
  });
  return found;
}

const KB = 1024;
/** Lengths around the sizes in which a file is read and cut. */
const length = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc.constantFrom(95, 96, 97, 192).chain((kb) => fc.integer({ min: kb * KB - 3, max: kb * KB + 3 })),
  fc.integer({ min: 1023 * KB, max: 1025 * KB }),
);

test('lines of any length come whole and in order, wherever the blocks and pieces end', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(length, { minLength: 1, maxLength: 5 }),
      fc.constantFrom('x', 'é', '日'),
      fc.constantFrom('\n', '\r\n'),
      async (lengths, letter, feed) => {
        const lines = lengths.map((size, at) => `l${at} ${letter.repeat(size / Buffer.byteLength(letter))}`);

        expect(await messagesOf(lines.join(feed), 'file')).toEqual(lines);
      },
    ),
    { numRuns: 10 },
  );
});

test('a file, its gzip and stdin give the same events; empty lines are none', async () => {
  const lines = Array.from({ length: 400 }, (_, at) => `${at} zoë ${'y'.repeat((at * 7919) % 1500)}`);
  const text = `\ufeff${lines.join('\n\n')}\n`;

  expect(await messagesOf(text, 'file')).toEqual(lines);
  expect(await messagesOf(text, 'gzip')).toEqual(lines);
  expect(await messagesOf(text, 'stdin')).toEqual(lines);
});

test('a mark of byte order is left out only where the file begins', async () => {
  const far = 'a'.repeat(96 * KB - 1);

  expect(await messagesOf(`${far}\n\ufeffb\nc\n`, 'file')).toEqual([far, '\ufeffb', 'c']);
});

test('reading ends as soon as no more is wanted', async () => {
  expect(await messagesOf('1\n2\n3\n', 'file', 2)).toEqual(['1', '2']);
});

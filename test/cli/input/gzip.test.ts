import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { InputError, readBlocks } from '../../../cli/input/byte-source.ts';
import { gunzipStream } from '../../../cli/input/gunzip.ts';
import { readEvents } from '../../../cli/input/read-events.ts';
import { run as match } from '../../../cli/match.ts';
import { run as parse } from '../../../cli/parse.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'eks-telemetry-gzip-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const LINES = Array.from({ length: 20_000 }, (_, number) => `{"level":"info","n":${number},"x":"${(number * 7919) % 65_537}"}`);
const TEXT = LINES.join('\n');

function fileOf(bytes: Buffer): string {
  const file = join(folder, 'in.log');
  writeFileSync(file, bytes);
  return file;
}

async function read(bytes: Buffer): Promise<{ lines: string[]; error: unknown }> {
  const lines: string[] = [];
  try {
    for await (const events of readEvents(fileOf(bytes), { stdin: Readable.from([]), cwd: '/' }))
      lines.push(...events.map((event) => event.text));
  } catch (error) {
    return { lines, error };
  }
  return { lines, error: undefined };
}

async function call(command: typeof parse, args: string[]): Promise<{ code: number; out: string; err: string }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const [out, err] = [text(stdout), text(stderr)];
  const io = { stdin: Readable.from([]), stdout, stderr, env: {}, isTty: false, cwd: folder, now: () => Date.UTC(2026, 10, 21) };
  const code = await command(args, io);
  stdout.end();
  stderr.end();
  return { code, out: await out, err: await err };
}

describe('a gzip member that is whole', () => {
  test.each([1, 100, LINES.length])('gives all of its %d lines, then the error about what is behind', async (count) => {
    const lines = LINES.slice(0, count);

    const result = await read(Buffer.concat([gzipSync(lines.join('\n')), Buffer.from('garbage')]));

    expect(result.lines).toEqual(lines);
    expect(result.error).toBeInstanceOf(InputError);
    expect(String(result.error)).toContain('what is behind the gzip data is none; all lines before it were read');
  });

  test('is followed by others, and by zeros as padding', async () => {
    const whole = Buffer.concat([gzipSync(`${TEXT}\n`), gzipSync(''), gzipSync('last'), Buffer.alloc(512)]);

    expect(await read(whole)).toEqual({ lines: [...LINES, 'last'], error: undefined });
  });
});

test('of a member that was cut off come all lines that can be unpacked, then the error', async () => {
  const packed = gzipSync(TEXT);
  const { lines, error } = await read(packed.subarray(0, packed.length / 2));

  expect(lines.length).toBeGreaterThan(LINES.length / 3);
  expect(lines.slice(0, -1)).toEqual(LINES.slice(0, lines.length - 1));
  expect(String(error)).toContain('the gzip data ends early');
});

test('a member without its trailer, or with a wrong sum, gives its lines, then the error', async () => {
  const packed = gzipSync(TEXT);
  const spoilt = Buffer.from(packed);
  spoilt.writeUInt32LE(1, spoilt.length - 8);

  for (const [bytes, what] of [
    [packed.subarray(0, -8), 'ends early'],
    [packed.subarray(0, -1), 'ends early'],
    [spoilt, 'the sum at its end'],
  ] as const) {
    const { lines, error } = await read(bytes);
    expect(lines).toEqual(LINES);
    expect(String(error)).toContain(what);
  }
});

test('any members in any chunks are one text', async () => {
  const member = fc.tuple(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(0, 1, 9));

  await fc.assert(
    fc.asyncProperty(fc.array(member, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 50 }), async (members, size) => {
      const packed = Buffer.concat(members.map(([bytes, level]) => gzipSync(bytes, { level })));
      async function* chunks(): AsyncGenerator<Buffer> {
        for (let at = 0; at < packed.length; at += size) yield packed.subarray(at, at + size);
      }
      const parts: Buffer[] = [];
      for await (const part of gunzipStream(chunks())) parts.push(part);

      expect(Buffer.concat(parts)).toEqual(Buffer.concat(members.map(([bytes]) => bytes)));
    }),
    { numRuns: 30 },
  );
});

test('parse and match give every line of it, and say what is wrong by their exit code', async () => {
  const file = fileOf(Buffer.concat([gzipSync(LINES.slice(0, 50).join('\n')), Buffer.from('garbage')]));

  const parsed = await call(parse, [file]);
  const matched = await call(match, ['--pattern', '{ $.n >= 0 }', file]);

  expect([parsed.code, parsed.out.trimEnd().split('\n').length]).toEqual([1, 50]);
  expect(parsed.err).toContain('behind the gzip data');
  expect(matched.out.trimEnd().split('\n')).toHaveLength(50);
  expect(matched.err).toContain('behind the gzip data');
});

test.each(['utf-16le', 'utf-16be'] as const)('text of Windows in %s is read, packed or not', async (encoding) => {
  const bytes = Buffer.from(`\ufeffI1121 08:59:00.000000       1 a.go:1] "é日🚀"\r\nzweite`, 'utf16le');
  if (encoding === 'utf-16be') bytes.swap16();

  for (const form of [bytes, gzipSync(bytes)]) {
    expect(await read(form)).toEqual({ lines: ['I1121 08:59:00.000000       1 a.go:1] "é日🚀"', 'zweite'], error: undefined });
    const blocks: Buffer[] = [];
    for await (const block of readBlocks(fileOf(form), { stdin: Readable.from([]), cwd: '/' })) blocks.push(Buffer.from(block));
    expect(Buffer.concat(blocks).toString('utf8')).toContain('zweite');
  }
});

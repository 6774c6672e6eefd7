import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { decode, readFileText } from '../../../lib/config/file-text.ts';

const TEXT = 'version: 1\naccount: "111122223333"\n';
const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

test.each<[string, Buffer, string]>([
  [
    'UTF-16 with its mark',
    Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(TEXT, 'utf16le')]),
    'the file is UTF-16; save it as UTF-8',
  ],
  ['UTF-16, the other way round', Buffer.concat([Buffer.from([0xfe, 0xff]), utf16be(TEXT)]), 'the file is UTF-16; save it as UTF-8'],
  ['UTF-16 without a mark', Buffer.from(TEXT, 'utf16le'), 'the file is UTF-16 without a byte order mark; save it as UTF-8'],
  ['UTF-16 without a mark, the other way round', utf16be(TEXT), 'the file is UTF-16 without a byte order mark; save it as UTF-8'],
  ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x76, 0, 0, 0]), 'the file is UTF-32'],
  ['gzip', gzipSync(TEXT), 'the file is gzipped; unpack it first'],
  ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13]), 'the file is not text'],
  ['line ends of another age', Buffer.from(TEXT.replaceAll('\n', '\r')), 'lines end by CR alone'],
  ['more than any config has', Buffer.alloc(1_000_001, 0x23), 'the file has 1000001 bytes'],
])('%s is one problem that says what to do', (_name, bytes, what) => {
  expect(decode(bytes)).toMatchObject({ ok: false, what: expect.stringContaining(what) });
});

test('Latin-1 is named with the line of its first letter', () => {
  expect(decode(Buffer.from(`${TEXT}tags: { city: Z\u00fcrich }\n`, 'latin1'))).toMatchObject({
    ok: false,
    line: 3,
    what: expect.stringContaining('such as Latin-1'),
  });
});

test('any text in UTF-8 comes back as it is, with and without its mark', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      fc.pre(!text.includes('\u0000') && !text.startsWith('\uFEFF'));
      const whole = `# ${text}\n`;
      expect(decode(Buffer.from(whole))).toEqual({ ok: true, text: whole });
      expect(decode(Buffer.from(`\uFEFF${whole}`))).toEqual({ ok: true, text: whole });
    }),
  );
});

test('any bytes are a text or a problem, never a crash', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const read = decode(Buffer.from(bytes));
      expect(read.ok ? typeof read.text : read.what.length > 0 && 'string').toBe('string');
    }),
  );
});

describe('a path', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'file-text-'));
    writeFileSync(join(folder, 'prod.yaml'), TEXT);
    mkdirSync(join(folder, 'empty'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([
    ['prd.yaml', 'there is no such file; did you mean prod.yaml?'],
    ['something-else.yaml', 'there is no such file'],
    ['prod.yaml/x', 'there is no such file: a part of its path is a file, not a folder'],
    ['.', 'this is a folder; name a file in it, such as prod.yaml'],
    ['empty', 'this is a folder; name a file in it'],
  ])('%s: %s', (name, what) => {
    expect(readFileText(join(folder, name))).toEqual({ ok: false, what });
  });

  const isRoot = process.getuid?.() === 0;
  (isRoot ? test.skip : test)(`that may not be read says so${isRoot ? ' (root may read everything)' : ''}`, () => {
    chmodSync(join(folder, 'prod.yaml'), 0);
    expect(readFileText(join(folder, 'prod.yaml'))).toMatchObject({
      ok: false,
      what: expect.stringContaining('you may not read this file'),
    });
  });
});

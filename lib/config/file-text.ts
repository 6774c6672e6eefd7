import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { nearestName } from './nearest-name.ts';

/** The text of a config file, or why there is none and what to do. */
export type FileText =
  | { readonly ok: true; readonly text: string }
  | {
      readonly ok: false;
      readonly what: string;
      readonly limit?: string;
      /** From 1; absent for the file as a whole. */
      readonly line?: number;
    };

/** Longest config file in bytes: 50 clusters, 500 sources and 500 applications written out take some 300 KB; CloudFormation's own limit is 1 MB. */
export const MAX_FILE_BYTES = 1_000_000;

const GZIP = [0x1f, 0x8b];
const UTF8_ADVICE = 'save it as UTF-8 (in most editors: "Save with encoding")';

/** Reads a file as UTF-8. Whatever it is instead is said in one sentence. Never throws. */
export function readFileText(path: string): FileText {
  let bytes: Buffer;
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) return { ok: false, what: `this is a folder; name a file in it${yamlFilesOf(path)}` };
    // A pipe has no size and is read: `check <(render)`.
    if (stat.size > MAX_FILE_BYTES) return tooLarge(stat.size);
    bytes = readFileSync(path);
  } catch (error) {
    return { ok: false, what: describe(path, error as NodeJS.ErrnoException) };
  }
  return decode(bytes);
}

/** Bytes as UTF-8 text, without its byte order mark. */
export function decode(bytes: Buffer): FileText {
  if (bytes.length > MAX_FILE_BYTES) return tooLarge(bytes.length);
  const encoding = otherEncoding(bytes);
  if (encoding !== undefined) return { ok: false, what: `the file is ${encoding}; ${UTF8_ADVICE}`, limit: 'UTF-8' };
  if (GZIP.every((byte, at) => bytes[at] === byte)) return { ok: false, what: 'the file is gzipped; unpack it first', limit: 'UTF-8 text' };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\n') && text.includes('\r')) {
      return {
        ok: false,
        what: 'lines end by CR alone, which YAML reads as one line; save the file with LF (or CR LF) line ends',
        limit: 'LF',
      };
    }
    return { ok: true, text };
  } catch {
    if (!isText(bytes)) return { ok: false, what: 'the file is not text, so it is no config; name a YAML file', limit: 'UTF-8 text' };
    const what = `this line holds bytes that are not UTF-8, so the file has another encoding, such as Latin-1; ${UTF8_ADVICE}`;
    return { ok: false, what, limit: 'UTF-8 text', line: lineOfFirstBadByte(bytes) };
  }
}

function tooLarge(bytes: number): FileText {
  const what = `the file has ${bytes} bytes, more than any config needs; is it the right file? Split a large one by account, or by clusters`;
  return { ok: false, what, limit: `${MAX_FILE_BYTES} bytes` };
}

/** UTF-16 and UTF-32 by their mark, or by the zero bytes that every ASCII letter has in them. */
function otherEncoding(bytes: Buffer): string | undefined {
  const starts = (...mark: readonly number[]): boolean => bytes.length >= mark.length && mark.every((byte, at) => bytes[at] === byte);
  if (starts(0xff, 0xfe, 0, 0) || starts(0, 0, 0xfe, 0xff)) return 'UTF-32';
  if (starts(0xff, 0xfe) || starts(0xfe, 0xff)) return 'UTF-16';
  const head = bytes.subarray(0, 1024);
  const zeros = [0, 0];
  for (const [at, byte] of head.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const most = head.length / 2;
  if (head.length >= 8 && ((even > most * 0.7 && odd < most * 0.1) || (odd > most * 0.7 && even < most * 0.1)))
    return 'UTF-16 without a byte order mark';
  return undefined;
}

/** Whether control characters are rare, as they are in text of any one-byte encoding. */
function isText(bytes: Buffer): boolean {
  const head = bytes.subarray(0, 4096);
  const controls = head.reduce((count, byte) => count + (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 ? 1 : 0), 0);
  return controls <= head.length / 100;
}

function lineOfFirstBadByte(bytes: Buffer): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(10, start);
    const stop = end === -1 ? bytes.length : end + 1;
    const part = bytes.subarray(start, stop);
    if (!Buffer.from(part.toString('utf8'), 'utf8').equals(part)) return line;
    start = stop;
  }
  return line;
}

function describe(path: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') {
    const nearest = nearestName(basename(path), yamlNames(dirname(path)));
    return `there is no such file${nearest === undefined ? '' : `; did you mean ${nearest}?`}`;
  }
  if (code === 'ENOTDIR') return 'there is no such file: a part of its path is a file, not a folder';
  if (code === 'EACCES' || code === 'EPERM') return 'you may not read this file; change its permissions (chmod u+r), or run as its owner';
  return `the file cannot be read: ${message}`;
}

function yamlFilesOf(folder: string): string {
  const names = yamlNames(folder);
  return names.length === 0 ? '' : `, such as ${names.slice(0, 5).join(', ')}`;
}

function yamlNames(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.ya?ml$/i.test(name))
      .sort();
  } catch {
    return [];
  }
}

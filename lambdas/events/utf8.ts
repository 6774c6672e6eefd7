/**
 * Writes text as UTF-8 into bytes at an offset and returns the number of bytes written; a lone surrogate becomes U+FFFD.
 * Node's own writer is twice as fast as TextEncoder.encodeInto on the short texts that documents are (docs/performance.md).
 */
export function writeUtf8(text: string, into: Uint8Array, offset: number): number {
  return Buffer.prototype.utf8Write.call(into, text, offset);
}

/** Memory with whatever was in it before: clearing it takes time, and all that is read of it is written first. */
export function allocateUncleared(bytes: number): Uint8Array<ArrayBuffer> {
  return Buffer.allocUnsafeSlow(bytes);
}

/**
 * Limits of V8's heap that Lambda's Node runtime starts with, by the function's memory in MB: a tenth for the young generation, of which a semi-space
 * is half, and the rest for the old one. Buffers are outside of both. (The start script of AWS's base images, `lambda/nodejs`.)
 */
export function heapOptions(memoryMb: number): string[] {
  const young = Math.floor(memoryMb / 10);
  return [`--max-semi-space-size=${Math.floor(young / 2)}`, `--max-old-space-size=${memoryMb - young}`];
}

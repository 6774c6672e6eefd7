import { HeldError } from './held-error.ts';

/** Longest line in bytes that is taken as one; what is beyond comes as lines of its own, so that memory stays bounded. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024;

/** Splits bytes at line feeds, whatever the chunks' borders; the last line needs none, nor does the one that an error follows. A line is given without its line feed. */
export async function* splitLines(chunks: AsyncIterable<Buffer>, maxLineBytes: number = MAX_LINE_BYTES): AsyncGenerator<Buffer[]> {
  let open: Buffer[] = [];
  let openBytes = 0;
  const failure = new HeldError();
  for await (const chunk of failure.until(chunks)) {
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      const tail = chunk.subarray(start, end);
      lines.push(open.length === 0 ? tail : Buffer.concat([...open, tail]));
      open = [];
      openBytes = 0;
      start = end + 1;
    }
    if (start < chunk.length) {
      // Copied: a small rest would keep the whole chunk in memory.
      open.push(Buffer.from(chunk.subarray(start)));
      openBytes += chunk.length - start;
      if (openBytes >= maxLineBytes) {
        lines.push(Buffer.concat(open));
        open = [];
        openBytes = 0;
      }
    }
    if (lines.length > 0) yield lines;
  }
  if (open.length > 0) yield [Buffer.concat(open)];
  failure.release();
}

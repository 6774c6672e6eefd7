/** A line of a container, its pieces joined. */
export interface ContainerLine {
  /** Time of the first piece, RFC 3339 with nanoseconds, as the runtime wrote it. */
  readonly time: string;
  readonly stream: 'stdout' | 'stderr';
  readonly log: string;
}

const HEADER = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})) (stdout|stderr) ([FP]) /;
/** A header is shorter than this: time of at most 35 characters, stream, tag and blanks. */
const MAX_HEADER_BYTES = 64;

/** Whether a line is in containerd's framing: `TIME STREAM F|P TEXT`. */
export function isCriLine(line: Buffer): boolean {
  return HEADER.test(header(line));
}

/** Joins `P` pieces per stream, by bytes (a piece may end inside a character); a line without the framing is left out and counted by the caller. */
export async function* joinCri(lines: AsyncIterable<Buffer>): AsyncGenerator<ContainerLine> {
  const open = new Map<string, { readonly time: string; readonly pieces: Buffer[] }>();
  for await (const line of lines) {
    const match = HEADER.exec(header(line));
    const [whole = '', time = '', stream = '', tag = ''] = match ?? [];
    if (!match || (stream !== 'stdout' && stream !== 'stderr')) continue;
    const text = line.subarray(whole.length);
    const begun = open.get(stream) ?? { time, pieces: [] };
    begun.pieces.push(text);
    if (tag === 'P') {
      open.set(stream, begun);
      continue;
    }
    open.delete(stream);
    yield { time: begun.time, stream, log: Buffer.concat(begun.pieces).toString('utf8') };
  }
  for (const [stream, { time, pieces }] of open) {
    yield { time, stream: stream as ContainerLine['stream'], log: Buffer.concat(pieces).toString('utf8') };
  }
}

function header(line: Buffer): string {
  return line.toString('latin1', 0, MAX_HEADER_BYTES);
}

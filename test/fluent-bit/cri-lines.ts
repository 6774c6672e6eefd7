/** A line of a container, its pieces joined; `time` is the first piece's. */
export interface CriLine {
  readonly time: string;
  readonly stream: string;
  readonly text: string;
}

/** Reads containerd's framing by its own rule, apart from every reader of ours: `TIME STREAM P|F text`, pieces of one stream until an F. */
export function readCriLines(file: Buffer): CriLine[] {
  const lines: CriLine[] = [];
  const open = new Map<string, { time: string; parts: Buffer[] }>();
  let start = 0;
  for (let end = file.indexOf(10); end >= 0; end = file.indexOf(10, start)) {
    const line = file.subarray(start, end);
    start = end + 1;
    const afterTime = line.indexOf(32);
    const afterStream = line.indexOf(32, afterTime + 1);
    const stream = line.toString('latin1', afterTime + 1, afterStream);
    const tag = line.toString('latin1', afterStream + 1, afterStream + 2);
    const begun = open.get(stream) ?? { time: line.toString('latin1', 0, afterTime), parts: [] };
    begun.parts.push(line.subarray(afterStream + 3));
    if (tag === 'P') open.set(stream, begun);
    else {
      lines.push({ time: begun.time, stream, text: Buffer.concat(begun.parts).toString('utf8') });
      open.delete(stream);
    }
  }
  return lines;
}

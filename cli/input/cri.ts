/** A line of a container with containerd's framing taken off and its pieces joined. */
export interface CriLine {
  /** Time of the first piece, RFC 3339 with nanoseconds, as the runtime wrote it. */
  readonly time: string;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

const HEADER = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})) (stdout|stderr) ([FP])(?::[^ ]{0,32})?(?: |$)/;
/** Longer than any header: time of at most 35 characters, stream, tag and blanks. */
const MAX_HEADER_BYTES = 96;
/** Pieces of one line that are held at most; a longer line comes in parts. */
const MAX_HELD_BYTES = 64 * 1024 * 1024;

interface Open {
  readonly time: string;
  readonly pieces: Buffer[];
  bytes: number;
}

/** Whether a line is in containerd's framing: `TIME stdout|stderr F|P TEXT`. */
export function isCriLine(line: Buffer): boolean {
  return HEADER.test(line.toString('latin1', 0, MAX_HEADER_BYTES));
}

/** Joins the `P` pieces of containerd's lines, per stream and as bytes: a piece may end inside a character. */
export class CriJoiner {
  readonly #open = new Map<string, Open>();

  /** The line that this one completes; undefined while pieces are missing, and `false` for a line without the framing. */
  push(line: Buffer): CriLine | undefined | false {
    const match = HEADER.exec(line.toString('latin1', 0, MAX_HEADER_BYTES));
    if (match === null) return false;
    const [header, time, stream, tag] = match as unknown as [string, string, CriLine['stream'], string];
    // What looks like a frame with a time that there is not, such as a 13th month, was written by somebody else: the whole line is the text.
    if (Number.isNaN(Date.parse(time))) return false;
    const piece = line.subarray(header.length);
    const open = this.#open.get(stream);
    if (open === undefined && tag === 'F') return { time, stream, text: piece.toString('utf8') };
    const joined = open ?? { time, pieces: [], bytes: 0 };
    joined.pieces.push(piece);
    joined.bytes += piece.length;
    if (tag === 'P' && joined.bytes < MAX_HELD_BYTES) {
      this.#open.set(stream, joined);
      return undefined;
    }
    this.#open.delete(stream);
    return toLine(stream, joined);
  }

  /** Lines whose last piece never came: the file was rotated or is still being written. */
  flush(): CriLine[] {
    const rest = [...this.#open].map(([stream, open]) => toLine(stream as CriLine['stream'], open));
    this.#open.clear();
    return rest;
  }
}

function toLine(stream: CriLine['stream'], open: Open): CriLine {
  return { time: open.time, stream, text: Buffer.concat(open.pieces).toString('utf8') };
}

import { FileBody } from './file-body.ts';
import { SLACK } from './line-bytes.ts';

/** Bytes of lines that are transformed and sent together: some 8,000 lines of an ALB, 10 MB of documents. */
export const PART_BYTES = 4 * 1024 * 1024;
/** Longest line; what is longer is indexed with its start and the reason. */
export const MAX_LINE_BYTES = 1024 * 1024;

/** A part of an unpacked file: whole lines, and room for their documents. Used again and again. */
export class FilePart {
  readonly bytes: Uint8Array;
  readonly body: FileBody;
  /** Bytes that are filled. */
  length = 0;
  /** Position of the part's first byte in the unpacked file. */
  offset = 0;

  constructor(bytes: number = PART_BYTES) {
    // A line break behind the last line, and what reading several bytes at once may touch.
    this.bytes = new Uint8Array(bytes + SLACK + 1);
    this.body = new FileBody(bytes * 2);
  }

  /** Bytes that still fit in. */
  get room(): number {
    return this.bytes.length - SLACK - 1 - this.length;
  }
}

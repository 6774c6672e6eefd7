/** Where a document came from, and what it is counted as. */
export interface DocumentOrigin {
  /** Position of its line in the part's bytes, and behind it. */
  readonly lineStart: number;
  readonly lineEnd: number;
  /** Number of its group of metrics; -1 for none. */
  readonly group: number;
  /** Nanoseconds; -1 for none. */
  readonly durationNs: number;
}

const FIRST_DOCUMENTS = 8_192;

/**
 * Bulk bytes of a part of a file: one growing run, used again for the next part. A document that was written anew leaves its old bytes behind: only what
 * lies between a document's start and end is sent.
 */
export class FileBody {
  bytes: Uint8Array;
  view: DataView;
  /** Bytes written. */
  length = 0;
  /** Documents in them. */
  count = 0;
  /** Whether bytes of no document lie between them. */
  hasHoles = false;
  #starts = new Float64Array(FIRST_DOCUMENTS);
  #ends = new Float64Array(FIRST_DOCUMENTS);
  #lines = new Int32Array(FIRST_DOCUMENTS * 2);
  #groups = new Int32Array(FIRST_DOCUMENTS);
  #durations = new Float64Array(FIRST_DOCUMENTS);

  /** `capacity` in bytes: what a part usually needs. */
  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Makes room for so many bytes more. */
  reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const bytes = new Uint8Array(Math.max(Math.ceil(this.bytes.length * 1.5), this.length + more));
    bytes.set(this.bytes.subarray(0, this.length));
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }

  /** Adds the document that was written up to `end`. */
  add(end: number, lineStart: number, lineEnd: number, group: number, durationNs: number): void {
    const document = this.count++;
    if (document === this.#ends.length) this.#grow();
    this.#starts[document] = this.length;
    this.#ends[document] = end;
    this.#lines[document * 2] = lineStart;
    this.#lines[document * 2 + 1] = lineEnd;
    this.#groups[document] = group;
    this.#durations[document] = durationNs;
    this.length = end;
  }

  /** Takes the last document back. */
  drop(): void {
    this.count--;
    this.length = this.startOf(this.count);
  }

  /** The document that was written last takes the place of an earlier one. */
  replace(document: number): void {
    const last = this.#starts[--this.count] as number;
    this.#starts[document] = last;
    this.#ends[document] = this.length;
    this.#durations[document] = this.#durations[this.count] as number;
    this.#groups[document] = this.#groups[this.count] as number;
    this.hasHoles = true;
  }

  /** Where a document starts, and behind which byte it ends. */
  startOf(document: number): number {
    return this.#starts[document] as number;
  }
  endOf(document: number): number {
    return this.#ends[document] as number;
  }
  originOf(document: number): DocumentOrigin {
    return {
      lineStart: this.#lines[document * 2] as number,
      lineEnd: this.#lines[document * 2 + 1] as number,
      group: this.#groups[document] as number,
      durationNs: this.#durations[document] as number,
    };
  }

  /** Forgets what was written; the memory stays. */
  clear(): void {
    this.length = 0;
    this.count = 0;
    this.hasHoles = false;
  }

  /** All documents one behind the other. */
  compact(): Uint8Array {
    if (!this.hasHoles) return this.bytes.subarray(0, this.length);
    const whole = new Uint8Array(this.length);
    let size = 0;
    for (let document = 0; document < this.count; document++) {
      whole.set(this.bytes.subarray(this.startOf(document), this.endOf(document)), size);
      size += this.endOf(document) - this.startOf(document);
    }
    return whole.subarray(0, size);
  }

  #grow(): void {
    const size = this.#ends.length * 2;
    const starts = new Float64Array(size);
    starts.set(this.#starts);
    this.#starts = starts;
    const ends = new Float64Array(size);
    const lines = new Int32Array(size * 2);
    const groups = new Int32Array(size);
    const durations = new Float64Array(size);
    ends.set(this.#ends);
    lines.set(this.#lines);
    groups.set(this.#groups);
    durations.set(this.#durations);
    this.#ends = ends;
    this.#lines = lines;
    this.#groups = groups;
    this.#durations = durations;
  }
}

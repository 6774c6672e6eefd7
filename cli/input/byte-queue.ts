/** Bytes of chunks, taken in the portions that are asked for. */
export class ByteQueue {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);
  #isDone = false;

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  async #fill(): Promise<boolean> {
    while (this.#rest.length === 0 && !this.#isDone) {
      const next = await this.#chunks.next();
      if (next.done === true) this.#isDone = true;
      else this.#rest = next.value;
    }
    return this.#rest.length > 0;
  }

  /** Whether nothing is left. */
  async isAtEnd(): Promise<boolean> {
    return !(await this.#fill());
  }

  /** What is there already, at most so many bytes and at least one; undefined at the end. */
  async next(maxBytes: number): Promise<Buffer | undefined> {
    if (!(await this.#fill())) return undefined;
    const bytes = this.#rest.subarray(0, maxBytes);
    this.#rest = this.#rest.subarray(bytes.length);
    return bytes;
  }

  /** So many bytes; fewer only at the end. */
  async take(length: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let missing = length; missing > 0; ) {
      const part = await this.next(missing);
      if (part === undefined) break;
      parts.push(part);
      missing -= part.length;
    }
    return Buffer.concat(parts);
  }

  /** Puts bytes back before the others. */
  putBack(bytes: Buffer): void {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([bytes, this.#rest]);
  }

  /** Takes zeros away, up to the first other byte. */
  async dropZeros(): Promise<void> {
    while (await this.#fill()) {
      const at = this.#rest.findIndex((byte) => byte !== 0);
      this.#rest = this.#rest.subarray(at < 0 ? this.#rest.length : at);
      if (at >= 0) return;
    }
  }
}

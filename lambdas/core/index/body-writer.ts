/** Writes `text` as UTF-8 into `into` at `offset`, where there is room for three bytes per character, and returns the number of bytes. */
export type WriteUtf8 = (text: string, into: Uint8Array, offset: number) => number;

/**
 * One growing run of UTF-8 bytes. Documents are encoded one by one: in one big string a single character outside Latin-1 would make every document
 * two bytes a character in memory, and the byte ranges that a sender splits by come for free.
 */
export class BodyWriter {
  #bytes: Uint8Array;
  #length = 0;
  readonly #write: WriteUtf8;

  constructor(write: WriteUtf8, capacity: number) {
    this.#write = write;
    this.#bytes = new Uint8Array(Math.max(capacity, 1024));
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  append(text: string): void {
    if (this.#length + text.length * 3 > this.#bytes.length) this.#grow(text.length);
    this.#length += this.#write(text, this.#bytes, this.#length);
  }

  /** What was written, without a copy; nothing may be appended afterwards. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(characters: number): void {
    const bytes = new Uint8Array(Math.max(Math.ceil(this.#bytes.length * 1.5), this.#length + characters * 3 + 1024));
    bytes.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = bytes;
  }
}

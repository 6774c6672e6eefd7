/** Writes `text` as UTF-8 into `into` at `offset`, where there is room for three bytes per character, and returns the number of bytes. */
export type WriteUtf8 = (text: string, into: Uint8Array, offset: number) => number;

/** Gives memory for so many bytes; what is in it does not matter, because only what was written is ever read. */
export type Allocate = (bytes: number) => Uint8Array<ArrayBuffer>;

const allocateCleared: Allocate = (bytes) => new Uint8Array(bytes);

/**
 * Characters that are encoded at once. Handing a string over to the encoder costs as much as putting a small document together, so several go together;
 * but one character outside Latin-1 makes its whole chunk two bytes a character in memory, so not too many (docs/performance.md).
 */
const CHUNK_CHARACTERS = 32_768;
const LINE_FEED = 10;

/** A `_bulk` body, and where each document in it ends. */
export interface WrittenBody {
  /** A view without a copy. */
  readonly bytes: Uint8Array;
  /** Position behind each document, in the order that they were appended. */
  readonly ends: Float64Array;
}

/** One growing run of UTF-8 bytes, made of documents: two lines each, an action and a source. The sender splits by the byte ranges. */
export class BodyWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  readonly #allocate: Allocate;
  #view: DataView;
  #length = 0;
  readonly #write: WriteUtf8;
  readonly #ends: Float64Array;
  #count = 0;
  #chunk = '';
  /** One after a chunk that was not ASCII: where one document is not, the next ones go alone, so that they can be one byte a character. */
  #chunkCharacters = CHUNK_CHARACTERS;
  /** Documents whose ends are known. */
  #settled = 0;

  /** `capacity` is a guess in bytes, `documents` the most that will be appended. */
  constructor(write: WriteUtf8, capacity: number, documents: number, allocate: Allocate = allocateCleared) {
    this.#write = write;
    this.#allocate = allocate;
    this.#bytes = allocate(Math.max(capacity, 1024));
    this.#view = viewOf(this.#bytes);
    this.#ends = new Float64Array(documents);
  }

  /** Documents appended so far. */
  get count(): number {
    return this.#count;
  }

  /** Adds one document: exactly two lines, each ended by a line feed, and no other line feed in them. */
  append(document: string): void {
    this.#chunk += document;
    this.#ends[this.#count++] = this.#length + this.#chunk.length;
    if (this.#chunk.length >= this.#chunkCharacters) this.#flush();
  }

  /** Bytes written so far, after `room`. */
  get length(): number {
    return this.#length;
  }

  /** Makes room for `bytes` more and returns the body's bytes: a document may be written to them from `length` on, by hand, and ended with `advance`. */
  room(bytes: number): DataView {
    if (this.#chunk !== '') this.#flush();
    if (this.#length + bytes > this.#bytes.length) this.#grow(bytes);
    return this.#view;
  }

  /** The bytes that `room` gave a view of. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Adds the document that was written by hand up to `end`. */
  advance(end: number): void {
    this.#length = end;
    this.#ends[this.#count++] = end;
    this.#settled = this.#count;
  }

  /** What was written; nothing may be appended afterwards. */
  finish(): WrittenBody {
    if (this.#chunk !== '') this.#flush();
    return { bytes: this.#bytes.subarray(0, this.#length), ends: this.#ends.subarray(0, this.#count) };
  }

  #flush(): void {
    const characters = this.#chunk.length;
    if (this.#length + characters * 3 > this.#bytes.length) this.#grow(characters * 3);
    const start = this.#length;
    this.#length += this.#write(this.#chunk, this.#bytes, start);
    this.#chunk = '';
    // ASCII: characters are bytes, and the ends stand already.
    const isAscii = this.#length - start === characters;
    if (!isAscii) this.#findEnds(start);
    this.#chunkCharacters = isAscii ? Math.min(this.#chunkCharacters * 2, CHUNK_CHARACTERS) : 1;
    this.#settled = this.#count;
  }

  #findEnds(start: number): void {
    let end = start;
    for (let document = this.#settled; document < this.#count; document++) {
      end = this.#bytes.indexOf(LINE_FEED, this.#bytes.indexOf(LINE_FEED, end) + 1) + 1;
      this.#ends[document] = end;
    }
  }

  #grow(missing: number): void {
    const bytes = this.#allocate(Math.max(Math.ceil(this.#bytes.length * 1.5), this.#length + missing + 1024));
    bytes.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }
}

function viewOf({ buffer, byteOffset, length }: Uint8Array<ArrayBuffer>): DataView {
  return new DataView(buffer, byteOffset, length);
}

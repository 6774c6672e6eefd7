import { once } from 'node:events';
import type { Writable } from 'node:stream';

const FLUSH_CHARS = 1 << 16;

/** Writes text in large pieces and waits for a reader that is slower. */
export class TextWriter {
  readonly #stream: Writable;
  #text = '';

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  add(text: string): void {
    this.#text += text;
  }

  async flushIfFull(): Promise<void> {
    if (this.#text.length >= FLUSH_CHARS) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#text === '') return;
    const text = this.#text;
    this.#text = '';
    if (!this.#stream.write(text)) await once(this.#stream, 'drain');
  }
}

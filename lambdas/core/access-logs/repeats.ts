/** Lines that are remembered. A larger table falls out of the processor's cache. */
const SLOTS = 1 << 15;

/**
 * Counts how often the same line stood in a file before, within some ten thousand lines: the second of two equal lines is a line of its own, and
 * gets another `_id`. A function of the file's lines in their order, so a second delivery counts the same. 400 KB.
 */
export class Repeats {
  readonly #hashes = new Int32Array(SLOTS * 2);
  readonly #counts = new Int32Array(SLOTS);

  /** How many lines with this hash came before. */
  before(hashA: number, hashB: number): number {
    const slot = hashA & (SLOTS - 1);
    const at = slot * 2;
    const hashes = this.#hashes;
    if (hashes[at] === hashA && hashes[at + 1] === hashB) {
      const before = (this.#counts[slot] as number) + 1;
      this.#counts[slot] = before;
      return before;
    }
    hashes[at] = hashA;
    hashes[at + 1] = hashB;
    this.#counts[slot] = 0;
    return 0;
  }

  /** Forgets all lines, for the next file. */
  clear(): void {
    this.#hashes.fill(0);
    this.#counts.fill(0);
  }
}

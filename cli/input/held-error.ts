/** Keeps the error of an input back, until all that came before it was given on. */
export class HeldError {
  #error: unknown;
  #isHeld = false;

  /** The same items; an error ends them. */
  async *until<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
    try {
      yield* items;
    } catch (error) {
      this.#error = error;
      this.#isHeld = true;
    }
  }

  /** Throws the error, where there was one. */
  release(): void {
    if (this.#isHeld) throw this.#error;
  }
}

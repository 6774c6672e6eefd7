/** Thrown while a pattern is read, and only there; `compileFilterPattern` turns it into a value. */
export class PatternSyntaxError extends Error {
  override readonly name = 'PatternSyntaxError';
  /** 0-based position in the pattern. */
  readonly at: number;
  constructor(at: number, reason: string) {
    super(reason);
    this.at = at;
  }
}

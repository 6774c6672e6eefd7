/** Values of one bucket differ by 2 % at most: a percentile is off by 1 %. */
const LOG_STEP = Math.log(1.02);
/** The finest step that an access log tells, in ms. */
const STEP_MS = 1;
/** Up to here each value has a bucket of its own. */
const EXACT_MS = 50;

/** Counts of durations in ms: exact up to 50 ms, then in buckets of 2 %. */
export class Histogram {
  readonly #counts = new Map<number, number>();
  count = 0;
  sum = 0;
  min = Number.POSITIVE_INFINITY;
  max = 0;

  /** Adds a value from 0 on. */
  add(ms: number): void {
    const bucket =
      ms <= EXACT_MS ? Math.round(ms / STEP_MS) : Math.round(EXACT_MS / STEP_MS) + Math.ceil(Math.log(ms / EXACT_MS) / LOG_STEP);
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + 1);
    this.count++;
    this.sum += ms;
    if (ms < this.min) this.min = ms;
    if (ms > this.max) this.max = ms;
  }

  /** Values and how often each came, ascending. */
  values(): { readonly value: number; readonly count: number }[] {
    return [...this.#counts].sort(([a], [b]) => a - b).map(([bucket, count]) => ({ value: this.#valueOf(bucket), count }));
  }

  /** The value that a share (0 to 1) of all values does not exceed; NaN without values. */
  percentile(share: number): number {
    let seen = 0;
    for (const { value, count } of this.values()) {
      seen += count;
      if (seen >= share * this.count) return value;
    }
    return Number.NaN;
  }

  #valueOf(bucket: number): number {
    const exact = Math.round(EXACT_MS / STEP_MS);
    if (bucket <= exact) return bucket * STEP_MS;
    // The middle of the bucket, and never beyond what was seen.
    const middle = EXACT_MS * Math.exp((bucket - exact - 0.5) * LOG_STEP);
    return Math.min(this.max, Math.max(this.min, Math.round(middle * 10) / 10));
  }
}

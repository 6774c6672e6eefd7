/** Values that a percentile keeps one by one; beyond, it counts them in ranges. */
export const EXACT_VALUES = 10_000;
/** Relative error of a percentile over more values than that. */
export const SKETCH_ERROR = 0.005;

const GAMMA = (1 + SKETCH_ERROR) / (1 - SKETCH_ERROR);
const LOG_GAMMA = Math.log(GAMMA);

/**
 * Percentiles in bounded memory: exact (nearest rank) up to 10,000 values, then counts in ranges that grow by 1% each, so that an answer is
 * within 0.5% of the true value.
 */
export class Percentiles {
  private exact: number[] | undefined = [];
  private readonly positive = new Map<number, number>();
  private readonly negative = new Map<number, number>();
  private zeros = 0;
  private count = 0;
  private min = Infinity;
  private max = -Infinity;

  add(value: number): void {
    this.count++;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    if (!this.exact) {
      this.countIn(value);
      return;
    }
    this.exact.push(value);
    if (this.exact.length > EXACT_VALUES) {
      for (const each of this.exact) this.countIn(each);
      this.exact = undefined;
    }
  }

  /** The value at a percentile from 0 to 100; undefined without values. */
  at(percent: number): number | undefined {
    if (this.count === 0) return undefined;
    const rank = Math.max(1, Math.ceil((Math.min(100, Math.max(0, percent)) / 100) * this.count));
    if (this.exact) {
      this.exact.sort((a, b) => a - b);
      return this.exact[rank - 1];
    }
    let seen = 0;
    for (const [value, count] of this.ranges()) {
      seen += count;
      if (seen >= rank) return Math.min(this.max, Math.max(this.min, value));
    }
    return this.max;
  }

  /** Middle and count of each range, ascending. */
  private ranges(): [number, number][] {
    const below = [...this.negative].sort((a, b) => b[0] - a[0]).map(([index, count]): [number, number] => [-middle(index), count]);
    const above = [...this.positive].sort((a, b) => a[0] - b[0]).map(([index, count]): [number, number] => [middle(index), count]);
    return [...below, [0, this.zeros], ...above];
  }

  private countIn(value: number): void {
    if (Math.abs(value) < 1e-300) {
      this.zeros++;
      return;
    }
    const ranges = value > 0 ? this.positive : this.negative;
    const index = Math.ceil(Math.log(Math.abs(value)) / LOG_GAMMA);
    ranges.set(index, (ranges.get(index) ?? 0) + 1);
  }
}

function middle(index: number): number {
  return (2 * GAMMA ** index) / (GAMMA + 1);
}

/** Distinct values that are counted one by one; beyond, the count is an estimate (as CloudWatch's is for many). */
export const EXACT_DISTINCT = 50_000;
const REGISTERS = 1 << 14;

/** Counts distinct texts in bounded memory: exact up to 50,000, then by HyperLogLog with 16,384 registers (standard error 0.8%). */
export class DistinctCounter {
  private exact: Set<string> | undefined = new Set();
  private registers: Uint8Array | undefined;

  add(text: string): void {
    if (!this.exact) {
      this.count(text);
      return;
    }
    this.exact.add(text);
    if (this.exact.size <= EXACT_DISTINCT) return;
    this.registers = new Uint8Array(REGISTERS);
    for (const each of this.exact) this.count(each);
    this.exact = undefined;
  }

  has(text: string): boolean {
    return this.exact?.has(text) === true;
  }

  get size(): number {
    if (this.exact) return this.exact.size;
    let sum = 0;
    let empty = 0;
    for (const register of this.registers as Uint8Array) {
      sum += 2 ** -register;
      if (register === 0) empty++;
    }
    const estimate = ((0.7213 / (1 + 1.079 / REGISTERS)) * REGISTERS * REGISTERS) / sum;
    return Math.round(estimate <= 2.5 * REGISTERS && empty > 0 ? REGISTERS * Math.log(REGISTERS / empty) : estimate);
  }

  private count(text: string): void {
    const [high, low] = hash64(text);
    const index = high >>> 18;
    // The run of zeros in the 50 bits that did not choose the register.
    const first = Math.clz32(high << 14);
    const zeros = high << 14 === 0 ? 18 + Math.clz32(low) : first;
    const registers = this.registers as Uint8Array;
    if (zeros + 1 > (registers[index] as number)) registers[index] = zeros + 1;
  }
}

/** Two 32-bit hashes of a text, each mixed until every bit depends on every unit. */
function hash64(text: string): [number, number] {
  let a = 0x9e3779b9;
  let b = 0x85ebca6b;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x5bd1e995) + ((b >>> 15) ^ a);
  }
  return [mix(a ^ (b << 7)), mix(b ^ text.length)];
}

function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

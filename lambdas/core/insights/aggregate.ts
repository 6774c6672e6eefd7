import { type Compiled, numberOf, type Slots, textOf } from './compiled.ts';
import { compareNatural } from './natural-order.ts';
import { DistinctCounter, Percentiles } from './sketch.ts';
import { detach, toNumber, toText, type Value } from './value.ts';

/** Gathers the values of one aggregate in one group. */
export interface Accumulator {
  add(slots: Slots): void;
  result(): Value;
}

/** Makes an accumulator for each group. */
export type AccumulatorMaker = () => Accumulator;

class Count implements Accumulator {
  private count = 0;
  private readonly run: Compiled['run'] | undefined;
  constructor(run?: Compiled['run']) {
    this.run = run;
  }
  add(slots: Slots): void {
    if (this.run === undefined || this.run(slots) !== undefined) this.count++;
  }
  result(): Value {
    return this.count;
  }
}

class CountDistinct implements Accumulator {
  private readonly seen = new DistinctCounter();
  private readonly run: Compiled['run'];
  constructor(run: Compiled['run']) {
    this.run = run;
  }
  add(slots: Slots): void {
    const text = toText(this.run(slots));
    if (text !== undefined && !this.seen.has(text)) this.seen.add(detach(text) as string);
  }
  result(): Value {
    return this.seen.size;
  }
}

/** Sum, average and sample standard deviation (Welford's way: no loss by large means; Kahan's for the sum). */
class Moments implements Accumulator {
  private count = 0;
  private sum = 0;
  private lost = 0;
  private mean = 0;
  private squares = 0;
  private readonly read: (slots: Slots) => number | undefined;
  private readonly what: 'sum' | 'avg' | 'stddev';
  constructor(read: (slots: Slots) => number | undefined, what: 'sum' | 'avg' | 'stddev') {
    this.read = read;
    this.what = what;
  }
  add(slots: Slots): void {
    const value = this.read(slots);
    if (value === undefined) return;
    this.count++;
    const term = value - this.lost;
    const sum = this.sum + term;
    this.lost = sum - this.sum - term;
    this.sum = sum;
    const delta = value - this.mean;
    this.mean += delta / this.count;
    this.squares += delta * (value - this.mean);
  }
  result(): Value {
    if (this.count === 0) return undefined;
    if (this.what === 'sum') return this.sum;
    return this.what === 'avg' ? this.sum / this.count : Math.sqrt(this.count > 1 ? this.squares / (this.count - 1) : 0);
  }
}

/** Smallest or largest: by number where there are numbers, else in the order of texts. */
class Extreme implements Accumulator {
  private number: number | undefined;
  private text: Value;
  private readonly run: Compiled['run'];
  private readonly sign: 1 | -1;
  constructor(run: Compiled['run'], sign: 1 | -1) {
    this.run = run;
    this.sign = sign;
  }
  add(slots: Slots): void {
    const value = this.run(slots);
    const number = toNumber(value);
    if (number !== undefined) {
      if (this.number === undefined || (number - this.number) * this.sign > 0) this.number = number;
    } else if (typeof value === 'string' && (this.text === undefined || compareNatural(value, this.text) * this.sign > 0))
      this.text = detach(value);
  }
  result(): Value {
    return this.number ?? this.text;
  }
}

/** First or last in the order of `sort`. */
class SortsEnd implements Accumulator {
  private value: Value;
  private readonly run: Compiled['run'];
  private readonly sign: 1 | -1;
  constructor(run: Compiled['run'], sign: 1 | -1) {
    this.run = run;
    this.sign = sign;
  }
  add(slots: Slots): void {
    const value = this.run(slots);
    if (value === undefined || typeof value === 'object') return;
    if (this.value === undefined || compareNatural(value, this.value) * this.sign > 0) this.value = detach(value);
  }
  result(): Value {
    return this.value;
  }
}

/** The value of the event with the earliest or latest time among those that have the field; of equal times the one read first counts. */
class TimeEnd implements Accumulator {
  private value: Value;
  private time = Number.NaN;
  private readonly run: Compiled['run'];
  private readonly timeSlot: number;
  private readonly sign: 1 | -1;
  constructor(run: Compiled['run'], timeSlot: number, sign: 1 | -1) {
    this.run = run;
    this.timeSlot = timeSlot;
    this.sign = sign;
  }
  add(slots: Slots): void {
    const time = slots[this.timeSlot];
    if (typeof time !== 'number' || (!Number.isNaN(this.time) && (time - this.time) * this.sign <= 0)) return;
    const value = this.run(slots);
    if (value === undefined) return;
    this.value = detach(value);
    this.time = time;
  }
  result(): Value {
    return this.value;
  }
}

class Percentile implements Accumulator {
  private readonly values = new Percentiles();
  private readonly read: (slots: Slots) => number | undefined;
  private readonly percent: number;
  constructor(read: (slots: Slots) => number | undefined, percent: number) {
    this.read = read;
    this.percent = percent;
  }
  add(slots: Slots): void {
    const value = this.read(slots);
    if (value !== undefined) this.values.add(value);
  }
  result(): Value {
    return this.values.at(this.percent);
  }
}

/** How to gather an aggregate by its documented name (`count`, `pct` …); `timeSlot` is needed by `earliest` and `latest`. */
export function makeAccumulator(name: string, args: readonly Compiled[], timeSlot: number | undefined): AccumulatorMaker | undefined {
  const first = args[0] as Compiled;
  switch (name.toLowerCase()) {
    case 'count':
    case 'countovertime':
    case 'count_over_time':
      return first ? () => new Count(first.run) : () => new Count();
    case 'count_distinct':
    case 'countdistinct': {
      const read = first.type === 'time' ? textOf(first) : first.run;
      return () => new CountDistinct(read);
    }
    case 'sum':
    case 'sumovertime':
    case 'sum_over_time':
      return () => new Moments(numberOf(first), 'sum');
    case 'avg':
    case 'stddev': {
      const what = name.toLowerCase() as 'avg' | 'stddev';
      return () => new Moments(numberOf(first), what);
    }
    case 'min':
      return () => new Extreme(first.run, -1);
    case 'max':
      return () => new Extreme(first.run, 1);
    case 'sortsfirst':
      return () => new SortsEnd(first.run, -1);
    case 'sortslast':
      return () => new SortsEnd(first.run, 1);
    case 'earliest':
      return timeSlot === undefined ? undefined : () => new TimeEnd(first.run, timeSlot, -1);
    case 'latest':
      return timeSlot === undefined ? undefined : () => new TimeEnd(first.run, timeSlot, 1);
    case 'median':
      return () => new Percentile(numberOf(first), 50);
    case 'pct': {
      const percent = toNumber(args[1]?.constant?.value);
      return percent === undefined ? undefined : () => new Percentile(numberOf(first), percent);
    }
    default:
      return undefined;
  }
}

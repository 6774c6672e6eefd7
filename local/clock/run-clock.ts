/** The machine's own time: what passes while the run works. A test passes one that is a year ahead. */
export interface MachineClock {
  /** Milliseconds that only grow; for durations. */
  elapsedMs(): number;
  sleep(ms: number): Promise<void>;
}

/** The machine's clock, for everything that is not a test. */
export const MACHINE_CLOCK: MachineClock = {
  elapsedMs: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/**
 * After so long without anything that the run goes on for, in ms, the clock jumps to the next such thing: a file of June beside one of November would
 * otherwise start a schedule of every quarter of an hour fourteen thousand times. Long enough for every buffer, retry and schedule of a template to have its turn.
 */
const QUIET_MS = 2 * 3_600_000;

interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
  /** Whether the clock goes on until then. */
  readonly holds: boolean;
}

/**
 * The run's own clock. It stands still while something is under way and then jumps to the next thing to happen, so a run means the same
 * whatever the machine's clock says and however fast the machine is. With a speed it waits on the way instead of jumping.
 */
export class RunClock {
  #nowMs: number;
  #order = 0;
  #timers: Timer[] = [];
  /** Timers that `drain` goes on for. */
  #holding = 0;
  #underWay = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;
  #stopped = false;
  /** When the last thing happened that the run goes on for. */
  #heldMs: number;
  /** Gaps that were jumped over, in ms in all. */
  #skippedMs = 0;
  readonly #machine: MachineClock;
  readonly #speed: number | undefined;

  /** `speed`: run seconds per machine second; absent: as fast as possible. */
  constructor(startMs: number, machine: MachineClock, speed?: number) {
    this.#nowMs = startMs;
    this.#heldMs = startMs;
    this.#machine = machine;
    this.#speed = speed;
  }

  /** Milliseconds since the epoch, in the run. */
  now(): number {
    return this.#nowMs;
  }

  /** How much of the run's time was jumped over since nothing happened in it, in ms. */
  get skippedMs(): number {
    return this.#skippedMs;
  }

  /** Moves forward, never back: a watched file's line arrives at some later time. */
  moveTo(atMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, atMs);
  }

  /** Calls `run` when the run's time is `atMs` (now, if that is past); same times in the order of the calls. */
  at(atMs: number, run: () => void): void {
    this.#add(atMs, run, true);
  }

  /** The same for what comes again and again, such as a schedule: it happens when the run gets that far, and no run goes on for it. */
  atPassing(atMs: number, run: () => void): void {
    this.#add(atMs, run, false);
  }

  #add(atMs: number, run: () => void, holds: boolean): void {
    if (Number.isNaN(atMs)) throw new RangeError('a time that is no number');
    this.#timers.push({ atMs: Math.max(atMs, this.#nowMs), order: this.#order++, run, holds });
    if (holds) this.#holding++;
    // Sift up: a binary heap by time and order; 30,000 timers are usual, and a sorted list would be quadratic.
    let child = this.#timers.length - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!this.#before(child, parent)) break;
      this.#swap(child, parent);
      child = parent;
    }
  }

  /** Work that takes machine time: the clock stands still until it ends. A failure ends the run. */
  track(work: Promise<void>): void {
    const settled = work
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#underWay.delete(settled));
    this.#underWay.add(settled);
  }

  /** Runs until nothing is left to happen. Rejects with the first failure of tracked work. */
  async drain(): Promise<void> {
    for (;;) {
      while (this.#underWay.size > 0) await Promise.all(this.#underWay);
      if (this.#failure) throw this.#failure.error;
      const next = this.#timers[0];
      if (this.#stopped || next === undefined || this.#holding === 0) return;
      if (!next.holds && next.atMs - this.#heldMs > QUIET_MS) this.#jump();
      else await this.#waitFor(next.atMs);
      if (this.#stopped) return;
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      while (this.#timers[0] !== undefined && this.#timers[0].atMs <= this.#nowMs) {
        const timer = this.#pop();
        if (timer?.holds) this.#heldMs = this.#nowMs;
        timer?.run();
      }
    }
  }

  /** Ends `drain` after what is under way; what was to happen later does not happen. */
  stop(): void {
    this.#stopped = true;
  }

  /** Moves to the next thing that the run goes on for; what was to happen on the way happens then, once. */
  #jump(): void {
    let toMs = Number.POSITIVE_INFINITY;
    for (const { holds, atMs } of this.#timers) if (holds && atMs < toMs) toMs = atMs;
    this.#skippedMs += toMs - this.#nowMs;
    this.#nowMs = toMs;
  }

  async #waitFor(atMs: number): Promise<void> {
    if (this.#speed === undefined || atMs <= this.#nowMs) return;
    let leftMs = (atMs - this.#nowMs) / this.#speed;
    // In slices, so that a stop is heard.
    while (leftMs > 0 && !this.#stopped) {
      const slice = Math.min(leftMs, 250);
      await this.#machine.sleep(slice);
      leftMs -= slice;
    }
  }

  #pop(): Timer | undefined {
    const first = this.#timers[0];
    const last = this.#timers.pop();
    if (first?.holds) this.#holding--;
    if (last === undefined || this.#timers.length === 0) return first;
    this.#timers[0] = last;
    let parent = 0;
    for (;;) {
      let child = 2 * parent + 1;
      if (child >= this.#timers.length) return first;
      if (child + 1 < this.#timers.length && this.#before(child + 1, child)) child++;
      if (!this.#before(child, parent)) return first;
      this.#swap(child, parent);
      parent = child;
    }
  }

  #before(a: number, b: number): boolean {
    const left = this.#timers[a] as Timer;
    const right = this.#timers[b] as Timer;
    return left.atMs < right.atMs || (left.atMs === right.atMs && left.order < right.order);
  }

  #swap(a: number, b: number): void {
    const left = this.#timers[a] as Timer;
    this.#timers[a] = this.#timers[b] as Timer;
    this.#timers[b] = left;
  }
}

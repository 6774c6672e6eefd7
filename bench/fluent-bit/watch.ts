import { readFileSync } from 'node:fs';

/** Clock ticks a second that /proc counts CPU time in (Linux, USER_HZ). */
const TICKS = 100;

/** Memory and CPU time of a process by /proc. */
export class ProcessWatch {
  readonly rssMiB: number[] = [];
  cpuSeconds = 0;
  readonly #timer: NodeJS.Timeout;
  readonly #pid: number;

  constructor(pid: number) {
    this.#pid = pid;
    this.#timer = setInterval(() => this.#look(), 500);
  }

  /** Ends the watching; the last look was at most half a second ago. */
  stop(): void {
    clearInterval(this.#timer);
  }

  get maxRssMiB(): number {
    return Math.max(0, ...this.rssMiB);
  }

  get medianRssMiB(): number {
    return [...this.rssMiB].sort((a, b) => a - b)[Math.floor(this.rssMiB.length / 2)] ?? 0;
  }

  #look(): void {
    try {
      const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.#pid}/status`, 'utf8'))?.[1];
      // After the name in brackets: utime and stime are the 14th and 15th field of all.
      const stat = readFileSync(`/proc/${this.#pid}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ');
      if (kib !== undefined) this.rssMiB.push(Number(kib) / 1024);
      this.cpuSeconds = (Number(stat[11]) + Number(stat[12])) / TICKS;
    } catch {
      // The process has ended; what was seen before stands.
    }
  }
}

import { closeSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Size at which the kubelet rotates a container's log by default. */
const ROTATE_BYTES = 10 * 1024 * 1024;

interface Container {
  readonly path: string;
  fd: number;
  bytes: number;
  rotations: number;
  /** Number of the last line in a file that is renamed; -1 before the first. */
  renamedUpTo: number;
  /** The same when the agent was killed. */
  renamedAtKill: number;
}

/** Containers that print lines as containerd writes them, each with its own file that is rotated like the kubelet does. */
export class Containers {
  /** Lines written so far. */
  written = 0;
  /** Files renamed so far. */
  rotations = 0;
  /** While false, files grow: a file that is renamed while no agent runs is never found again. */
  mayRotate = true;
  readonly #containers: Container[];
  readonly #text: string;
  #timer: NodeJS.Timeout | undefined;

  constructor(folder: string, count: number, lineBytes: number) {
    this.#text = 'The quick brown fox jumps over the lazy dog; 0123456789 "quoted" \\ €. '.repeat(100).slice(0, lineBytes);
    this.#containers = Array.from({ length: count }, (_, index) => {
      const id = index.toString(16).padStart(2, '0').repeat(32);
      const path = join(folder, `load-${index}_bench_printer-${id}.log`);
      return { path, fd: openSync(path, 'a'), bytes: 0, rotations: 0, renamedUpTo: -1, renamedAtKill: -1 };
    });
  }

  /** Begins to print so many lines a second, all containers together. */
  start(linesPerSecond: number): void {
    const begun = process.hrtime.bigint();
    const before = this.written;
    this.#timer = setInterval(() => {
      const due = before + Math.floor((Number(process.hrtime.bigint() - begun) / 1e9) * linesPerSecond);
      this.#write(due - this.written);
    }, 10);
  }

  /** The agent is killed now: a file that it had not read to its end, and that has another name by now, it will not find again. */
  markKill(): void {
    this.mayRotate = false;
    for (const container of this.#containers) container.renamedAtKill = container.renamedUpTo;
  }

  /** Whether a line was in a file that had been renamed when the agent was killed. */
  wasRenamed(line: number): boolean {
    return line <= (this.#containers[line % this.#containers.length]?.renamedAtKill ?? -1);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  close(): void {
    this.stop();
    for (const { fd } of this.#containers) closeSync(fd);
  }

  #write(count: number): void {
    const parts = new Map<Container, string[]>();
    for (let i = 0; i < count; i++) {
      const container = this.#containers[this.written % this.#containers.length] as Container;
      // Nanoseconds of its own for each line, as of a clock that never stands.
      const now = BigInt(Date.now()) * 1_000_000n + BigInt(this.written % 1_000_000);
      const second = new Date(Number(now / 1_000_000_000n) * 1000).toISOString().slice(0, 19);
      const time = `${second}.${String(now % 1_000_000_000n).padStart(9, '0')}Z`;
      const lines = parts.get(container) ?? [];
      lines.push(`${time} stdout F ${this.written} ${this.#text}\n`);
      parts.set(container, lines);
      this.written++;
    }
    for (const [container, lines] of parts) this.#append(container, lines.join(''));
  }

  #append(container: Container, text: string): void {
    container.bytes += writeSync(container.fd, text);
    if (container.bytes < ROTATE_BYTES || !this.mayRotate) return;
    container.rotations++;
    container.renamedUpTo = this.written - 1;
    this.rotations++;
    renameSync(container.path, `${container.path}.${container.rotations}`);
    closeSync(container.fd);
    container.fd = openSync(container.path, 'a');
    container.bytes = 0;
  }
}

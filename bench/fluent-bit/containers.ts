import { closeSync, mkdirSync, openSync, renameSync, symlinkSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Size at which the kubelet rotates a container's log by default. */
const ROTATE_BYTES = 10 * 1024 * 1024;

interface Container {
  readonly path: string;
  fd: number;
  bytes: number;
  rotations: number;
  /** The file that was renamed last, and the number of its last line; -1 before the first. */
  renamed: string | undefined;
  renamedUpTo: number;
  /** Number of the last line in a file that is compressed; -1 before the first. */
  compressedUpTo: number;
  /** The same when an agent that was killed had found its files again. */
  compressedAtStart: number;
}

/**
 * Containers that print lines as containerd writes them. Files and links are as the kubelet keeps them: a full file is renamed in the pod's folder, the one before
 * is compressed then, which ends it for an agent that has not opened it.
 */
export class Containers {
  /** Lines written so far. */
  written = 0;
  /** Files renamed so far. */
  rotations = 0;
  readonly #containers: Container[];
  readonly #text: string;
  #timer: NodeJS.Timeout | undefined;

  constructor(folder: string, count: number, lineBytes: number) {
    this.#text = 'The quick brown fox jumps over the lazy dog; 0123456789 "quoted" \\ €. '.repeat(100).slice(0, lineBytes);
    this.#containers = Array.from({ length: count }, (_, index) => {
      const id = index.toString(16).padStart(2, '0').repeat(32);
      const name = `load-${index}`;
      const pod = join(folder, `../pods/bench_${name}_uid-${index}/printer`);
      mkdirSync(pod, { recursive: true });
      const path = join(pod, '0.log');
      symlinkSync(path, join(folder, `${name}_bench_printer-${id}.log`));
      const fd = openSync(path, 'a');
      return { path, fd, bytes: 0, rotations: 0, renamed: undefined, renamedUpTo: -1, compressedUpTo: -1, compressedAtStart: -1 };
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

  /** An agent has begun after a kill, and has found its files: what was compressed by then, and not read, no agent can continue. */
  markFound(): void {
    for (const container of this.#containers) container.compressedAtStart = container.compressedUpTo;
  }

  /** Whether a line was in a file that had been compressed when the agent began again. */
  wasCompressed(line: number): boolean {
    return line <= (this.#containers[line % this.#containers.length]?.compressedAtStart ?? -1);
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
    if (container.bytes < ROTATE_BYTES) return;
    container.rotations++;
    this.rotations++;
    if (container.renamed !== undefined) unlinkSync(container.renamed);
    container.compressedUpTo = container.renamedUpTo;
    container.renamedUpTo = this.written - 1;
    container.renamed = `${container.path}.20261121-${String(container.rotations).padStart(6, '0')}`;
    renameSync(container.path, container.renamed);
    closeSync(container.fd);
    container.fd = openSync(container.path, 'a');
    container.bytes = 0;
  }
}

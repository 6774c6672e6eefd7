import type { Io } from '../io.ts';

const WIDTH = 24;
const EVERY_MS = 100;

/** A line on a terminal's stderr that says how far a run is; nothing where stderr is no terminal. */
export class Progress {
  private readonly io: Pick<Io, 'stderr' | 'isTty' | 'now'>;
  private readonly total: number | undefined;
  private last = 0;
  private shown = false;

  constructor(io: Pick<Io, 'stderr' | 'isTty' | 'now'>, total: number | undefined) {
    this.io = io;
    this.total = total;
  }

  show(bytes: number, events: number): void {
    if (!this.io.isTty || this.io.now() - this.last < EVERY_MS) return;
    this.last = this.io.now();
    this.text(`${this.total ? `${bar(bytes / this.total)} ` : ''}${events.toLocaleString('en-US')} events, ${formatBytes(bytes)}`);
  }

  /** Shows any text. */
  text(text: string): void {
    if (!this.io.isTty) return;
    this.shown = true;
    this.io.stderr.write(`\r\x1b[K${text}`);
  }

  clear(): void {
    if (this.shown) this.io.stderr.write('\r\x1b[K');
    this.shown = false;
  }
}

/** A bar of blocks for a share from 0 to 1. */
function bar(share: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * WIDTH);
  return `[${'█'.repeat(full)}${'·'.repeat(WIDTH - full)}] ${String(Math.round(share * 100)).padStart(3)} %`;
}

/** `17.3 MB` (powers of ten, as prices count them). */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

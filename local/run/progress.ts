import type { Writable } from 'node:stream';
import { clean, shortName } from '../report/text.ts';
import type { RunStatus } from './status.ts';

/** How often bars are drawn again, ms. */
const REDRAW_MS = 120;

/** Shows a run's progress: bars on a terminal, else one line per step. */
export class Progress {
  readonly #stream: Writable & { columns?: number };
  readonly #isTty: boolean;
  readonly #now: () => number;
  #lastStep = '';
  #lastDrawMs = Number.NEGATIVE_INFINITY;
  #drawnLines = 0;

  constructor(stream: Writable & { columns?: number }, isTty: boolean, now: () => number) {
    this.#stream = stream;
    this.#isTty = isTty;
    this.#now = now;
  }

  /** Takes a new status. */
  show(status: RunStatus): void {
    if (status.step !== this.#lastStep) {
      this.#lastStep = status.step;
      this.#erase();
      // Why a run failed is said once, by whoever started it.
      if (status.step !== '' && status.phase !== 'failed') this.#stream.write(`${clean(status.step)}\n`);
    }
    if (!this.#isTty || status.phase !== 'feeding' || this.#now() - this.#lastDrawMs < REDRAW_MS) return;
    this.#lastDrawMs = this.#now();
    this.#erase();
    const lines = barLines(status, this.#stream.columns || 100);
    this.#stream.write(`${lines.join('\n')}\n`);
    this.#drawnLines = lines.length;
  }

  /** Leaves the terminal as it should be for what follows. */
  end(): void {
    this.#erase();
  }

  #erase(): void {
    if (this.#drawnLines > 0) this.#stream.write(`\x1b[${this.#drawnLines}A\x1b[J`);
    this.#drawnLines = 0;
  }
}

function barLines(status: RunStatus, columns: number): string[] {
  const lines = status.files.map(
    ({ file, events }) => `  ${clean(shortName(file)).padEnd(40).slice(0, 40)} ${String(events).padStart(8)} sent`,
  );
  for (const filter of status.filters) {
    const total = filter.matched + filter.redelivered;
    const share = total === 0 ? 0 : filter.done / total;
    const filled = Math.round(share * 30);
    lines.push(
      `  ${filter.filter.padEnd(40).slice(0, 40)} [${'='.repeat(filled)}${' '.repeat(30 - filled)}] ${filter.done} of ${total} taken`,
    );
  }
  lines.push(`  run time ${new Date(status.runTimeMs).toISOString()}`);
  return lines.map((line) => line.slice(0, Math.max(20, columns - 1)));
}

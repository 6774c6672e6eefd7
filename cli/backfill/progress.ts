import type { Io } from '../io.ts';

const WIDTH = 24;
const EVERY_MS = 200;

/** `1:04:09` or `4:09`. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** How far a run is. */
export interface HowFar {
  /** 0 to 1; undefined where the end is not known. */
  readonly share: number | undefined;
  readonly events: number;
}

/** A bar with rate and time left on a terminal's stderr; elsewhere a line every half a minute, so that a log of a job shows that it lives. */
export class BackfillProgress {
  readonly #io: Pick<Io, 'stderr' | 'isTty' | 'now'>;
  readonly #startMs: number;
  /** Share that earlier runs did. */
  readonly #startShare: number;
  #lastMs: number;
  #shown = false;

  constructor(io: Pick<Io, 'stderr' | 'isTty' | 'now'>, startShare: number) {
    this.#io = io;
    this.#startMs = io.now();
    this.#lastMs = io.isTty ? 0 : this.#startMs;
    this.#startShare = startShare;
  }

  show({ share, events }: HowFar): void {
    const now = this.#io.now();
    if (now - this.#lastMs < (this.#io.isTty ? EVERY_MS : 30_000)) return;
    this.#lastMs = now;
    const text = this.#text(share, events, now - this.#startMs);
    this.#io.stderr.write(this.#io.isTty ? `\r\x1b[K${text}` : `${text}\n`);
    this.#shown = this.#io.isTty;
  }

  clear(): void {
    if (this.#shown) this.#io.stderr.write('\r\x1b[K');
    this.#shown = false;
  }

  #text(share: number | undefined, events: number, elapsedMs: number): string {
    const rate = `${Math.round(events / Math.max(0.001, elapsedMs / 1_000)).toLocaleString('en-US')}/s`;
    const done = `${events.toLocaleString('en-US')} events, ${rate}`;
    if (share === undefined) return done;
    const full = Math.round(Math.min(1, Math.max(0, share)) * WIDTH);
    const bar = `[${'█'.repeat(full)}${'·'.repeat(WIDTH - full)}] ${String(Math.floor(share * 100)).padStart(3)} %`;
    const gained = share - this.#startShare;
    return gained <= 0.001 ? `${bar} ${done}` : `${bar} ${done}, ${durationText((elapsedMs / gained) * (1 - share))} left`;
  }
}

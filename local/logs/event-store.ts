import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** An event as it lies in a log group. */
export interface StoredEvent {
  readonly id: string;
  readonly timestamp: number;
  readonly message: string;
}

/**
 * The events of the run's log groups, a file of JSON lines each in the shape of FilterLogEvents, and `index.json` with the file of each group:
 * what `eks-telemetry query --local` asks.
 */
export class EventStore {
  /** Path of each group's file. */
  readonly files = new Map<string, string>();
  /** Hears of events as they are stored: the alarms of the run. */
  onPut: ((group: string, stream: string, events: readonly StoredEvent[]) => void) | undefined;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'index.json'), '{}\n');
  }

  put(group: string, stream: string, events: readonly StoredEvent[]): void {
    if (events.length === 0) return;
    const lines = events.map(
      ({ id, timestamp, message }) => `${JSON.stringify({ timestamp, message, logStreamName: stream, eventId: id })}\n`,
    );
    appendFileSync(this.#file(group), lines.join(''));
    this.onPut?.(group, stream, events);
  }

  #file(group: string): string {
    const known = this.files.get(group);
    if (known !== undefined) return known;
    const path = join(this.#folder, `${group.replace(/^\//, '').replaceAll(/[^A-Za-z0-9._-]/g, '_')}-${this.files.size}.jsonl`);
    this.files.set(group, path);
    const names = [...this.files].map(([name, file]) => [name, file.slice(this.#folder.length + 1)]);
    writeFileSync(join(this.#folder, 'index.json'), `${JSON.stringify(Object.fromEntries(names), null, 2)}\n`);
    return path;
  }
}

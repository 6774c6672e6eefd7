import type { EventBytes } from '../lines/event-bytes.ts';
import type { BulkDocument } from './types.ts';

/** The document of one line, written from its bytes. Its id is made when it is asked for, which is where something went wrong. */
export class LineDocument implements BulkDocument {
  start = 0;
  end = 0;
  readonly joined = 0;
  readonly index: string;
  readonly event: number;
  readonly #idStart: string;
  readonly #events: EventBytes;

  constructor(index: string, event: number, idStart: string, events: EventBytes) {
    this.index = index;
    this.event = event;
    this.#idStart = idStart;
    this.#events = events;
  }

  get id(): string {
    const { ids, idStarts } = this.#events;
    return this.#idStart + String.fromCharCode(...ids.subarray(idStarts[this.event], idStarts[this.event + 1]));
  }
}

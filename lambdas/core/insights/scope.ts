import type { ResultType } from './functions.ts';

/** Fields that every event has; `@entity` and tags are not known on files. */
export const SYSTEM_FIELDS: readonly string[] = ['@timestamp', '@ingestionTime', '@message', '@logStream', '@log', '@ptr'];

/** Where a field's value lies in a row. */
export interface Place {
  readonly slot: number;
  readonly type: ResultType;
  /** Rest of the path into a map or list that lies in the slot. */
  readonly path?: string;
}

interface Entry {
  readonly slot: number;
  readonly type: ResultType;
  /** Read from the event; otherwise made by a command. */
  readonly fromEvent: boolean;
}

/** An event field that must be read before the command that asked for it. */
export interface WantedField {
  readonly name: string;
  readonly slot: number;
}

/** The names that a command can see. A `stats` closes it: behind, only what it made exists. */
export class Scope {
  private readonly names = new Map<string, Entry>();
  private wanted: WantedField[] = [];
  /** Event fields that were asked for at any time. */
  readonly eventFields = new Set<string>();
  /** Number of slots of a row; grows while the query is compiled. */
  readonly row = { size: 0 };
  readonly closed: boolean;

  constructor(closed: boolean) {
    this.closed = closed;
  }

  /** A slot without a name. */
  newSlot(): number {
    return this.row.size++;
  }

  /** Gives a name a new slot; an older field of the name is hidden from here on. */
  define(name: string, type: ResultType, slot = this.newSlot()): number {
    this.names.set(name, { slot, type, fromEvent: false });
    return slot;
  }

  /** Finds a field; in an open scope every name exists and is read from the event. */
  find(name: string): Place | undefined {
    const known = this.names.get(name);
    if (known) return known;
    for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
      const parent = this.names.get(name.slice(0, dot));
      if (parent && !parent.fromEvent && (parent.type === 'structure' || parent.type === 'any'))
        return { slot: parent.slot, type: 'any', path: name.slice(dot + 1) };
    }
    if (this.closed) return undefined;
    const entry: Entry = {
      slot: this.newSlot(),
      type: name === '@timestamp' || name === '@ingestionTime' ? 'time' : 'any',
      fromEvent: true,
    };
    this.names.set(name, entry);
    this.wanted.push({ name, slot: entry.slot });
    this.eventFields.add(name);
    return entry;
  }

  /** The event fields asked for since the last call. */
  takeWanted(): WantedField[] {
    const wanted = this.wanted;
    this.wanted = [];
    return wanted;
  }

  /** All names, for "did you mean" and wildcards. */
  known(): string[] {
    return [...this.names.keys()];
  }
}

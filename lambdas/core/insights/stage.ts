import type { Compiled, Slots } from './compiled.ts';
import { JsonScanner } from './json-scan.ts';
import { LAMBDA_FIELDS } from './lambda-fields.ts';
import { MAX_DISCOVERED_FIELDS } from './limits.ts';
import type { WantedField } from './scope.ts';
import { fromByteText } from './utf8.ts';
import { toTruth, type Value } from './value.ts';

/** An event to query. The message is the part of `text` from `start` to `end`, so that a reader need not cut lines out of its buffer. */
export interface LogEvent {
  text: string;
  start: number;
  end: number;
  /** The text is UTF-8 bytes, one per unit: decoded only where a query looks. */
  isBytes?: boolean;
  /** Milliseconds; when undefined, `timeOf` of the run is asked, and only if the query looks at the time. */
  timestampMs: number | undefined;
  ingestionMs: number | undefined;
  logStream: string | undefined;
  /** `account-id:log-group-name`. */
  log: string | undefined;
  /** Identifies the event in its source. */
  ptr: string | undefined;
}

/** What the stages of one run share. */
export interface RunState {
  event: LogEvent;
  /** A row of the event came through the filters to the first stage that gathers; an event may make several (`unnest`, `parse … multi`). */
  isMatched: boolean;
  readonly timeOf: ((event: LogEvent) => number | undefined) | undefined;
  /** Units of text that stages hold; over `MAX_HELD_UNITS` the run ends with an error. */
  held: number;
  /** A field of the query stood in the event behind as many others as CloudWatch discovers. */
  isBeyondDiscovery: boolean;
}

/** Takes rows; `push` says whether more are wanted. */
export interface Sink {
  push(slots: Slots): boolean;
  end(): void;
}

/** Makes a stage of one run in front of the next. */
export type StageMaker = (next: Sink, state: RunState) => Sink;

/** Rows that must be held grew over the memory that a query may take. */
export class QueryTooLargeError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'QueryTooLargeError';
  }
}

/** Text that held rows may have together (UTF-16 units; half a GB at worst). */
export const MAX_HELD_UNITS = 256 * 1024 * 1024;

/** Counts a held row; throws when there is too much. */
export function hold(state: RunState, slots: readonly Value[], sign: 1 | -1): void {
  let units = 64;
  for (const value of slots) if (typeof value === 'string') units += value.length;
  state.held += sign * units;
  if (state.held > MAX_HELD_UNITS)
    throw new QueryTooLargeError('the rows to be held take more than 512 MB; lower "limit", filter more, or show fewer fields');
}

/** Reads event fields into their slots; the list may still grow while the query is compiled. */
export function loadStage(fields: readonly WantedField[]): StageMaker {
  return (next, state) => {
    if (fields.length === 0) return next;
    const readers: ((slots: Slots, event: LogEvent) => void)[] = [];
    const discovered: WantedField[] = [];
    for (const field of fields) {
      const reader = systemReader(field, state);
      if (reader) readers.push(reader);
      // A key that begins with "@" gets another one; a name with one "@" is CloudWatch's own and no key.
      else if (field.name.startsWith('@@')) discovered.push({ ...field, name: field.name.slice(1) });
      else if (field.name.startsWith('@'))
        readers.push((slots) => {
          slots[field.slot] = undefined;
        });
      else discovered.push(field);
    }
    const scanner = discovered.length > 0 ? new JsonScanner(discovered) : undefined;
    const only = readers[0];
    return {
      push(slots) {
        const { event } = state;
        if (scanner) {
          scanner.scan(event.text, event.start, event.end, slots, event.isBytes);
          if (scanner.lastFieldNumber > MAX_DISCOVERED_FIELDS) state.isBeyondDiscovery = true;
        }
        if (readers.length === 1) only?.(slots, event);
        else for (const read of readers) read(slots, event);
        return next.push(slots);
      },
      end: () => next.end(),
    };
  };
}

function systemReader({ name, slot }: WantedField, state: RunState): ((slots: Slots, event: LogEvent) => void) | undefined {
  switch (name) {
    case '@message':
      return (slots, event) => {
        slots[slot] = messageOf(event);
      };
    case '@timestamp':
      return (slots, event) => {
        slots[slot] = event.timestampMs ?? state.timeOf?.(event);
      };
    case '@ingestionTime':
      return (slots, event) => {
        slots[slot] = event.ingestionMs;
      };
    case '@logStream':
      return (slots, event) => {
        slots[slot] = event.logStream;
      };
    case '@log':
      return (slots, event) => {
        slots[slot] = event.log;
      };
    case '@ptr':
      return (slots, event) => {
        slots[slot] = event.ptr;
      };
    default: {
      const read = Object.hasOwn(LAMBDA_FIELDS, name) ? LAMBDA_FIELDS[name] : undefined;
      if (!read) return undefined;
      return (slots, event) => {
        slots[slot] = read(messageOf(event));
      };
    }
  }
}

function messageOf(event: LogEvent): string {
  const message = event.text.slice(event.start, event.end);
  return event.isBytes ? fromByteText(message) : message;
}

/** Lets rows pass for which the condition is true; unknown is not true. */
export function filterStage({ run }: Compiled): StageMaker {
  return (next) => ({
    push: (slots) => {
      const value = run(slots);
      return value === true || (value !== false && toTruth(value) === true) ? next.push(slots) : true;
    },
    end: () => next.end(),
  });
}

/** Computes new fields. */
export function computeStage(items: readonly { readonly slot: number; readonly run: Compiled['run'] }[]): StageMaker {
  return (next) => ({
    push(slots) {
      for (const { slot, run } of items) slots[slot] = run(slots);
      return next.push(slots);
    },
    end: () => next.end(),
  });
}

/** Lets the first rows pass, then wants no more. */
export function limitStage(count: number): StageMaker {
  return (next) => {
    let left = count;
    return {
      push(slots) {
        if (left <= 0) return false;
        left--;
        return next.push(slots) && left > 0;
      },
      end: () => next.end(),
    };
  };
}

/** Notes that the event has a row which reaches the first stage that gathers. */
export function countStage(): StageMaker {
  return (next, state) => ({
    push(slots) {
      state.isMatched = true;
      return next.push(slots);
    },
    end: () => next.end(),
  });
}

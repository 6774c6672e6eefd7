import type { BatchBytes, SourceBatch, SourceEvent } from '../core/index/types.ts';
import { type EventBytes, takeEvents } from '../core/lines/event-bytes.ts';
import { SYSTEM_FIELD_MARK } from './system-fields.ts';

/** Whether the events of a log stream are lines of a format that is read as bytes. */
export type IsOfLines = (logGroup: string, logStream: string) => boolean;

const EVENTS = '"logEvents":[';
/** Longer than any header; where the events are not by then, they come in an order of their own. */
const MAX_HEADER = 4_096;

/**
 * Opens a payload without making texts of its events, and takes its bytes for that; undefined where it is not of lines, `spoilt` where only reading it showed
 * that it is not written as CloudWatch writes it: then its bytes are of no use any more.
 */
export function openBytes(bytes: Buffer, isOfLines: IsOfLines): SourceBatch | 'spoilt' | undefined {
  const at = bytes.subarray(0, MAX_HEADER).indexOf(EVENTS);
  if (at < 0) return undefined;
  const header = readHeader(bytes.toString('utf8', 0, at));
  if (header === undefined || !isOfLines(header.logGroup, header.logStream) || bytes.includes(SYSTEM_FIELD_MARK)) return undefined;
  const events = takeEvents(bytes, at + EVENTS.length);
  return events === undefined ? 'spoilt' : new LineBatch(header, events);
}

interface Header {
  readonly owner: string;
  readonly logGroup: string;
  readonly logStream: string;
}

/** `{"messageType":"DATA_MESSAGE","owner":"…","logGroup":"…","logStream":"…","subscriptionFilters":[…],` */
function readHeader(text: string): Header | undefined {
  let header: { readonly [key: string]: unknown };
  try {
    header = JSON.parse(`${text}"end":0}`) as { readonly [key: string]: unknown };
  } catch {
    return undefined;
  }
  const { messageType, owner, logGroup, logStream } = header;
  if (messageType !== 'DATA_MESSAGE' || typeof owner !== 'string' || typeof logGroup !== 'string' || typeof logStream !== 'string')
    return undefined;
  return { owner, logGroup, logStream };
}

class LineBatch implements SourceBatch {
  readonly owner: string;
  readonly logGroup: string;
  readonly logStream: string;
  readonly bytes: BatchBytes;
  #events: readonly SourceEvent[] | undefined;

  constructor({ owner, logGroup, logStream }: Header, events: EventBytes) {
    this.owner = owner;
    this.logGroup = logGroup;
    this.logStream = logStream;
    this.bytes = { events, readLatin1, event: (position) => eventOf(events, position) };
  }

  get events(): readonly SourceEvent[] {
    const { events } = this.bytes;
    this.#events ??= Array.from({ length: events.count }, (_, position) => eventOf(events, position));
    return this.#events;
  }
}

function eventOf({ bytes, ids, idStarts, starts, ends, rests, timestamps }: EventBytes, position: number): SourceEvent {
  const start = starts[position] as number;
  const end = ends[position] as number;
  const rest = rests[position] as number;
  const message = rest < 0 ? readLatin1(bytes, start, end) : readLatin1(bytes, start, rest) + stringOf(bytes, rest, end);
  return {
    id: stringOf(ids, idStarts[position] as number, idStarts[position + 1] as number),
    timestamp: timestamps[position] as number,
    message,
  };
}

/** The JSON string whose text, without its quotes, is between the positions; it was found to be valid. */
function stringOf(bytes: Uint8Array, start: number, end: number): string {
  return JSON.parse(`"${Buffer.prototype.utf8Slice.call(bytes, start, end)}"`) as string;
}

function readLatin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.prototype.latin1Slice.call(bytes, start, end);
}

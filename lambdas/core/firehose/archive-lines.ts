import type { Allocate, WriteUtf8 } from '../index/body-writer.ts';
import { MAX_DATE_MS, timeText } from '../index/time-text.ts';
import { putLong } from '../lines/output.ts';
import { OVERSHOOT, type Piece, piece } from '../lines/piece.ts';
import { putTime } from '../lines/put-time.ts';
import type { EventSpans } from './event-spans.ts';

/** What all events of one stream have in common in the archive. */
export interface ArchiveOrigin {
  readonly account: string;
  readonly region: string;
  /** The cluster's name as EKS knows it. */
  readonly cluster: string;
  readonly kind: string;
  /** Name of the source in the config. */
  readonly source: string;
  readonly logGroup: string;
  readonly logStream: string;
}

/** One event, as text. */
export interface ArchiveEvent {
  readonly id: string;
  /** CloudWatch time in ms since the epoch. */
  readonly timestamp: number;
  /** The original text, unredacted. */
  readonly message: string;
}

/** Columns of the archive, in the order of a line; lower case, as Glue has them. */
export const ARCHIVE_COLUMNS = [
  'event_id',
  'timestamp',
  'time',
  'account',
  'region',
  'cluster',
  'kind',
  'source',
  'log_group',
  'log_stream',
  'application',
  'message',
] as const;

const EVENT = piece('{"event_');
const TIME = piece(',"time":"');
/** Room for what is constant in a line, and two times. */
const LINE_BYTES = 160 + OVERSHOOT;

/** `","account":…,"message":"`: what stands between the time and the message. */
export function originMembers(origin: ArchiveOrigin, application: string): string {
  const q = JSON.stringify;
  return (
    `","account":${q(origin.account)},"region":${q(origin.region)},"cluster":${q(origin.cluster)},"kind":${q(origin.kind)},"source":${q(origin.source)},` +
    `"log_group":${q(origin.logGroup)},"log_stream":${q(origin.logStream)},"application":${q(application)},"message":"`
  );
}

/** One line of the archive, its line feed included. */
export function archiveLine(event: ArchiveEvent, origin: ArchiveOrigin, application: string): string {
  const { id, timestamp, message } = event;
  const head = `{"event_id":${JSON.stringify(id)},"timestamp":${timestamp},"time":"${timeText(timestamp)}`;
  return `${head}${originMembers(origin, application)}${JSON.stringify(message).slice(1)}}\n`;
}

/** Whether a time can be written as a date. */
export function isDate(timeMs: number): boolean {
  return Math.abs(timeMs) <= MAX_DATE_MS;
}

/** Lines of one partition as growing bytes, and where each event's line ends. */
export class ArchiveWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #length = 0;
  #ends: number[] = [];
  readonly #write: WriteUtf8;
  readonly #allocate: Allocate;

  /** `capacity` is a guess in bytes. */
  constructor(write: WriteUtf8, allocate: Allocate, capacity: number) {
    this.#write = write;
    this.#allocate = allocate;
    this.#bytes = allocate(Math.max(1024, capacity));
    this.#view = viewOf(this.#bytes);
  }

  /** Position behind each line. */
  get ends(): readonly number[] {
    return this.#ends;
  }

  /** What was written; a view without a copy. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Adds the line of an event that is in a payload's bytes, without making a text of it. */
  addSpan(payload: Uint8Array, spans: EventSpans, event: number, members: Piece): void {
    const head = spans.heads[event] as number;
    const headEnd = spans.headEnds[event] as number;
    const message = spans.messages[event] as number;
    const messageEnd = spans.messageEnds[event] as number;
    this.#room(headEnd - head + members.size + messageEnd - message + LINE_BYTES);
    const out = this.#bytes;
    const view = this.#view;
    let at = this.#length;
    view.setFloat64(at, EVENT.view.getFloat64(0, true), true);
    at = copy(out, at + EVENT.size, payload, head, headEnd);
    view.setFloat64(at, TIME.view.getFloat64(0, true), true);
    view.setUint8(at + 8, 34);
    at = putTime(view, at + TIME.size, spans.timestamps[event] as number);
    at = putLong(out, at, members);
    // With the closing quote and brace of the event, which close the line as well.
    at = copy(out, at, payload, message, messageEnd + 2);
    view.setUint8(at++, 10);
    this.#length = at;
    this.#ends.push(at);
  }

  /** Adds a line that is a text. */
  addText(line: string): void {
    this.#room(line.length * 3);
    this.#length += this.#write(line, this.#bytes, this.#length);
    this.#ends.push(this.#length);
  }

  #room(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const grown = this.#allocate(Math.max(Math.ceil(this.#bytes.length * 1.5), this.#length + bytes));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
    this.#view = viewOf(grown);
  }
}

/** Copies bytes and returns the position behind them. */
function copy(out: Uint8Array, at: number, from: Uint8Array, start: number, end: number): number {
  out.set(from.subarray(start, end), at);
  return at + end - start;
}

function viewOf({ buffer, byteOffset, length }: Uint8Array<ArrayBuffer>): DataView {
  return new DataView(buffer, byteOffset, length);
}

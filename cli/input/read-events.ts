import { basename } from 'node:path';
import { type LinePiece, openContainerRecord } from '../../lambdas/core/parse/container-record.ts';
import { timeMs } from '../../lambdas/core/parse/time.ts';
import type { Io } from '../io.ts';
import { readBytes } from './byte-source.ts';
import { type CloudWatchEvent, cloudWatchEvents, looksLikeEventList } from './cloudwatch.ts';
import { CriJoiner, type CriLine } from './cri.ts';
import { HeldError } from './held-error.ts';
import { splitLines } from './lines.ts';

/** One line or event of an input, its framing taken off. */
export interface InputEvent {
  readonly text: string;
  /** Lines of one key may be joined to records: a CloudWatch stream, or a container's stdout or stderr. */
  readonly streamKey: string;
  /** Name that says what the stream holds: CloudWatch's stream name, or the file's. */
  readonly streamName: string;
  /** CloudWatch or CRI time in ms since the epoch; absent for plain lines. */
  readonly timeMs?: number;
  /** `stdout` or `stderr`, where the framing says it. */
  readonly stream?: string;
  /** CRI time, RFC 3339 with nanoseconds. */
  readonly time?: string;
  /** Members of `kubernetes` as JSON text. */
  readonly kubernetes?: string;
  /** Bytes of the text in UTF-8, about. */
  readonly bytes: number;
  /** CloudWatch's id of the event, where the input has it. */
  readonly eventId?: string;
  /** The text is a piece of a line that the runtime cut and the collector did not put together. */
  readonly piece?: LinePiece;
}

/** How an input is read. */
export interface ReadOptions {
  /** A collector's record stays the JSON text that CloudWatch holds; without it, the text is the container's own line. */
  readonly keepRecords?: boolean;
}

type Opener = (event: InputEvent) => InputEvent;

/** Most of an object with `events` that is held in memory, in bytes. */
const MAX_LIST_BYTES = 512 * 1024 * 1024;
const PEEK_BYTES = 65_536;

/**
 * Reads a file (or stdin, `-`): plain lines, containerd's framing, CloudWatch events as JSON lines, or an object that holds them; each of it gzipped or
 * not. The framing is found out line by line, so a mixed file is read too. Memory stays bounded, except for one object over several lines.
 */
export async function* readEvents(
  file: string,
  io: Pick<Io, 'stdin' | 'cwd'>,
  { keepRecords = false }: ReadOptions = {},
): AsyncGenerator<InputEvent[]> {
  const open: Opener = keepRecords ? (event) => event : unwrap;
  const name = file === '-' ? 'stdin' : basename(file).replace(/\.gz$/, '');
  const { head, chunks } = await peek(readBytes(file, io));
  if (looksLikeEventList(head) && !isWholeLine(head)) {
    const held: Buffer[] = [];
    const failure = new HeldError();
    const events = await readList(failure.until(chunks), held);
    if (events !== undefined) {
      yield events.map((event) => open(fromCloudWatch(event, name)));
      failure.release();
      return;
    }
    yield* readLines(startWith(held, chunks), name, open);
    failure.release();
    return;
  }
  yield* readLines(chunks, name, open);
}

async function* readLines(chunks: AsyncIterable<Buffer>, name: string, open: Opener): AsyncGenerator<InputEvent[]> {
  const cri = new CriJoiner();
  let isFirst = true;
  const failure = new HeldError();
  for await (const lines of failure.until(splitLines(chunks))) {
    const events: InputEvent[] = [];
    for (const line of lines) {
      const bytes = isFirst && line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf ? line.subarray(3) : line;
      isFirst = false;
      eventsOfLine(bytes, { name, cri, open }, events);
    }
    if (events.length > 0) yield events;
  }
  const rest = cri.flush().map((line) => fromCri(line, name));
  if (rest.length > 0) yield rest;
  failure.release();
}

interface LineReader {
  readonly name: string;
  readonly cri: CriJoiner;
  readonly open: Opener;
}

function eventsOfLine(line: Buffer, { name, cri, open }: LineReader, events: InputEvent[]): void {
  const first = line[0];
  // Only a digit can start a time, only a brace a CloudWatch event: other lines are not looked at twice.
  if (first !== undefined && first >= 48 && first <= 57) {
    const joined = cri.push(line);
    if (joined === undefined) return;
    if (joined !== false) {
      events.push(fromCri(joined, name));
      return;
    }
  }
  const text = withoutReturn(line.toString('utf8'));
  if (first === 123) {
    const found = cloudWatchEvents(text);
    if (found !== undefined) {
      for (const event of found) events.push(open(fromCloudWatch(event, name)));
      return;
    }
  }
  events.push(open({ text, streamKey: name, streamName: name, bytes: line.length + 1 }));
}

function fromCri(line: CriLine, name: string): InputEvent {
  const { time, stream, text } = line;
  return { text, streamKey: stream, streamName: name, timeMs: timeMs(time), stream, time, bytes: text.length + 1 };
}

function fromCloudWatch(event: CloudWatchEvent, name: string): InputEvent {
  const streamName = event.logStream === '' ? name : event.logStream;
  const id = event.eventId === undefined ? {} : { eventId: event.eventId };
  return { text: event.text, streamKey: streamName, streamName, timeMs: event.timeMs, bytes: event.text.length, ...id };
}

/** A record of our collector (or Docker's JSON file), or an event that still has the runtime's frame, is opened: the line is what the container wrote. */
function unwrap(event: InputEvent): InputEvent {
  const record = openContainerRecord(event.text);
  if (record === undefined) return event;
  const ms = record.time === undefined ? Number.NaN : timeMs(record.time);
  return {
    ...event,
    text: withoutReturn(record.log.endsWith('\n') ? record.log.slice(0, -1) : record.log),
    streamKey: `${event.streamKey}\n${record.containerId ?? record.pod ?? ''}\n${record.container ?? ''}\n${record.stream ?? ''}`,
    ...(Number.isNaN(ms) ? {} : { timeMs: ms }),
    ...(record.stream === undefined ? {} : { stream: record.stream }),
    ...(record.time === undefined ? {} : { time: record.time }),
    ...(record.kubernetes === '' ? {} : { kubernetes: record.kubernetes }),
    ...(record.piece === undefined ? {} : { piece: record.piece }),
  };
}

function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}

async function peek(source: AsyncIterable<Buffer>): Promise<{ head: string; chunks: AsyncIterable<Buffer> }> {
  const iterator = source[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done === true) return { head: '', chunks: startWith([], { [Symbol.asyncIterator]: () => iterator }) };
  const head = first.value.toString('utf8', 0, PEEK_BYTES);
  return { head, chunks: startWith([first.value], { [Symbol.asyncIterator]: () => iterator }) };
}

async function* startWith(first: readonly Buffer[], rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* first;
  yield* rest;
}

/** Whether the first line ends within the head and is JSON by itself: then the file has one object a line. */
function isWholeLine(head: string): boolean {
  const end = head.indexOf('\n');
  if (end < 0) return false;
  try {
    JSON.parse(head.slice(0, end));
    return true;
  } catch {
    return false;
  }
}

/** All of the input as one list of events; undefined where it is none, with what was read in `held`. */
async function readList(chunks: AsyncIterable<Buffer>, held: Buffer[]): Promise<ReturnType<typeof cloudWatchEvents>> {
  let bytes = 0;
  // By hand: leaving a `for await` would close the source, and the rest may still be wanted as lines.
  const iterator = chunks[Symbol.asyncIterator]();
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
    held.push(next.value);
    bytes += next.value.length;
    if (bytes > MAX_LIST_BYTES) return undefined;
  }
  return cloudWatchEvents(Buffer.concat(held).toString('utf8'));
}

import { isAscii } from 'node:buffer';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Needle } from '../../lambdas/core/insights/needle.ts';
import type { LogEvent } from '../../lambdas/core/insights/stage.ts';
import { containerStream, fluentBitEvent, identityOf } from '../../lambdas/events/fluent-bit.ts';
import { readBlocks, readBytes } from '../input/byte-source.ts';
import { isCriLine } from '../input/cri.ts';
import { type InputEvent, readEvents } from '../input/read-events.ts';
import type { Io } from '../io.ts';
import { type StreamNames, streamOfFile } from './stream-names.ts';

/** Takes the events of files; false ends the reading. */
export interface EventSink {
  push(event: LogEvent): boolean;
  /** Events that were left out because they lack a needle. */
  skip(count: number): void;
  /** Bytes of text read since the last call. */
  progress(bytes: number): void;
  /** Texts of which an event must hold all. */
  readonly needles: readonly Needle[];
}

/** The log group that events of files are said to be of, in the shape of `@log`. */
const LOCAL_LOG = '000000000000:local';

/**
 * Reads a file into the sink. Container (CRI) lines become the records that Fluent Bit sends to `/aws/containerinsights/…/application`, so that a query
 * for that log group finds `log`, `stream` and `kubernetes.*`; CloudWatch events are opened; every other line is a message as it stands.
 */
export async function feedFile(
  file: string,
  io: Pick<Io, 'stdin' | 'cwd'>,
  sink: EventSink,
  nameOf: StreamNames = streamOfFile,
): Promise<void> {
  if (file !== '-' && (await isPlain(file, io))) return feedPlain(file, nameOf(file), io, sink);
  const identity = identityOf(file);
  const own = identity ? containerStream(identity) : streamOfFile(file);
  let plain: string | undefined;
  for await (const events of readEvents(file, io, { keepRecords: true })) {
    let bytes = 0;
    for (const event of events) {
      bytes += event.bytes;
      // Only a line that brings neither a stream nor a container's framing asks what its stream is called.
      if (event.timeMs === undefined) plain ??= identity ? own : nameOf(file);
      const made = toLogEvent(event, event.timeMs === undefined ? (plain ?? own) : own, identity);
      // CloudWatch takes no empty message; an empty line of a container is a record all the same.
      if (made.end > made.start && !sink.push(made)) return;
    }
    sink.progress(bytes);
  }
}

/** A container whose file's name does not tell it. */
export const UNKNOWN_CONTAINER = { podName: '', namespaceName: '', containerName: '', containerId: '' };

function toLogEvent(event: InputEvent, stream: string, identity: ReturnType<typeof identityOf>): LogEvent {
  const isContainer = event.time !== undefined && (event.stream === 'stdout' || event.stream === 'stderr');
  const text = isContainer
    ? fluentBitEvent({ time: event.time as string, stream: event.stream as 'stdout', log: event.text }, identity ?? UNKNOWN_CONTAINER)
        .message
    : event.text;
  return {
    text,
    start: 0,
    end: text.length,
    timestampMs: event.timeMs === undefined ? undefined : Math.floor(event.timeMs),
    ingestionMs: undefined,
    logStream: isContainer || event.timeMs === undefined ? stream : event.streamName,
    log: LOCAL_LOG,
    ptr: event.eventId,
  };
}

/** Whether lines can be cut out of the text as they are: neither containerd's framing nor CloudWatch events, told by the first line. */
async function isPlain(file: string, io: Pick<Io, 'stdin' | 'cwd'>): Promise<boolean> {
  for await (const chunk of readBytes(file, io)) {
    const end = chunk.indexOf(10);
    const line = chunk.subarray(0, end < 0 ? chunk.length : end);
    return (
      !isCriLine(line) &&
      !/^\ufeff?\s*(?:\[|\{\s*(?:$|"(?:events|logEvents|messageType|owner|logGroup\w*|logStream\w*|subscriptionFilters|searchedLogStreams|next\w*Token|timestamp|message|eventId|id|ingestionTime|extractedFields)"\s*:))/.test(
        line.toString('utf8', 0, 400),
      )
    );
  }
  return true;
}

/** Events after which the needle that keeps most of them out is chosen. */
const NEEDLE_TRIAL = 200;

/** Bytes of whole lines that are made into one string: short enough for V8's young generation, where a string costs neither fresh pages nor a full collection. */
const PIECE_BYTES = 96 * 1024;

/** The end of the piece that begins at `from`: behind the last line feed within its size, or behind the first where a line is longer. */
function endOfPiece(chunk: Buffer, from: number): number {
  if (chunk.length - from <= PIECE_BYTES) return chunk.length;
  const last = chunk.lastIndexOf(10, from + PIECE_BYTES - 1);
  return (last >= from ? last : chunk.indexOf(10, from)) + 1;
}

/** The quick way: whole lines are made into one string, and events are parts of it. */
async function feedPlain(file: string, name: string, io: Pick<Io, 'stdin' | 'cwd'>, sink: EventSink): Promise<void> {
  const event: LogEvent = {
    text: '',
    start: 0,
    end: 0,
    timestampMs: undefined,
    ingestionMs: undefined,
    logStream: name,
    log: LOCAL_LOG,
    ptr: undefined,
  };
  const filter = new NeedleFilter(sink.needles);
  let isFirst = true;
  const feed = (bytes: Buffer): boolean => {
    // One unit per byte: what the query does not look at is never decoded.
    const text = bytes.toString('latin1');
    event.text = text;
    event.isBytes = !isAscii(bytes);
    filter.begin(text);
    let skipped = 0;
    for (let start = isFirst && text.startsWith('\xef\xbb\xbf') ? 3 : 0; start < text.length; ) {
      const found = text.indexOf('\n', start);
      const end = found < 0 ? text.length : found;
      if (end > start && filter.lacks(start, end)) skipped++;
      else if (end > start) {
        event.start = start;
        event.end = text.charCodeAt(end - 1) === 13 ? end - 1 : end;
        if (!sink.push(event)) return false;
      }
      start = end + 1;
    }
    isFirst = false;
    if (skipped > 0) sink.skip(skipped);
    sink.progress(bytes.length);
    return true;
  };
  let rest: Buffer[] = [];
  for await (const chunk of readBlocks(file, io)) {
    const cut = chunk.lastIndexOf(10);
    if (cut < 0) {
      rest.push(Buffer.from(chunk));
      continue;
    }
    let from = 0;
    if (rest.length > 0) {
      // Only the line that two chunks share is copied.
      from = chunk.indexOf(10) + 1;
      if (!feed(Buffer.concat([...rest, chunk.subarray(0, from)]))) return;
    }
    rest = cut + 1 < chunk.length ? [Buffer.from(chunk.subarray(cut + 1))] : [];
    const lines = chunk.subarray(0, cut + 1);
    for (let end = from; from < lines.length; from = end) {
      end = endOfPiece(lines, from);
      if (!feed(lines.subarray(from, end))) return;
    }
  }
  if (rest.length > 0) feed(Buffer.concat(rest));
}

/** Finds lines that lack a needle, searching each chunk once, whatever the number of its lines. */
class NeedleFilter {
  private readonly needles: readonly Needle[];
  private chosen: Needle | undefined;
  private readonly misses: number[];
  private tried = 0;
  private text = '';
  private next = -1;
  private nextEscape = -1;

  constructor(needles: readonly Needle[]) {
    this.needles = needles;
    this.misses = needles.map(() => 0);
  }

  begin(text: string): void {
    this.text = text;
    this.next = -1;
    this.nextEscape = -1;
  }

  /** Whether the line cannot pass; a line that may be written with escapes passes. */
  lacks(start: number, end: number): boolean {
    if (this.tried < NEEDLE_TRIAL) this.trial(start, end);
    const needle = this.chosen;
    if (!needle) return false;
    if (this.next < start) this.next = this.find(needle.bytes, start);
    if (this.next < end) return false;
    if (needle.exact) return true;
    if (this.nextEscape < start) this.nextEscape = this.find('\\u00', start);
    return this.nextEscape >= end;
  }

  private trial(start: number, end: number): void {
    if (this.needles.length === 0) return;
    const line = this.text.slice(start, end);
    this.needles.forEach((needle, i) => {
      if (!line.includes(needle.bytes)) this.misses[i] = (this.misses[i] as number) + 1;
    });
    if (++this.tried < NEEDLE_TRIAL) return;
    const best = this.misses.indexOf(Math.max(...this.misses));
    // A needle that most lines hold costs more than it saves.
    if ((this.misses[best] as number) > NEEDLE_TRIAL / 4) this.chosen = this.needles[best];
  }

  private find(part: string, from: number): number {
    const at = this.text.indexOf(part, from);
    return at < 0 ? Number.MAX_SAFE_INTEGER : at;
  }
}

/** Sizes of the files together, for a progress bar; undefined when one of them is compressed or no file. */
export async function totalBytes(files: readonly string[], cwd: string): Promise<number | undefined> {
  let total = 0;
  for (const file of files) {
    if (file === '-' || file.endsWith('.gz')) return undefined;
    try {
      total += (await stat(resolve(cwd, file))).size;
    } catch {
      return undefined;
    }
  }
  return total;
}

import { type ContainerRecord, openContainerRecord } from '../parse/container-record.ts';
import { joinLine, MAX_RECORD_CHARS } from '../parse/join.ts';
import { type JoinState, newJoinState } from '../parse/join-state.ts';
import type { CompiledSource, Reader } from '../rules/compile.ts';
import { contextText } from './container-context.ts';
import type { SourceBatch, SourceEvent } from './types.ts';

/** Events of one record. */
export interface Grouped {
  /** Position of the first event. */
  event: number;
  /** The whole text, lines joined by line breaks. */
  text: string;
  joined: number;
  /** Positions of the joined events where they do not simply follow the first. */
  joinedEvents: number[] | undefined;
  isHeadless: boolean;
  reader: Reader;
  /** The collector's record of the first event. */
  record: ContainerRecord | undefined;
  /** `,"stream":…,"kubernetes":{…},"application":{…}` of the document. */
  context: string;
}

/** Takes a record when no further line can belong to it. A record is done with after the call: keeping all of a payload would only keep the collector busy. */
export type TakeRecord = (group: Grouped) => void;

/** Joins the lines of one stream, in the order in which they are added. */
export class LineGroups {
  readonly #reader: Reader;
  readonly #take: TakeRecord;
  #state = newJoinState();
  #open: Grouped | undefined;

  constructor(reader: Reader, take: TakeRecord) {
    this.#reader = reader;
    this.#take = take;
  }

  /** Whether the open record's body may hold anything, lines of other formats too. */
  get isPipe(): boolean {
    return this.#state.kind === 'pipe';
  }

  /** Adds the line of an event, without its line end. */
  add(event: number, text: string): void {
    const verdict = joinLine(this.#reader.join, this.#state, text);
    if (verdict === 'continuation' && this.#open !== undefined) join(this.#open, event, text);
    else {
      if (this.#open !== undefined) this.#take(this.#open);
      this.#open = newGroup(event, text, verdict !== 'start', this.#reader, undefined, '');
    }
  }

  /** Ends the open record, because a record of one line that nothing can follow comes next, or nothing at all. */
  end(): void {
    if (this.#open === undefined) return;
    this.#take(this.#open);
    this.#open = undefined;
    this.#state = newJoinState();
    this.#state.kind = 'single';
    this.#state.lines = 1;
  }
}

/** Joins the lines of a control-plane stream. */
export function groupLines({ events }: SourceBatch, reader: Reader, take: TakeRecord): void {
  const groups = new LineGroups(reader, take);
  for (let event = 0; event < events.length; event++) groups.add(event, withoutLineEnd((events[event] as SourceEvent).message));
  groups.end();
}

interface Stream {
  readonly state: JoinState;
  readonly reader: Reader;
  open: Grouped | undefined;
  /** Pieces of a line whose last one is still to come. */
  held: HeldLine | undefined;
}

interface HeldLine {
  readonly id: string;
  /** Of the first piece. */
  readonly record: ContainerRecord;
  /** Positions of the pieces. */
  readonly events: number[];
  text: string;
}

/**
 * Opens the records of our collector and joins the lines of each container's streams, which may be interleaved; other events are lines of the log stream
 * itself. Records of different containers come in the order in which they end.
 */
export function groupContainers(batch: SourceBatch, source: CompiledSource, take: TakeRecord): void {
  const streams = new Map<string, Stream>();
  const { events } = batch;
  let stream: Stream | undefined;
  let before: ContainerRecord | undefined;
  for (let event = 0; event < events.length; event++) {
    const { message } = events[event] as SourceEvent;
    const record = openContainerRecord(message);
    if (stream === undefined || !isSameStream(before, record)) stream = streamOf(record, streams, source);
    before = record;
    if (record !== undefined && (record.piece !== undefined || stream.held !== undefined)) addPiece(stream, event, record, take);
    else addLine(stream, event, withoutLineEnd(record === undefined ? message : record.log), record, take);
  }
  for (const unfinished of streams.values()) if (unfinished.held !== undefined) addHeld(unfinished, unfinished.held, take);
  const rest = [...streams.values()].flatMap(({ open }) => open ?? []);
  for (const group of rest.sort((a, b) => a.event - b.event)) take(group);
}

function addLine(stream: Stream, event: number, text: string, record: ContainerRecord | undefined, take: TakeRecord): void {
  const verdict = joinLine(stream.reader.join, stream.state, text);
  if (verdict === 'continuation' && stream.open !== undefined) join(stream.open, event, text);
  else {
    if (stream.open !== undefined) take(stream.open);
    stream.open = newGroup(event, text, verdict !== 'start', stream.reader, record, contextText(record, stream.reader));
  }
}

/** Puts the pieces of a line together, as the runtime cut it: without a line break. The line's time is its first piece's. */
function addPiece(stream: Stream, event: number, record: ContainerRecord, take: TakeRecord): void {
  const { piece } = record;
  const { held } = stream;
  const isHeldGoingOn = held !== undefined && held.id === (piece?.id ?? '') && held.text.length + record.log.length <= MAX_RECORD_CHARS;
  if (held !== undefined && !isHeldGoingOn) addHeld(stream, held, take);
  const isLast = piece?.isLast ?? true;
  if (isHeldGoingOn) {
    held.events.push(event);
    held.text += record.log;
    if (isLast) addHeld(stream, held, take);
  } else if (isLast) addLine(stream, event, withoutLineEnd(record.log), record, take);
  else stream.held = { id: piece?.id ?? '', record, events: [event], text: record.log };
}

/** Ends a line of pieces; what is missing of it may be in the next payload. */
function addHeld(stream: Stream, { events, text, record }: HeldLine, take: TakeRecord): void {
  stream.held = undefined;
  const [first, ...further] = events as [number, ...number[]];
  addLine(stream, first, withoutLineEnd(text), record, take);
  for (const event of further) joinEvent(stream.open as Grouped, event);
}

function streamOf(record: ContainerRecord | undefined, streams: Map<string, Stream>, source: CompiledSource): Stream {
  const key = record === undefined ? '' : `${containerKey(record)} ${record.stream}`;
  const known = streams.get(key);
  if (known !== undefined) return known;
  const reader = record === undefined ? source.reader : source.readerOf(containerKey(record), record);
  const stream: Stream = { state: newJoinState(), reader, open: undefined, held: undefined };
  streams.set(key, stream);
  return stream;
}

/** Without building a key: records of one container mostly follow each other, and then even the strings are the same ones. */
function isSameStream(a: ContainerRecord | undefined, b: ContainerRecord | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.stream === b.stream &&
    a.containerId === b.containerId &&
    a.container === b.container &&
    a.pod === b.pod &&
    a.namespace === b.namespace
  );
}

function containerKey({ containerId, namespace, pod, container }: ContainerRecord): string {
  return `${containerId} ${namespace}/${pod}/${container}`;
}

function newGroup(
  event: number,
  text: string,
  isHeadless: boolean,
  reader: Reader,
  record: ContainerRecord | undefined,
  context: string,
): Grouped {
  return { event, text, joined: 0, joinedEvents: undefined, isHeadless, reader, record, context };
}

function join(group: Grouped, event: number, text: string): void {
  group.text += `\n${text}`;
  joinEvent(group, event);
}

function joinEvent(group: Grouped, event: number): void {
  group.joined++;
  if (group.joinedEvents !== undefined) group.joinedEvents.push(event);
  // The events joined so far followed the first one directly; this one does not.
  else if (event !== group.event + group.joined) group.joinedEvents = [...following(group.event, group.joined - 1), event];
}

/** The `count` positions after `event`. */
export function following(event: number, count: number): number[] {
  return Array.from({ length: count }, (_, step) => event + 1 + step);
}

/** A text without the line break at its end. */
export function withoutLineEnd(text: string): string {
  if (text.charCodeAt(text.length - 1) !== 10) return text;
  return text.slice(0, text.charCodeAt(text.length - 2) === 13 ? -2 : -1);
}

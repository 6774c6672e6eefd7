import type { LinePiece } from '../../lambdas/core/parse/container-record.ts';
import { type JoinRule, joinLine, MAX_RECORD_CHARS } from '../../lambdas/core/parse/join.ts';
import { type JoinState, newJoinState } from '../../lambdas/core/parse/join-state.ts';
import type { InputEvent } from '../input/read-events.ts';

/** Lines that are one record. */
export interface JoinedRecord {
  readonly first: InputEvent;
  readonly text: string;
  readonly lines: number;
  readonly bytes: number;
  readonly isHeadless: boolean;
}

interface OpenRecord {
  readonly first: InputEvent;
  readonly texts: string[];
  bytes: number;
  readonly isHeadless: boolean;
  isClosed: boolean;
}

interface Stream {
  readonly state: JoinState;
  record: OpenRecord | undefined;
  /** A line whose last piece is still to come, as far as it goes. */
  held: (InputEvent & { readonly piece: LinePiece }) | undefined;
}

/** Closed records that may wait behind one that is still open; beyond, they overtake it. */
const MAX_WAITING = 1_000;

/** Joins the lines of an input to records, per stream, and gives them in the order of their first lines. */
export class RecordQueue {
  readonly #ruleOf: (event: InputEvent) => JoinRule;
  readonly #streams = new Map<string, Stream>();
  #waiting: OpenRecord[] = [];

  constructor(ruleOf: (event: InputEvent) => JoinRule) {
    this.#ruleOf = ruleOf;
  }

  /** Takes the next line. */
  push(event: InputEvent): void {
    let stream = this.#streams.get(event.streamKey);
    if (stream === undefined) {
      stream = { state: newJoinState(), record: undefined, held: undefined };
      this.#streams.set(event.streamKey, stream);
    }
    if (event.piece === undefined && stream.held === undefined) this.#addLine(stream, event);
    else this.#addPiece(stream, event);
  }

  #addPiece(stream: Stream, event: InputEvent): void {
    const { held } = stream;
    const { piece } = event;
    const isHeldGoingOn =
      held !== undefined && held.piece.id === (piece?.id ?? '') && held.text.length + event.text.length <= MAX_RECORD_CHARS;
    if (held !== undefined && !isHeldGoingOn) this.#addLine(stream, held);
    stream.held = undefined;
    const line = isHeldGoingOn ? { ...held, text: held.text + event.text, bytes: held.bytes + event.bytes } : event;
    if (piece?.isLast ?? true) this.#addLine(stream, line);
    else stream.held = { ...line, piece: piece as LinePiece };
  }

  #addLine(stream: Stream, event: InputEvent): void {
    const verdict = joinLine(this.#ruleOf(event), stream.state, event.text);
    if (verdict === 'continuation' && stream.record !== undefined) {
      stream.record.texts.push(event.text);
      stream.record.bytes += event.bytes;
      return;
    }
    if (stream.record !== undefined) stream.record.isClosed = true;
    stream.record = { first: event, texts: [event.text], bytes: event.bytes, isHeadless: verdict === 'headless', isClosed: false };
    this.#waiting.push(stream.record);
  }

  /** Records that are complete. */
  take(): JoinedRecord[] {
    const open = this.#waiting.findIndex((record) => !record.isClosed);
    const ready = open < 0 ? this.#waiting : this.#waiting.slice(0, open);
    let rest = open < 0 ? [] : this.#waiting.slice(open);
    if (rest.length > MAX_WAITING) {
      ready.push(...rest.filter((record) => record.isClosed));
      rest = rest.filter((record) => !record.isClosed);
    }
    this.#waiting = rest;
    return ready.map(toRecord);
  }

  /** The rest, at the input's end. */
  flush(): JoinedRecord[] {
    for (const stream of this.#streams.values()) if (stream.held !== undefined) this.#addLine(stream, stream.held);
    const rest = this.#waiting.map(toRecord);
    this.#waiting = [];
    this.#streams.clear();
    return rest;
  }
}

function toRecord({ first, texts, bytes, isHeadless }: OpenRecord): JoinedRecord {
  return { first, text: texts.length === 1 ? (texts[0] as string) : texts.join('\n'), lines: texts.length, bytes, isHeadless };
}

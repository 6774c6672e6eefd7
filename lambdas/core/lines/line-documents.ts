import type { BodyWriter, WriteUtf8 } from '../index/body-writer.ts';
import { type Frame, LEVEL_TEXTS } from '../index/envelope.ts';
import { loadLine } from './ascii-line.ts';
import { KLOG_LINE } from './klog-line.ts';
import { LEVELS, type LineFormat } from './line-format.ts';
import { LOGRUS_LINE } from './logrus-line.ts';
import { put, putAgain, putText } from './output.ts';
import { isAscii, OVERSHOOT, type Piece, piece } from './piece.ts';
import { putTime } from './put-time.ts';

const FORMATS: { readonly [format: string]: LineFormat } = { klog: KLOG_LINE, logrus: LOGRUS_LINE };
const LEVEL_PIECES = LEVELS.map((level) => piece(LEVEL_TEXTS[level]));
const CREATED = piece('","created":"');
const AFTER_ACTION = piece('"}}\n{"@timestamp":"');
const EVENT = piece('","event":{"id":"');
/** More than two times and all that is constant outside of the frame. */
const REST_BYTES = 1_024 + OVERSHOOT;

/** A frame as pieces; undefined where it holds more than ASCII. */
interface FramePieces {
  readonly action: Piece;
  readonly ingested: Piece;
  readonly origin: Piece;
}

/**
 * Writes the documents of lines that need no text work, straight from the line's bytes to the body's: what the parser and the envelope would write, byte
 * for byte, in half the time. It says no to all other lines, and those go the ordinary way.
 */
export class LineDocuments {
  readonly #format: LineFormat;
  readonly #write: WriteUtf8;
  #frame: Frame | undefined;
  #pieces: FramePieces | undefined;

  private constructor(format: LineFormat, write: WriteUtf8) {
    this.#format = format;
    this.#write = write;
  }

  /** For a format of one line's worth; undefined for the others. */
  static of(format: string, write: WriteUtf8): LineDocuments | undefined {
    const known = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
    return known && new LineDocuments(known, write);
  }

  /** Adds the document of a line that holds no secret. `idStart` and `eventId` make the `_id`; both are plain ASCII. Says whether it was added. */
  add(body: BodyWriter, text: string, frame: Frame, idStart: string, eventId: string, eventTimeMs: number): boolean {
    if (this.#frame !== frame) this.#take(frame, idStart);
    const pieces = this.#pieces;
    const format = this.#format;
    const size = pieces === undefined ? -1 : loadLine(text, this.#write);
    if (pieces === undefined || size < 0 || !format.scan(text, eventTimeMs)) return false;
    // Each byte of the line is written twice at most, and may be escaped once.
    const out = body.room(pieces.action.size + pieces.ingested.size + pieces.origin.size + eventId.length * 2 + REST_BYTES + size * 4);
    let at = put(out, body.length, pieces.action);
    const id = at;
    at += this.#write(eventId, body.bytes, at);
    const idEnd = at;
    at = format.putTimestamp(out, put(out, at, AFTER_ACTION));
    at = putAgain(out, put(out, at, EVENT), id, idEnd);
    at = putTime(out, put(out, at, CREATED), eventTimeMs);
    at = put(out, at, pieces.ingested);
    const eventMembers = format.eventMembers();
    if (eventMembers !== '') {
      out.setUint8(at++, 44);
      at = putText(out, at, eventMembers);
    }
    at = put(out, at, pieces.origin);
    at = format.putLogMembers(out, put(out, at, LEVEL_PIECES[format.level()] as Piece));
    out.setUint8(at++, 125);
    out.setUint8(at++, 44);
    at = format.putMembers(out, at);
    out.setUint8(at++, 10);
    body.advance(at);
    return true;
  }

  #take(frame: Frame, idStart: string): void {
    const { action, ingested, origin } = frame;
    this.#frame = frame;
    this.#pieces = isAscii(action + idStart + ingested + origin)
      ? { action: piece(action + idStart), ingested: piece(ingested), origin: piece(`${origin},"parse":{"format":"${this.#format.name}"}`) }
      : undefined;
  }
}

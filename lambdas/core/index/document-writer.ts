import { put, putLong, putText } from '../lines/output.ts';
import { OVERSHOOT, type Piece, piece } from '../lines/piece.ts';
import { putTime } from '../lines/put-time.ts';
import { FORMATS, type Format } from '../parse/types.ts';
import type { BodyWriter, WriteUtf8 } from './body-writer.ts';
import { type DocumentParts, type Frame, LEVEL_TEXTS } from './envelope.ts';

const AFTER_ACTION = piece('"}}\n{"@timestamp":"');
const EVENT = piece('","event":{"id":"');
const CREATED = piece('","created":"');
const LOG = piece(',"log":{');
const PARSE = new Map<Format, Piece>(FORMATS.map((format) => [format, piece(`,"parse":{"format":"${format}"}`)]));
const LEVELS = new Map<string, Piece>(Object.entries(LEVEL_TEXTS).map(([level, text]) => [level, piece(text)]));
/** More than two times and all that is constant outside of the frame. */
const REST_BYTES = 1_024 + OVERSHOOT;
/** A node has a few hundred containers. */
const MAX_CONTEXTS = 1_000;

interface FramePieces {
  readonly frame: Frame;
  readonly action: Piece;
  readonly ingested: Piece;
  readonly origin: Piece;
}

/**
 * Writes documents part by part: what many of them share is copied as bytes, and only what is their own is encoded. Putting a text of the whole document
 * together first, byte for byte the same, takes longer than all else that is done for a container's record (docs/performance.md).
 */
export class DocumentWriter {
  readonly #write: WriteUtf8;
  readonly #contexts = new Map<string, Piece>();
  #pieces: FramePieces | undefined;

  constructor(write: WriteUtf8) {
    this.#write = write;
  }

  /**
   * Adds a document and its action line; false, and nothing added, for the few that say more of themselves than others: those are written as texts. The
   * event's id must be plain (document-id.ts).
   */
  add(body: BodyWriter, frame: Frame, id: string, parts: DocumentParts): boolean {
    const { parsed, members, eventId, eventTimeMs } = parts;
    if (parsed.error !== undefined || parsed.truncated === true || parts.isContinuation) return false;
    const { action, ingested, origin } = this.#piecesOf(frame);
    const context = this.#contextOf(parts.context);
    const { eventMembers = '', logMembers = '', level } = parsed;
    const write = this.#write;
    const ascii = action.size + ingested.size + origin.size + context.size + id.length + eventId.length + REST_BYTES;
    const out = body.room(ascii + 3 * (members.length + eventMembers.length + logMembers.length));
    const { bytes } = body;
    let at = putText(out, putLong(bytes, body.length, action), id);
    at = put(out, at, AFTER_ACTION);
    const timestamp = parsed.timestamp ?? parts.recordTime;
    at = timestamp === undefined ? putTime(out, at, eventTimeMs) : putText(out, at, timestamp);
    at = putText(out, put(out, at, EVENT), eventId);
    at = putTime(out, put(out, at, CREATED), eventTimeMs);
    at = putLong(bytes, at, ingested);
    if (eventMembers !== '') {
      out.setUint8(at++, 44);
      at += write(eventMembers, bytes, at);
    }
    at = put(out, putLong(bytes, at, origin), PARSE.get(parsed.format) as Piece);
    if (level !== undefined || logMembers !== '') {
      at = put(out, at, level === undefined ? LOG : (LEVELS.get(level) as Piece));
      if (logMembers !== '') {
        if (level !== undefined) out.setUint8(at++, 44);
        at += write(logMembers, bytes, at);
      }
      out.setUint8(at++, 125);
    }
    at = putLong(bytes, at, context);
    if (members !== '') {
      out.setUint8(at++, 44);
      at += write(members, bytes, at);
    }
    out.setUint8(at++, 125);
    out.setUint8(at++, 10);
    body.advance(at);
    return true;
  }

  #piecesOf(frame: Frame): FramePieces {
    if (this.#pieces?.frame !== frame) {
      const { action, ingested, origin } = frame;
      this.#pieces = { frame, action: this.#pieceOf(action), ingested: this.#pieceOf(ingested), origin: this.#pieceOf(origin) };
    }
    return this.#pieces as FramePieces;
  }

  #contextOf(context: string): Piece {
    const known = this.#contexts.get(context);
    if (known !== undefined) return known;
    if (this.#contexts.size === MAX_CONTEXTS) this.#contexts.clear();
    const made = this.#pieceOf(context);
    this.#contexts.set(context, made);
    return made;
  }

  #pieceOf(text: string): Piece {
    const bytes = new Uint8Array(text.length * 3 + OVERSHOOT);
    const size = this.#write(text, bytes, 0);
    return { bytes: bytes.subarray(0, size), view: new DataView(bytes.buffer), size, tailMask: 0 };
  }
}

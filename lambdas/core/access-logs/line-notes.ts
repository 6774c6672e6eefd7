import { putFrom } from '../lines/output.ts';
import { isAscii, type Piece, piece } from '../lines/piece.ts';
import type { LineEnrichment } from '../parse/access-fields.ts';
import { isIp } from '../parse/fields.ts';
import { rfc3339At } from '../parse/time.ts';
import type { AlbChecks } from './alb-check.ts';
import type { AlbMembers } from './alb-put.ts';

/** Makes a text of bytes: one character a byte. */
export type ReadLatin1 = (bytes: Uint8Array, start: number, end: number) => string;

/** Addresses and user agents that are remembered; a busy site has some thousands within five minutes. */
const MAX_REMEMBERED = 20_000;
/** Most characters that are added about one value. */
const MAX_MEMBERS = 4_096;
/** `2026-11-21T08:23:24.456468Z` */
const TIME_SIZE = 27;

/** Answers about parts of lines that cost more than a look, remembered. */
export class LineNotes implements AlbChecks, AlbMembers {
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(this.bytes.buffer);
  readonly sourceMembers: ((start: number, end: number) => Piece | undefined) | undefined;
  readonly agentMembers: ((start: number, end: number) => Piece | undefined) | undefined;
  readonly #read: ReadLatin1;
  readonly #addresses = new Map<string, boolean>();
  /** The two minutes that were valid last: a line's own, and its request's creation. */
  readonly #minutes = new Int32Array(8);
  #slot = 0;

  constructor(read: ReadLatin1, enrichment: LineEnrichment) {
    this.#read = read;
    this.sourceMembers = enrichment.source && this.#remembering(enrichment.source);
    this.agentMembers = enrichment.userAgent && this.#remembering(enrichment.userAgent);
  }

  /** Writes the time that starts at `start`, which {@link isTime} said yes to. */
  putTime(out: DataView, at: number, start: number): number {
    return putFrom(out, at, this.view, start, start + TIME_SIZE);
  }

  /** Most bytes that enrichments can add to one document. */
  get memberBytes(): number {
    return this.sourceMembers === undefined && this.agentMembers === undefined ? 0 : MAX_MEMBERS * 2;
  }

  isIp(start: number, end: number): boolean {
    if (this.#isV4(start, end) || isV6(this.bytes, start, end)) return true;
    const text = this.#read(this.bytes, start, end);
    let answer = this.#addresses.get(text);
    if (answer === undefined) {
      if (this.#addresses.size >= MAX_REMEMBERED) this.#addresses.clear();
      answer = isIp(text);
      this.#addresses.set(text, answer);
    }
    return answer;
  }

  isTime(start: number, end: number): boolean {
    const { bytes } = this;
    if (end - start !== TIME_SIZE || bytes[start + 26] !== 90 || bytes[start + 19] !== 46 || bytes[start + 16] !== 58) return false;
    const tens = bytes[start + 17] as number;
    if (tens < 48 || tens > 53 || !isDigit(bytes[start + 18] as number)) return false;
    for (let i = start + 20; i < start + 26; i++) if (!isDigit(bytes[i] as number)) return false;
    return this.#isKnownMinute(start, 0) || this.#isKnownMinute(start, 4) || this.#isMinute(start);
  }

  #isKnownMinute(start: number, slot: number): boolean {
    const { view } = this;
    const minutes = this.#minutes;
    return (
      view.getInt32(start + 12, true) === minutes[slot + 3] &&
      view.getInt32(start + 8, true) === minutes[slot + 2] &&
      view.getInt32(start + 4, true) === minutes[slot + 1] &&
      view.getInt32(start, true) === minutes[slot]
    );
  }

  #isMinute(start: number): boolean {
    const text = `${this.#read(this.bytes, start, start + 16)}:00Z`;
    if (rfc3339At(text, 0) !== text) return false;
    for (let i = 0; i < 4; i++) this.#minutes[this.#slot + i] = this.view.getInt32(start + i * 4, true);
    this.#slot = 4 - this.#slot;
    return true;
  }

  /** Four numbers up to 255, without zeros in front. */
  #isV4(start: number, end: number): boolean {
    const { bytes } = this;
    if (end - start > 15) return false;
    let dots = 0;
    let value = -1;
    for (let i = start; i < end; i++) {
      const c = bytes[i] as number;
      if (c === 46) {
        if (value < 0 || ++dots > 3) return false;
        value = -1;
      } else if (!isDigit(c) || value === 0) return false;
      else {
        value = (value < 0 ? 0 : value * 10) + c - 48;
        if (value > 255) return false;
      }
    }
    return dots === 3 && value >= 0;
  }

  #remembering(make: (text: string) => string): (start: number, end: number) => Piece | undefined {
    const known = new Map<string, Piece | undefined>();
    return (start, end) => {
      const text = this.#read(this.bytes, start, end);
      const there = known.get(text);
      if (there !== undefined || known.has(text)) return there;
      if (known.size >= MAX_REMEMBERED) known.clear();
      const made = make(text);
      // Names of places beyond ASCII are written with escapes, so that they can be copied like everything else.
      const ascii = isAscii(made) ? made : escaped(made);
      const members = ascii === '' || ascii.length > MAX_MEMBERS ? undefined : piece(ascii);
      known.set(text, members);
      return members;
    };
  }
}

/** Eight groups of hexadecimal digits, or fewer with one `::`; false also for rarer ways to write an address. */
function isV6(bytes: Uint8Array, start: number, end: number): boolean {
  let digits = 0;
  let groups = 1;
  let gaps = 0;
  for (let i = start; i < end; i++) {
    const c = bytes[i] as number;
    if (c === 58) {
      if (digits === 0) {
        // A colon at the start belongs to a gap, and only a gap has nothing between two.
        if (i === start || ++gaps > 1) return false;
        groups--;
      }
      groups++;
      digits = 0;
    } else if (!((c >= 48 && c <= 57) || (c >= 97 && c <= 102)) || ++digits > 4) return false;
  }
  return digits > 0 && (gaps === 1 ? groups < 8 : groups === 8);
}

/** JSON text with `\u` escapes for all that is not ASCII. */
export function escaped(json: string): string {
  let text = '';
  for (let i = 0; i < json.length; i++) {
    const c = json.charCodeAt(i);
    text += c < 128 ? json.charAt(i) : `\\u${c.toString(16).padStart(4, '0')}`;
  }
  return text;
}

function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}

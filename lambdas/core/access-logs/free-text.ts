import { putFrom } from '../lines/output.ts';
import { type Piece, piece } from '../lines/piece.ts';
import { TRACE_ID, USER_AGENT } from '../parse/alb-scan.ts';
import type { Redactor } from '../redact/redactor.ts';
import { ends, starts } from './alb-bytes.ts';
import { albFound } from './alb-fields.ts';
import { NAME_BYTES, putDomain, putTarget } from './alb-put.ts';
import type { ReadLatin1 } from './line-notes.ts';

/** Lines whose free text is searched at once. */
export const MAX_LINES = 512;
/** Bytes of free text that are searched at once: they fit into a processor's cache. */
const MAX_BYTES = 96 * 1024;
/** Longest free text of one line; a longer line is read as text. */
const MAX_LINE_BYTES = 24 * 1024;
/** Parts of lines that are the same in thousands of them. */
const MAX_KNOWN = 64;

/**
 * Gathers what a client can put into ALB lines (request, user agent, and what is not as usual) and searches it for secrets, many lines at once; the rest of
 * a line are numbers, ids of a fixed shape, and names that were searched when they were first seen. That is a third of the bytes.
 */
export class FreeText {
  readonly #searches: readonly RegExp[];
  readonly #read: ReadLatin1;
  readonly #bytes = new Uint8Array(MAX_BYTES + MAX_LINE_BYTES + 64);
  readonly #view = new DataView(this.#bytes.buffer);
  readonly #lineEnds = new Int32Array(MAX_LINES);
  /** For parts that are seen for the first time, in the middle of a line. */
  readonly #part = new Uint8Array(MAX_LINE_BYTES + 64);
  readonly #partView = new DataView(this.#part.buffer);
  /** Of load balancers, of TLS and target groups, of domains and certificates. */
  readonly #parts: readonly [KnownPart[], KnownPart[], KnownPart[]] = [[], [], []];
  #size = 0;
  #lines = 0;

  constructor(redactor: Redactor, read: ReadLatin1) {
    this.#searches = redactor.block?.searches ?? [];
    this.#read = read;
  }

  /** Whether another line fits in. */
  get isFull(): boolean {
    return this.#lines === MAX_LINES || this.#size >= MAX_BYTES;
  }

  /** Adds the line that was scanned and checked last; false where it must be read as text. */
  add(bytes: Uint8Array, view: DataView, lineEnd: number): boolean {
    const agent = ends[USER_AGENT] as number;
    const from = (starts[12] as number) - 1;
    if (lineEnd - from > MAX_LINE_BYTES) return false;
    // Neighbouring quotes and blanks go along: some expressions look at them.
    if (this.#known(0, view, (starts[2] as number) - 1, (ends[2] as number) + 1) === undefined) return false;
    let at = this.#copy(view, this.#size, from, agent + 2);
    const trace = starts[TRACE_ID] as number;
    albFound.isUsualTail = isUsualTail(bytes);
    albFound.target = undefined;
    albFound.domain = undefined;
    if (!isTraceId(bytes, trace, ends[TRACE_ID] as number)) at = this.#copy(view, at, agent + 1, lineEnd);
    else {
      const target = this.#known(1, view, agent + 1, trace);
      if (target === undefined) return false;
      albFound.target = target.members;
      const domainEnd = Math.max(ends[18] as number, ends[19] as number) + 1;
      if (domainEnd > 1) {
        const domain = this.#known(2, view, (ends[TRACE_ID] as number) + 1, domainEnd);
        if (domain === undefined) return false;
        albFound.domain = domain.members;
      }
      if (!albFound.isUsualTail) at = this.#copy(view, at, (ends[TRACE_ID] as number) + 1, lineEnd);
    }
    this.#bytes[at++] = 10;
    this.#lineEnds[this.#lines++] = at;
    this.#size = at;
    return true;
  }

  /** Calls back with the number (in the order of `add`) of each line that may hold a secret, and forgets all lines. */
  search(found: (line: number) => void): void {
    if (this.#lines === 0) return;
    const text = this.#read(this.#bytes, 0, this.#size);
    const hits = new Set<number>();
    for (const expression of this.#searches) {
      let line = 0;
      expression.lastIndex = 0;
      for (let match = expression.exec(text); match !== null; match = expression.exec(text)) {
        while (match.index >= (this.#lineEnds[line] as number)) line++;
        hits.add(line);
        // Each line is searched from its first character on: a match may not hide the start of one in the next line.
        expression.lastIndex = this.#lineEnds[line] as number;
      }
      expression.lastIndex = 0;
    }
    this.#lines = 0;
    this.#size = 0;
    for (const line of [...hits].sort((a, b) => a - b)) found(line);
  }

  #copy(view: DataView, at: number, start: number, end: number): number {
    return putFrom(this.#view, at, view, start, end);
  }

  /** The part, if it holds nothing to redact; what is seen for the first time is searched. */
  #known(kind: 0 | 1 | 2, view: DataView, start: number, end: number): KnownPart | undefined {
    const known = this.#parts[kind];
    const size = end - start;
    for (let i = 0; i < known.length; i++) {
      const part = known[i] as KnownPart;
      if (part.size === size && isSame(part.view, view, start, size)) return part;
    }
    if (size < 8 || size > MAX_LINE_BYTES) return undefined;
    const text = this.#read(this.#part, 0, putFrom(this.#partView, 0, view, start, end));
    for (const expression of this.#searches) {
      expression.lastIndex = 0;
      const isFound = expression.test(text);
      expression.lastIndex = 0;
      if (isFound) return undefined;
    }
    if (known.length >= MAX_KNOWN) known.shift();
    const copy = this.#part.slice(0, size);
    const part = { view: new DataView(copy.buffer), size, members: kind === 0 ? undefined : this.#membersOf(kind, size) };
    known.push(part);
    return part;
  }

  /** What is written of a part: a function of its bytes, so it is made once. */
  #membersOf(kind: 1 | 2, size: number): Piece {
    const out = new Uint8Array(size * 2 + NAME_BYTES);
    const end = (kind === 1 ? putTarget : putDomain)(new DataView(out.buffer), 0);
    return piece(this.#read(out, 0, end));
  }
}

interface KnownPart {
  readonly view: DataView;
  readonly size: number;
  readonly members: Piece | undefined;
}

/** From the end, where names differ, eight bytes at a time: ASCII read as a floating-point number is neither NaN nor zero, so equal means the same. */
function isSame(known: DataView, view: DataView, start: number, size: number): boolean {
  let i = size - 8;
  for (; i >= 0; i -= 8) if (known.getFloat64(i, true) !== view.getFloat64(start + i, true)) return false;
  // The first bytes once more, as a whole.
  return i === -8 || known.getFloat64(0, true) === view.getFloat64(start, true);
}

/** `Root=1-67891233-abcdef012345678912345678`, which nobody but the load balancer wrote. */
function isTraceId(bytes: Uint8Array, start: number, end: number): boolean {
  return (
    end - start === 40 &&
    bytes[start] === 82 &&
    bytes[start + 1] === 111 &&
    bytes[start + 2] === 111 &&
    bytes[start + 3] === 116 &&
    bytes[start + 4] === 61 &&
    bytes[start + 5] === 49 &&
    bytes[start + 6] === 45 &&
    isHex(bytes, start + 7, start + 15) &&
    bytes[start + 15] === 45 &&
    isHex(bytes, start + 16, end)
  );
}

function isHex(bytes: Uint8Array, start: number, end: number): boolean {
  let others = 0;
  for (let i = start; i < end; i++) others |= NO_HEX[bytes[i] as number] as number;
  return others === 0;
}

/** 1 for every byte that is no hexadecimal digit. */
const NO_HEX = new Uint8Array(256).fill(1);
for (const digit of '0123456789abcdef') NO_HEX[digit.charCodeAt(0)] = 0;

/** Whether everything from the rule's priority on is numbers, small words and a connection's id: no URL of a redirect, no host or path that was rewritten. */
function isUsualTail(bytes: Uint8Array): boolean {
  return (
    isNumeric(bytes, 20) &&
    isActions(bytes) &&
    isDash(bytes, 23) &&
    isDash(bytes, 24) &&
    isNumeric(bytes, 25) &&
    isNumeric(bytes, 26) &&
    isDash(bytes, 27) &&
    isDash(bytes, 28) &&
    isConnectionId(bytes) &&
    isDash(bytes, 30) &&
    isDash(bytes, 31) &&
    isDash(bytes, 32) &&
    isDash(bytes, 33)
  );
}

/** Nothing, or `-`. */
function isDash(bytes: Uint8Array, field: number): boolean {
  const start = starts[field] as number;
  const size = (ends[field] as number) - start;
  return size === 0 || (size === 1 && bytes[start] === 45);
}

/** Digits, dots, colons, dashes and blanks: addresses of IPv4 and their ports. */
function isNumeric(bytes: Uint8Array, field: number): boolean {
  const end = ends[field] as number;
  for (let i = starts[field] as number; i < end; i++) {
    const c = bytes[i] as number;
    if ((c < 48 || c > 58) && c !== 46 && c !== 45 && c !== 32) return false;
  }
  return true;
}

/** `waf,forward`, `redirect`, `fixed-response`: small letters, commas and dashes; none of AWS's words names a secret, and other words are searched. */
function isActions(bytes: Uint8Array): boolean {
  const start = starts[22] as number;
  const size = (ends[22] as number) - start;
  for (const word of ACTIONS) if (word.length === size && isWord(word, bytes, start)) return true;
  return isDash(bytes, 22);
}

function isWord(word: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < word.length; i++) if (word[i] !== bytes[start + i]) return false;
  return true;
}

const ACTIONS = [
  'forward',
  'waf,forward',
  'redirect',
  'waf,redirect',
  'fixed-response',
  'waf,fixed-response',
  'waf',
  'authenticate,forward',
].map((word) => Uint8Array.from(word, (character) => character.charCodeAt(0)));

/** `TID_` and hexadecimal digits. */
function isConnectionId(bytes: Uint8Array): boolean {
  const start = starts[29] as number;
  const end = ends[29] as number;
  if (isDash(bytes, 29)) return true;
  return (
    bytes[start] === 84 && bytes[start + 1] === 73 && bytes[start + 2] === 68 && bytes[start + 3] === 95 && isHex(bytes, start + 4, end)
  );
}

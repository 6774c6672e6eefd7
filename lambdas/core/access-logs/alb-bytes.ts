import { HIGH_BITS, ONES, QUOTES } from '../lines/four-bytes.ts';
import { ALB_FIELDS, CONN_TRACE_ID, REQUEST, REST, TRACE_ID, USER_AGENT } from '../parse/alb-scan.ts';

/** Where the fields of the scanned line start and end in its bytes, as in alb-scan.ts. */
export const starts = new Int32Array(ALB_FIELDS.length);
export const ends = new Int32Array(ALB_FIELDS.length);

const BLANK = 32;
const QUOTE = 34;
const DASH = 45;
const SLASH = 47;
const COLON = 58;

const IS_QUOTED = new Uint8Array(ALB_FIELDS.length);
for (const field of [17, 18, 19, 22, 23, 24, 25, 26, 27, 28, 30, 31, 32]) IS_QUOTED[field] = 1;

/** Parts of the request, set by the scan. */
export const request = {
  /** Behind the method. */
  methodEnd: 0,
  urlStart: 0,
  urlEnd: 0,
  /** Behind the scheme, at `://`. */
  schemeEnd: 0,
  hostEnd: 0,
  /** First digit of the port; the same as `authorityEnd` + 1 without one. */
  portStart: 0,
  authorityEnd: 0,
  /** The question mark, or the URL's end. */
  mark: 0,
};

/**
 * Scans a plain line (ASCII, no control character, no backslash) from `start` to `end`. False where a quote stands inside of a field, or the request is
 * anything but a method, an absolute URL without a blank, and a protocol: such lines are read as text. A line break stands at `end`.
 */
export function scanAlbBytes(bytes: Uint8Array, view: DataView, start: number, lineEnd: number): boolean {
  let end = lineEnd;
  while (end > start && bytes[end - 1] === BLANK) end--;
  let at = start;
  for (let field = 0; field < REQUEST; field++) {
    starts[field] = at;
    while ((bytes[at] as number) > QUOTE) at++;
    if (bytes[at] !== BLANK) return false;
    ends[field] = at++;
  }
  if (bytes[at] !== QUOTE) return false;
  at = scanRequest(bytes, at + 1, end);
  if (at < 0 || bytes[at] !== QUOTE) return false;
  at = quoteFrom(view, at + 1, end);
  if (at < 0) return false;
  starts[USER_AGENT] = (ends[REQUEST] as number) + 3;
  ends[USER_AGENT] = at;
  return bytes[at + 1] === BLANK && scanTail(bytes, view, at + 2, end);
}

/** Cipher, protocol and target group are always there; what follows may end anywhere. */
function scanTail(bytes: Uint8Array, view: DataView, from: number, end: number): boolean {
  let at = from;
  let field = USER_AGENT + 1;
  for (; field < REST && at < end; field++) {
    const first = bytes[at] as number;
    if ((first === QUOTE) !== (IS_QUOTED[field] === 1)) {
      if (field !== CONN_TRACE_ID || field + 1 >= REST) break;
      starts[field] = 0;
      ends[field++] = 0;
    }
    if (first === QUOTE) {
      const close = bytes[at + 1] === DASH && bytes[at + 2] === QUOTE ? at + 2 : quoteFrom(view, at + 1, end);
      // A quote with anything but a blank behind it is part of the text.
      if (close < 0 || (close + 1 < end && bytes[close + 1] !== BLANK)) return false;
      starts[field] = at + 1;
      ends[field] = close;
      at = close + 2;
    } else {
      starts[field] = at;
      at = wordEnd(view, at);
      if (at < end && bytes[at] !== BLANK) return false;
      ends[field] = at++;
    }
  }
  if (field <= TRACE_ID) return false;
  for (; field < REST; field++) {
    starts[field] = 0;
    ends[field] = 0;
  }
  starts[REST] = at < end ? at : 0;
  ends[REST] = at < end ? end : 0;
  return at >= end || quoteFrom(view, at, end) < 0;
}

const ABOVE_QUOTES = 0x23232323;

/** Position of the first quote before `end`, four bytes at a time; -1 without one. */
function quoteFrom(view: DataView, from: number, end: number): number {
  for (let i = from; i < end; i += 4) {
    const x = view.getInt32(i, true) ^ QUOTES;
    const hits = (x - ONES) & ~x & HIGH_BITS;
    if (hits !== 0) {
      const at = i + ((31 - Math.clz32(hits & -hits)) >> 3);
      return at < end ? at : -1;
    }
  }
  return -1;
}

/** Position of the first byte up to a quote: a blank, a quote, or the line break at the end. */
function wordEnd(view: DataView, from: number): number {
  for (let i = from; ; i += 4) {
    const x = view.getInt32(i, true);
    const hits = (x - ABOVE_QUOTES) & ~x & HIGH_BITS;
    if (hits !== 0) return i + ((31 - Math.clz32(hits & -hits)) >> 3);
  }
}

/** `GET https://host:443/path?query HTTP/1.1` and its closing quote; gives the position of the quote that opens the user agent, or -1. */
function scanRequest(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  let c = bytes[at] as number;
  while (c >= 65 && c <= 90) c = bytes[++at] as number;
  if (c !== BLANK || at === from || at - from > 20) return -1;
  request.methodEnd = at;
  const url = at + 1;
  at = url;
  c = bytes[at] as number;
  while (c >= 97 && c <= 122) c = bytes[++at] as number;
  if (c !== COLON || bytes[at + 1] !== SLASH || bytes[at + 2] !== SLASH || at === url || at - url > 10) return -1;
  request.urlStart = url;
  request.schemeEnd = at;
  at += 3;
  const host = at;
  let colon = -1;
  for (c = bytes[at] as number; c !== SLASH && c !== 63 && c !== BLANK; c = bytes[++at] as number) {
    if (c === COLON) {
      // IPv6 hosts have more of them.
      if (colon >= 0) return -1;
      colon = at;
    } else if (c === QUOTE || c < BLANK) return -1;
  }
  if (bytes[at - 1] === DASH || at === host || colon === host || bytes[host] === 91) return -1;
  if (colon >= 0 && (!isDigits(bytes, colon + 1, at) || (bytes[colon + 1] === 48 && at > colon + 2))) return -1;
  request.hostEnd = colon < 0 ? at : colon;
  request.portStart = colon < 0 ? at + 1 : colon + 1;
  request.authorityEnd = at;
  let mark = -1;
  for (c = bytes[at] as number; c !== BLANK; c = bytes[++at] as number) {
    if (c === 63 && mark < 0) mark = at;
    else if (c === QUOTE || c < BLANK) return -1;
  }
  request.urlEnd = at;
  request.mark = mark < 0 ? at : mark;
  return protocolEnd(bytes, from, at + 1, end);
}

/** `HTTP/1.1" "` and `HTTP/2.0" "`. */
function protocolEnd(bytes: Uint8Array, from: number, at: number, end: number): number {
  const isProtocol =
    at + 10 < end &&
    bytes[at] === 72 &&
    bytes[at + 1] === 84 &&
    bytes[at + 2] === 84 &&
    bytes[at + 3] === 80 &&
    bytes[at + 4] === SLASH &&
    isDigits(bytes, at + 5, at + 6) &&
    bytes[at + 6] === 46 &&
    isDigits(bytes, at + 7, at + 8) &&
    bytes[at + 8] === QUOTE &&
    bytes[at + 9] === BLANK;
  if (!isProtocol) return -1;
  starts[REQUEST] = from;
  ends[REQUEST] = at + 8;
  return at + 10;
}

/** One digit or more, at most five: a port. */
function isDigits(bytes: Uint8Array, from: number, to: number): boolean {
  if (to <= from || to - from > 5) return false;
  for (let i = from; i < to; i++) if ((bytes[i] as number) < 48 || (bytes[i] as number) > 57) return false;
  return true;
}

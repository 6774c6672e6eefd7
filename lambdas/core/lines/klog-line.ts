import { goDurationNs } from '../parse/go-duration.ts';
import { KLOG_ROLE, KLOG_ROLES, klogOrigin } from '../parse/klog.ts';
import { klogDay } from '../parse/klog-day.ts';
import { behindString, isAt, lines, linesView, lineText } from './ascii-line.ts';
import { LEVELS, type LineFormat } from './line-format.ts';
import { type LineKey, LineKeys, linePairs, scanLinePairs } from './line-pairs.ts';
import { put, putLine, putQuoted } from './output.ts';
import { type Piece, piece } from './piece.ts';
import { putPairs, putValue } from './put-pairs.ts';

const keys = new LineKeys(KLOG_ROLES);

/** A header's level, date and time take 22 characters. */
const PID_START = 22;
const DAY_MS = 86_400_000;

// What the scan found, for the writing after it.
const found = {
  /** Month and day of the header whose day is below, and the day that its event came on. */
  monthDay: 0,
  eventDay: -1,
  day: piece(''),
  /** The day of the line that was scanned. */
  dayOf: piece(''),
  /** Where the line begins and ends. */
  first: 0,
  end: 0,
  pidStart: 0,
  pidEnd: 0,
  origin: piece(''),
  start: 0,
  /** Behind the quoted message of a structured line; 0 for a plain one. */
  messageEnd: 0,
  eventMembers: '',
  /** Position of the `logger` pair; -1 without one. */
  logger: -1,
};

interface Place {
  readonly written: Piece;
  readonly origin: Piece;
}
const SLOTS = 8_192;
const MAX_PLACES = 4_000;
const places = new Array<Place | undefined>(SLOTS).fill(undefined);
let placeCount = 0;

/** `"origin":…` of the place `file.go:64` between the positions; undefined where it is none. The same few hundred call sites write nearly all lines. */
function originAt(start: number, end: number, hash: number): Piece | undefined {
  let slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
  for (let place = places[slot]; place !== undefined; place = places[slot]) {
    if (place.written.size === end - start && isAt(linesView, place.written, start)) return place.origin;
    slot = (slot + 1) & (SLOTS - 1);
  }
  const text = lineText(start, end);
  const origin = klogOrigin(text, 0, text.length);
  if (origin === undefined || placeCount === MAX_PLACES) return undefined;
  placeCount++;
  const place = { written: piece(text), origin: piece(origin) };
  places[slot] = place;
  return place.origin;
}

/** The header's day, such as `2026-11-21T`; undefined where it is none. Headers of one batch share a day or two. */
function dayAt(start: number, eventTimeMs: number): Piece | undefined {
  const monthDay = linesView.getInt32(start + 1, true);
  const eventDay = Math.floor(eventTimeMs / DAY_MS);
  if (monthDay === found.monthDay && eventDay === found.eventDay) return found.day;
  const day = klogDay(lineText(start, start + PID_START), eventTimeMs);
  if (day === undefined) return undefined;
  const bytes = piece(day);
  // On other days than the event's own the hour decides on the year too.
  if (eventDay * DAY_MS === Date.parse(`${day}00:00:00Z`)) {
    found.monthDay = monthDay;
    found.eventDay = eventDay;
    found.day = bytes;
  }
  return bytes;
}

/** Whether a klog header starts at `at`. */
export function isKlogHead(bytes: Uint8Array, at: number): boolean {
  const c = bytes[at];
  return (
    (c === 73 || c === 87 || c === 69 || c === 70) &&
    bytes[at + 5] === 32 &&
    bytes[at + 8] === 58 &&
    bytes[at + 11] === 58 &&
    bytes[at + 14] === 46 &&
    bytes[at + 21] === 32 &&
    inRange(twoDigits(bytes, at + 1), 1, 12) &&
    inRange(twoDigits(bytes, at + 3), 1, 31) &&
    inRange(twoDigits(bytes, at + 6), 0, 23) &&
    inRange(twoDigits(bytes, at + 9), 0, 59) &&
    inRange(twoDigits(bytes, at + 12), 0, 59) &&
    twoDigits(bytes, at + 15) >= 0 &&
    twoDigits(bytes, at + 17) >= 0 &&
    twoDigits(bytes, at + 19) >= 0
  );
}

/** The number that two decimal digits make; -1 where they are none. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) - 48;
  const ones = (bytes[at + 1] as number) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

function inRange(value: number, low: number, high: number): boolean {
  return value >= low && value <= high;
}

function scan(first: number, end: number, eventTimeMs: number): boolean {
  found.first = first;
  let i = first + PID_START;
  while (lines[i] === 32) i++;
  found.pidStart = i;
  while ((lines[i] as number) >= 48 && (lines[i] as number) <= 57) i++;
  found.pidEnd = i;
  const digits = i - found.pidStart;
  // A zero in front is no JSON number.
  if (digits === 0 || digits > 15 || lines[found.pidStart] === 48 || lines[i] !== 32) return false;
  const place = ++i;
  let hash = 0;
  for (let c = lines[i] as number; c !== 93; c = lines[++i] as number) {
    if (c === 0) return false;
    hash = (Math.imul(hash, 31) + c) | 0;
  }
  if (i - first > 500) return false;
  const origin = originAt(place, i, hash);
  const day = dayAt(first, eventTimeMs);
  if (origin === undefined || day === undefined) return false;
  found.dayOf = day;
  found.origin = origin;
  const start = lines[i + 1] === 32 ? i + 2 : i + 1;
  found.start = start;
  found.end = end;
  found.messageEnd = 0;
  found.logger = -1;
  found.eventMembers = '';
  return lines[start] !== 34 || scanStructured(start, end);
}

/** `"Message" key="value" …` */
function scanStructured(start: number, end: number): boolean {
  const messageEnd = behindString(start);
  if (messageEnd < 0 || (messageEnd < end && lines[messageEnd] !== 32) || !scanLinePairs(keys, messageEnd, end, 'key')) return false;
  found.messageEnd = messageEnd;
  const { count, keys: pairKeys, starts, ends } = linePairs;
  for (let k = count - 1; k >= 0; k--) {
    const { role } = pairKeys[k] as LineKey;
    if (role === KLOG_ROLE.logger && found.logger < 0) found.logger = k;
    else if (role === KLOG_ROLE.latency && found.eventMembers === '') {
      const isQuoted = lines[starts[k] as number] === 34 ? 1 : 0;
      const duration = goDurationNs(lineText((starts[k] as number) + isQuoted, (ends[k] as number) - isQuoted));
      if (duration === undefined) return false;
      found.eventMembers = `"duration":${duration}`;
    } else if (role >= KLOG_ROLE.resp && !isPlainInteger(starts[k] as number, ends[k] as number)) return false;
  }
  return true;
}

/** Whether a value can be copied as a JSON number: at most 15 digits, none of them a zero in front. */
function isPlainInteger(start: number, end: number): boolean {
  const quoted = lines[start] === 34 ? 1 : 0;
  const first = start + quoted;
  const last = end - quoted;
  if (last <= first || last - first > 15 || (lines[first] === 48 && last - first > 1)) return false;
  for (let i = first; i < last; i++) if ((lines[i] as number) < 48 || (lines[i] as number) > 57) return false;
  return true;
}

const LETTER_LEVELS = new Int8Array(128);
for (const [letter, level] of Object.entries({ I: 'info', W: 'warning', E: 'error', F: 'fatal' } as const))
  LETTER_LEVELS[letter.charCodeAt(0)] = LEVELS.indexOf(level);

const MESSAGE = piece('"message":');
const PROCESS = piece(',"process":{"pid":');
const LOGGER_MEMBER = piece(',"logger":');
const OBJECT = piece(',"object":{');
const NAMESPACE = piece('"namespace":"');
const NAME = piece('","name":"');
const ONLY_NAME = piece('"name":');
const STATUS = piece(',"http":{"response":{"status_code":');

/** What stands before a promoted value, by role. */
const BEFORE: (Piece | undefined)[] = [undefined, ...Object.values(KLOG_ROLE).map(() => undefined)];
BEFORE[KLOG_ROLE.node] = piece(',"node":');
BEFORE[KLOG_ROLE.err] = piece(',"error":{"message":');
BEFORE[KLOG_ROLE.reason] = piece(',"reason":');
BEFORE[KLOG_ROLE.auditId] = piece(',"audit_id":');

function putMembers(out: DataView, from: number): number {
  let at = put(out, from, MESSAGE);
  if (found.messageEnd === 0) at = putQuoted(out, at, found.start, found.end);
  else {
    at = putLine(out, at, found.start, found.messageEnd);
    at = putPromoted(out, at);
    at = putPairs(out, at, 0, 0);
  }
  at = put(out, at, PROCESS);
  at = putLine(out, at, found.pidStart, found.pidEnd);
  out.setUint8(at, 125);
  out.setUint8(at + 1, 125);
  return at + 2;
}

function putPromoted(out: DataView, from: number): number {
  const { count, keys: pairKeys, starts, ends } = linePairs;
  let at = from;
  let taken = 0;
  for (let k = count - 1; k >= 0; k--) {
    const key = pairKeys[k] as LineKey;
    const { role } = key;
    // From the last pair to the first: of two that mean the same the last one counts.
    if (role === 0 || taken & (1 << role)) continue;
    taken |= 1 << role;
    const start = starts[k] as number;
    const end = ends[k] as number;
    const before = BEFORE[role];
    if (before !== undefined) {
      at = putValue(out, put(out, at, before), start, end);
      if (role === KLOG_ROLE.err) out.setUint8(at++, 125);
    } else if (role === KLOG_ROLE.pod) at = putObject(out, at, start, end);
    else if (role >= KLOG_ROLE.resp) at = putInteger(out, at, key, start, end);
  }
  return at;
}

/** `,"object":{"namespace":"…","name":"…"}` */
function putObject(out: DataView, from: number, start: number, end: number): number {
  const quoted = lines[start] === 34 ? 1 : 0;
  let slash = start;
  while (slash < end && lines[slash] !== 47) slash++;
  let at = put(out, from, OBJECT);
  if (slash === end) at = putValue(out, put(out, at, ONLY_NAME), start, end);
  else {
    at = putLine(out, put(out, at, NAMESPACE), start + quoted, slash);
    at = putLine(out, put(out, at, NAME), slash + 1, end - quoted);
    out.setUint8(at++, 34);
  }
  out.setUint8(at, 125);
  return at + 1;
}

function putInteger(out: DataView, from: number, { role, member }: LineKey, start: number, end: number): number {
  const quoted = lines[start] === 34 ? 1 : 0;
  let at = from;
  if (role === KLOG_ROLE.resp) at = put(out, at, STATUS);
  else {
    out.setUint8(at++, 44);
    at = put(out, at, member);
  }
  at = putLine(out, at, start + quoted, end - quoted);
  if (role === KLOG_ROLE.resp) {
    out.setUint8(at++, 125);
    out.setUint8(at++, 125);
  }
  return at;
}

/** Records of kube-apiserver, kube-controller-manager and kube-scheduler on one line. */
export const KLOG_LINE: LineFormat = {
  name: 'klog',
  scan,
  isHead: isKlogHead,
  level: () => LETTER_LEVELS[lines[found.first] as number] as number,
  eventMembers: () => found.eventMembers,
  putTimestamp(out, from) {
    const at = putLine(out, put(out, from, found.dayOf), found.first + 6, found.first + 21);
    out.setUint8(at, 90);
    return at + 1;
  },
  putLogMembers(out, from) {
    let at = from;
    if (found.logger >= 0) {
      const start = linePairs.starts[found.logger] as number;
      at = putValue(out, put(out, at, LOGGER_MEMBER), start, linePairs.ends[found.logger] as number);
    }
    out.setUint8(at, 44);
    return put(out, at + 1, found.origin);
  },
  putMembers,
};

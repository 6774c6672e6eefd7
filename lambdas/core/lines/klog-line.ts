import { goDurationNs } from '../parse/go-duration.ts';
import { isKlogHeader, KLOG_ROLE, KLOG_ROLES, klogOrigin } from '../parse/klog.ts';
import { klogDay } from '../parse/klog-day.ts';
import { behindString, isAt, line } from './ascii-line.ts';
import { LEVELS, type LineFormat } from './line-format.ts';
import { type LineKey, LineKeys, linePairs, scanLinePairs } from './line-pairs.ts';
import { put, putLine, putQuoted } from './output.ts';
import { type Piece, piece } from './piece.ts';
import { putPairs, putValue } from './put-pairs.ts';

const keys = new LineKeys(KLOG_ROLES);

/** A header's level, date and time take 22 characters. */
const PID_START = 22;

// What the scan found, for the writing after it.
const found = {
  day: '',
  dayBytes: piece(''),
  pidStart: 0,
  pidEnd: 0,
  origin: piece(''),
  start: 0,
  /** Behind the quoted message of a structured line; 0 for a plain one. */
  messageEnd: 0,
  size: 0,
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
function originAt(text: string, start: number, end: number, hash: number): Piece | undefined {
  let slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
  for (let place = places[slot]; place !== undefined; place = places[slot]) {
    if (place.written.size === end - start && isAt(place.written, start)) return place.origin;
    slot = (slot + 1) & (SLOTS - 1);
  }
  const origin = klogOrigin(text, start, end);
  if (origin === undefined || placeCount === MAX_PLACES) return undefined;
  placeCount++;
  const place = { written: piece(text.slice(start, end)), origin: piece(origin) };
  places[slot] = place;
  return place.origin;
}

function scan(text: string, eventTimeMs: number): boolean {
  if (!isKlogHeader(text)) return false;
  let i = PID_START;
  while (line[i] === 32) i++;
  found.pidStart = i;
  while ((line[i] as number) >= 48 && (line[i] as number) <= 57) i++;
  found.pidEnd = i;
  const digits = i - found.pidStart;
  // A zero in front is no JSON number.
  if (digits === 0 || digits > 15 || line[found.pidStart] === 48 || line[i] !== 32) return false;
  const place = ++i;
  let hash = 0;
  for (let c = line[i] as number; c !== 93; c = line[++i] as number) {
    if (c === 0) return false;
    hash = (Math.imul(hash, 31) + c) | 0;
  }
  if (i > 500) return false;
  const origin = originAt(text, place, i, hash);
  const day = klogDay(text, eventTimeMs);
  if (origin === undefined || day === undefined) return false;
  if (day !== found.day) {
    found.day = day;
    found.dayBytes = piece(day);
  }
  found.origin = origin;
  const start = line[i + 1] === 32 ? i + 2 : i + 1;
  found.start = start;
  found.size = text.length;
  found.messageEnd = 0;
  found.logger = -1;
  found.eventMembers = '';
  return line[start] !== 34 || scanStructured(text, start);
}

/** `"Message" key="value" …` */
function scanStructured(text: string, start: number): boolean {
  const end = behindString(start);
  if (end < 0 || (end < text.length && line[end] !== 32) || !scanLinePairs(keys, text, end, 'key')) return false;
  found.messageEnd = end;
  const { count, keys: pairKeys, starts, ends } = linePairs;
  for (let k = count - 1; k >= 0; k--) {
    const { role } = pairKeys[k] as LineKey;
    if (role === KLOG_ROLE.logger && found.logger < 0) found.logger = k;
    else if (role === KLOG_ROLE.latency && found.eventMembers === '') {
      const isQuoted = line[starts[k] as number] === 34 ? 1 : 0;
      const duration = goDurationNs(text.slice((starts[k] as number) + isQuoted, (ends[k] as number) - isQuoted));
      if (duration === undefined) return false;
      found.eventMembers = `"duration":${duration}`;
    } else if (role >= KLOG_ROLE.resp && !isPlainInteger(starts[k] as number, ends[k] as number)) return false;
  }
  return true;
}

/** Whether a value can be copied as a JSON number: at most 15 digits, none of them a zero in front. */
function isPlainInteger(start: number, end: number): boolean {
  const quoted = line[start] === 34 ? 1 : 0;
  const first = start + quoted;
  const last = end - quoted;
  if (last <= first || last - first > 15 || (line[first] === 48 && last - first > 1)) return false;
  for (let i = first; i < last; i++) if ((line[i] as number) < 48 || (line[i] as number) > 57) return false;
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
  if (found.messageEnd === 0) at = putQuoted(out, at, found.start, found.size);
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
  const quoted = line[start] === 34 ? 1 : 0;
  let slash = start;
  while (slash < end && line[slash] !== 47) slash++;
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
  const quoted = line[start] === 34 ? 1 : 0;
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
  level: () => LETTER_LEVELS[line[0] as number] as number,
  eventMembers: () => found.eventMembers,
  putTimestamp(out, from) {
    const at = putLine(out, put(out, from, found.dayBytes), 6, 21);
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

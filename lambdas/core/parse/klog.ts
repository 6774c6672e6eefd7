import { goDurationNs } from './go-duration.ts';
import { closingQuote, goQuotedToJson, lastQuoted } from './go-quote.ts';
import { detached, quoteJson } from './json-text.ts';
import { type Key, KeyCache, pairs, scanPairs } from './key-values.ts';
import { klogDay } from './klog-day.ts';
import { parsedLine } from './parsed-line.ts';
import { twoDigits } from './time.ts';
import type { LogLevel, ParseContext, ParsedLine } from './types.ts';

/** What a klog record's keys are to its document; what is written as a number comes last. */
export const KLOG_ROLE = {
  pod: 1,
  node: 2,
  err: 3,
  reason: 4,
  auditId: 5,
  latency: 6,
  logger: 7,
  resp: 8,
  evaluated: 9,
  feasible: 10,
} as const;

/** Roles of the keys that Kubernetes writes, by their names. */
export const KLOG_ROLES: { readonly [key: string]: number } = {
  pod: KLOG_ROLE.pod,
  node: KLOG_ROLE.node,
  nodeName: KLOG_ROLE.node,
  err: KLOG_ROLE.err,
  error: KLOG_ROLE.err,
  reason: KLOG_ROLE.reason,
  resp: KLOG_ROLE.resp,
  latency: KLOG_ROLE.latency,
  'audit-ID': KLOG_ROLE.auditId,
  auditID: KLOG_ROLE.auditId,
  evaluatedNodes: KLOG_ROLE.evaluated,
  feasibleNodes: KLOG_ROLE.feasible,
  logger: KLOG_ROLE.logger,
};

const cache = new KeyCache(KLOG_ROLES);
const OPTIONS = { cache, bareEnd: 'key', from: 0, without: 0 } as const;

const CONTROL = /[\x00-\x1f]/;
const INTEGER = /^"-?\d{1,15}"$/;

/** The text that was found to start with a header last: joining asks first, then parsing. */
let lastHeader = '';

/** Whether a klog header (`I1121 08:23:24.123456   26491 file.go:64] `) starts at the text's start. */
export function isKlogHeader(text: string): boolean {
  const c = text.charCodeAt(0);
  // I, W, E and F, and a blank after the date: two looks tell nearly all other lines.
  if ((c !== 73 && c !== 87 && c !== 69 && c !== 70) || text.charCodeAt(5) !== 32) return false;
  const isHeader =
    text.charCodeAt(8) === 58 &&
    text.charCodeAt(11) === 58 &&
    text.charCodeAt(14) === 46 &&
    inRange(twoDigits(text, 1), 1, 12) &&
    inRange(twoDigits(text, 3), 1, 31) &&
    inRange(twoDigits(text, 6), 0, 23) &&
    inRange(twoDigits(text, 9), 0, 59) &&
    inRange(twoDigits(text, 12), 0, 59) &&
    twoDigits(text, 15) >= 0 &&
    twoDigits(text, 17) >= 0 &&
    twoDigits(text, 19) >= 0 &&
    text.charCodeAt(21) === 32;
  if (isHeader) lastHeader = text;
  return isHeader;
}

function inRange(value: number, low: number, high: number): boolean {
  return value >= low && value <= high;
}

function levelOfLetter(c: number): LogLevel | undefined {
  return c === 73 ? 'info' : c === 87 ? 'warning' : c === 69 ? 'error' : c === 70 ? 'fatal' : undefined;
}

// The same few hundred call sites write nearly all lines: `file.go:64` is looked up, not read. Neighbours are often of one place, and a compare costs a
// third of a look-up.
const origins = new Map<string, string>();
const last = { place: ']', origin: '' };
const MAX_ORIGINS = 4_000;
/** Go's file names; what would need an escape or could hide one is no header. */
const PLACE = /^([^\s:"\\\]\x00-\x1f\ud800-\udfff]+):(\d{1,9})$/;
/** A header's level, date and time take 22 characters. */
const PID_START = 22;

/** `"origin":…` of the place between the positions, or undefined where it is none. */
export function klogOrigin(text: string, start: number, end: number): string | undefined {
  if (end - start === last.place.length && text.startsWith(last.place, start)) return last.origin;
  const place = text.slice(start, end);
  const known = origins.get(place);
  if (known !== undefined) {
    // A copy cut from this line would keep the line alive; short ones V8 copies itself.
    if (place.length < 13) {
      last.place = place;
      last.origin = known;
    }
    return known;
  }
  const match = PLACE.exec(place);
  if (match === null) return undefined;
  const origin = `"origin":{"file":{"name":"${match[1]}","line":${Number(match[2])}}}`;
  if (origins.size < MAX_ORIGINS) {
    last.place = detached(place);
    last.origin = origin;
    origins.set(last.place, origin);
  }
  return origin;
}

/** Position after the digits of the process id, which blanks precede; -1 where there are none. */
function pidEnd(text: string): number {
  let i = PID_START;
  while (text.charCodeAt(i) === 32) i++;
  const start = i;
  for (let c = text.charCodeAt(i); c >= 48 && c <= 57; c = text.charCodeAt(i)) i++;
  return i > start && i - start < 16 && text.charCodeAt(i) === 32 ? i : -1;
}

/** `,"process":…`; JSON numbers have no zero in front. */
function processMember(text: string, end: number): string {
  const start = text.lastIndexOf(' ', end - 1) + 1;
  const pid = text.slice(Math.max(start, PID_START), end);
  return `,"process":{"pid":${pid.charCodeAt(0) === 48 ? Number(pid) : pid}}`;
}

/** Reads a klog record of kube-apiserver, kube-controller-manager or kube-scheduler, its continuation lines included. */
export function parseKlog(input: string, context: ParseContext): ParsedLine | undefined {
  if (input !== lastHeader && !isKlogHeader(input)) return undefined;
  const placeStart = pidEnd(input) + 1;
  const bracket = placeStart === 0 ? -1 : input.indexOf(']', placeStart);
  if (bracket < 0 || bracket > 500) return undefined;
  const origin = klogOrigin(input, placeStart, bracket);
  if (origin === undefined) return undefined;
  const process = processMember(input, placeStart - 1);
  const level = levelOfLetter(input.charCodeAt(0));
  const day = klogDay(input, context.eventTimeMs);
  const timestamp = day === undefined ? undefined : `${day}${input.slice(6, 21)}Z`;
  const text = trimLineEnd(input);
  const start = text.charCodeAt(bracket + 1) === 32 ? bracket + 2 : bracket + 1;
  const parsed = parsedLine('klog', '', timestamp, level);
  parsed.logMembers = origin;
  if (text.charCodeAt(start) === 34) {
    const members = structuredMembers(text, start, parsed);
    if (members !== undefined) {
      parsed.members = members + process;
      return parsed;
    }
  }
  const message = text.slice(start);
  const isPlain = !message.includes('"') && !message.includes('\\') && !CONTROL.test(message);
  const json = isPlain ? `"${message}"` : quoteJson(message);
  parsed.members = `"message":${json}${process}`;
  return parsed;
}

/** Members of `"Message" key="value" …`; what belongs elsewhere is put into `parsed`. Undefined where it is not that. */
function structuredMembers(text: string, start: number, parsed: ReturnType<typeof parsedLine>): string | undefined {
  const close = closingQuote(text, start);
  if (close < 0) return undefined;
  const isJson = lastQuoted.isJson;
  const next = text.charCodeAt(close + 1);
  if (close + 1 < text.length && next !== 32 && next !== 10) return undefined;
  const isClean = !CONTROL.test(text);
  if (!scanPairs(text, close + 1, OPTIONS, isClean)) return undefined;
  let members = `"message":${isClean && isJson ? text.slice(start, close + 1) : goQuotedToJson(text, start, close)}`;
  let taken = 0;
  for (let k = pairs.count - 1; k >= 0; k--) {
    const { role, name } = pairs.keys[k] as Key;
    // From the last pair to the first: of two equal keys the last one counts.
    if (role === 0 || taken & (1 << role)) continue;
    const value = pairs.values[k] as string;
    taken |= 1 << role;
    if (role === KLOG_ROLE.logger) parsed.logMembers = `"logger":${value},${parsed.logMembers}`;
    else if (role === KLOG_ROLE.latency) {
      const duration = goDurationNs(value.slice(1, -1));
      if (duration !== undefined) parsed.eventMembers = `"duration":${duration}`;
    } else members += promoted(role, name, value);
  }
  if (pairs.count > 0) members += `,"kv":{${pairs.members}}`;
  if (pairs.truncated) parsed.truncated = true;
  return members;
}

function promoted(role: number, name: string, value: string): string {
  switch (role) {
    case KLOG_ROLE.pod: {
      const slash = value.indexOf('/');
      return slash < 0
        ? `,"object":{"name":${value}}`
        : `,"object":{"namespace":${value.slice(0, slash)}","name":"${value.slice(slash + 1)}}`;
    }
    case KLOG_ROLE.node:
      return `,"node":${value}`;
    case KLOG_ROLE.err:
      return `,"error":{"message":${value}}`;
    case KLOG_ROLE.reason:
      return `,"reason":${value}`;
    case KLOG_ROLE.auditId:
      return `,"audit_id":${value}`;
    case KLOG_ROLE.resp:
      return INTEGER.test(value) ? `,"http":{"response":{"status_code":${Number(value.slice(1, -1))}}}` : '';
    default:
      return INTEGER.test(value) ? `,"${name}":${Number(value.slice(1, -1))}` : '';
  }
}

/** `text` without the line breaks at its end. */
export function trimLineEnd(text: string): string {
  let end = text.length;
  for (let c = text.charCodeAt(end - 1); end > 0 && (c === 10 || c === 13); c = text.charCodeAt(end - 1)) end--;
  return end === text.length ? text : text.slice(0, end);
}

import { goDurationNs } from './go-duration.ts';
import { closingQuote, goQuotedToJson } from './go-quote.ts';
import { detached, quoteJson } from './json-text.ts';
import { type Key, KeyCache, pairs, scanPairs } from './key-values.ts';
import { klogDay } from './klog-day.ts';
import { parsedLine } from './parsed-line.ts';
import { twoDigits } from './time.ts';
import type { LogLevel, ParseContext, ParsedLine } from './types.ts';

const POD = 1;
const NODE = 2;
const ERR = 3;
const REASON = 4;
const RESP = 5;
const LATENCY = 6;
const AUDIT_ID = 7;
const EVALUATED = 8;
const FEASIBLE = 9;
const LOGGER = 10;

const cache = new KeyCache({
  pod: POD,
  node: NODE,
  nodeName: NODE,
  err: ERR,
  error: ERR,
  reason: REASON,
  resp: RESP,
  latency: LATENCY,
  'audit-ID': AUDIT_ID,
  auditID: AUDIT_ID,
  evaluatedNodes: EVALUATED,
  feasibleNodes: FEASIBLE,
  logger: LOGGER,
});
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

/** What a header holds between its time and its message, as JSON. */
interface Place {
  /** Members of `log`. */
  readonly origin: string;
  /** Begins with a comma. */
  readonly process: string;
}

// The same few call sites of one process write nearly all lines: `  26491 file.go:64` is looked up, not read.
const places = new Map<string, Place>();
const MAX_PLACES = 2_000;
const PLACE = /^ *(\d{1,15}) ([^:\s\]]+):(\d{1,9})$/;

function placeOf(header: string): Place | undefined {
  const known = places.get(header);
  if (known !== undefined) return known;
  const match = PLACE.exec(header);
  if (match === null) return undefined;
  const place: Place = {
    origin: `"origin":{"file":{"name":${quoteJson(match[2] as string)},"line":${Number(match[3])}}}`,
    process: `,"process":{"pid":${Number(match[1])}}`,
  };
  if (places.size < MAX_PLACES) places.set(detached(header), place);
  return place;
}

/** Reads a klog record of kube-apiserver, kube-controller-manager or kube-scheduler, its continuation lines included. */
export function parseKlog(input: string, context: ParseContext): ParsedLine | undefined {
  if (input !== lastHeader && !isKlogHeader(input)) return undefined;
  const bracket = input.indexOf(']', 22);
  if (bracket < 0 || bracket > 500) return undefined;
  const place = placeOf(input.slice(22, bracket));
  if (place === undefined) return undefined;
  const level = levelOfLetter(input.charCodeAt(0));
  const day = klogDay(input, context.eventTimeMs);
  const timestamp = day === undefined ? undefined : `${day}${input.slice(6, 21)}Z`;
  const text = trimLineEnd(input);
  const start = text.charCodeAt(bracket + 1) === 32 ? bracket + 2 : bracket + 1;
  const isClean = !CONTROL.test(text);
  const parsed = parsedLine('klog', '', timestamp, level);
  parsed.logMembers = place.origin;
  if (text.charCodeAt(start) === 34) {
    const members = structuredMembers(text, start, isClean, parsed);
    if (members !== undefined) {
      parsed.members = members + place.process;
      return parsed;
    }
  }
  const message = text.slice(start);
  const json = isClean && !message.includes('"') && !message.includes('\\') ? `"${message}"` : quoteJson(message);
  parsed.members = `"message":${json}${place.process}`;
  return parsed;
}

/** Members of `"Message" key="value" …`; what belongs elsewhere is put into `parsed`. Undefined where it is not that. */
function structuredMembers(text: string, start: number, isClean: boolean, parsed: ReturnType<typeof parsedLine>): string | undefined {
  const close = closingQuote(text, start);
  if (close < 0) return undefined;
  const next = text.charCodeAt(close + 1);
  if (close + 1 < text.length && next !== 32 && next !== 10) return undefined;
  if (!scanPairs(text, close + 1, OPTIONS, isClean)) return undefined;
  let members = `"message":${goQuotedToJson(text, start, close)}`;
  let taken = 0;
  for (let k = pairs.count - 1; k >= 0; k--) {
    const { role, name } = pairs.keys[k] as Key;
    // From the last pair to the first: of two equal keys the last one counts.
    if (role === 0 || taken & (1 << role)) continue;
    const value = pairs.values[k] as string;
    taken |= 1 << role;
    if (role === LOGGER) parsed.logMembers = `"logger":${value},${parsed.logMembers}`;
    else if (role === LATENCY) {
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
    case POD: {
      const slash = value.indexOf('/');
      return slash < 0
        ? `,"object":{"name":${value}}`
        : `,"object":{"namespace":${value.slice(0, slash)}","name":"${value.slice(slash + 1)}}`;
    }
    case NODE:
      return `,"node":${value}`;
    case ERR:
      return `,"error":{"message":${value}}`;
    case REASON:
      return `,"reason":${value}`;
    case AUDIT_ID:
      return `,"audit_id":${value}`;
    case RESP:
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

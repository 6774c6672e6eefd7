import { goDurationNs } from './go-duration.ts';
import { closingQuote, goQuotedToJson, unquoteGo } from './go-quote.ts';
import { quoteJson } from './json-text.ts';
import { KeyCache, pairs, pairsToMembers, scanPairs } from './key-values.ts';
import { klogDay } from './klog-day.ts';
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

const keys = new KeyCache({
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

const CONTROL = /[\x00-\x1f]/;
const INTEGER = /^"-?\d{1,15}"$/;

/** Whether a klog header (`I1121 08:23:24.123456   26491 file.go:64] `) starts at the text's start. */
export function isKlogHeader(text: string): boolean {
  return (
    levelOfLetter(text.charCodeAt(0)) !== undefined &&
    text.charCodeAt(5) === 32 &&
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
    text.charCodeAt(21) === 32
  );
}

function inRange(value: number, low: number, high: number): boolean {
  return value >= low && value <= high;
}

function levelOfLetter(c: number): LogLevel | undefined {
  return c === 73 ? 'info' : c === 87 ? 'warning' : c === 69 ? 'error' : c === 70 ? 'fatal' : undefined;
}

// The same few call sites and process ids write nearly all lines: their JSON is kept.
const origins = new Map<string, string>();
const processes = new Map<string, string>();
const MAX_CACHED = 1_000;

function originMembers(place: string): string | undefined {
  const known = origins.get(place);
  if (known !== undefined) return known;
  const match = /^([^:\s\]]+):(\d{1,9})$/.exec(place);
  if (!match) return undefined;
  const members = `"origin":{"file":{"name":${quoteJson(match[1] as string)},"line":${Number(match[2])}}}`;
  if (origins.size < MAX_CACHED) origins.set(place, members);
  return members;
}

function processMember(pid: string): string | undefined {
  const known = processes.get(pid);
  if (known !== undefined) return known;
  const match = /^ *(\d{1,15})$/.exec(pid);
  if (!match) return undefined;
  const member = `,"process":{"pid":${Number(match[1])}}`;
  if (processes.size < MAX_CACHED) processes.set(pid, member);
  return member;
}

/** Reads a klog record of kube-apiserver, kube-controller-manager or kube-scheduler, its continuation lines included. */
export function parseKlog(input: string, context: ParseContext): ParsedLine | undefined {
  const level = levelOfLetter(input.charCodeAt(0));
  if (level === undefined || !isKlogHeader(input)) return undefined;
  const bracket = input.indexOf(']', 22);
  if (bracket < 0 || bracket > 500) return undefined;
  const pidEnd = input.lastIndexOf(' ', bracket - 1);
  if (pidEnd < 22) return undefined;
  const process = processMember(input.slice(22, pidEnd));
  const origin = originMembers(input.slice(pidEnd + 1, bracket));
  const day = klogDay(input, context.eventTimeMs);
  if (process === undefined || origin === undefined) return undefined;
  const timestamp = day === undefined ? undefined : `${day}${input.slice(6, 21)}Z`;
  const text = trimLineEnd(input);
  const start = text.charCodeAt(bracket + 1) === 32 ? bracket + 2 : bracket + 1;
  const isClean = !CONTROL.test(text);
  if (text.charCodeAt(start) === 34) {
    const structured = parseStructured(text, start, isClean, { level, timestamp, process, origin });
    if (structured) return structured;
  }
  const message = text.slice(start);
  const json = isClean && !message.includes('"') && !message.includes('\\') ? `"${message}"` : quoteJson(message);
  return withTime({ format: 'klog', level, logMembers: origin, members: `"message":${json}${process}` }, timestamp);
}

function withTime(parsed: ParsedLine, timestamp: string | undefined): ParsedLine {
  return timestamp === undefined ? parsed : { ...parsed, timestamp };
}

interface Header {
  readonly level: LogLevel;
  readonly timestamp: string | undefined;
  readonly process: string;
  readonly origin: string;
}

function parseStructured(text: string, start: number, isClean: boolean, header: Header): ParsedLine | undefined {
  const close = closingQuote(text, start);
  if (close < 0) return undefined;
  const next = text.charCodeAt(close + 1);
  if (close + 1 < text.length && next !== 32 && next !== 10) return undefined;
  if (!scanPairs(text, close + 1, keys, 'key', isClean)) return undefined;
  let members = `"message":${goQuotedToJson(text, start, close)}${header.process}`;
  let logMembers = header.origin;
  let duration: number | undefined;
  let logger: string | undefined;
  let taken = 0;
  for (let k = pairs.count - 1; k >= 0; k--) {
    const role = pairs.keys[k]?.role ?? 0;
    // From the last pair to the first: of two equal keys the last one counts.
    if (role === 0 || taken & (1 << role)) continue;
    const value = pairs.values[k] as string;
    taken |= 1 << role;
    if (role === LOGGER) logger = value;
    else if (role === LATENCY) duration = goDurationNs(unquoteGo(value, 0, value.length - 1));
    else members += promoted(role, pairs.keys[k]?.name ?? '', value);
  }
  if (logger !== undefined) logMembers = `"logger":${logger},${logMembers}`;
  if (pairs.count > 0) members += `,"kv":{${pairsToMembers(0)}}`;
  const parsed = withTime({ format: 'klog', level: header.level, logMembers, members }, header.timestamp);
  if (duration === undefined && !pairs.truncated) return parsed;
  return {
    ...parsed,
    ...(duration === undefined ? {} : { eventMembers: `"duration":${duration}` }),
    ...(pairs.truncated ? { truncated: true } : {}),
  };
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

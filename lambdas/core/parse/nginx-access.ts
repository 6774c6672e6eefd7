import { isIp } from './fields.ts';
import { joinMembers, quoteJson } from './json-text.ts';
import { trimLineEnd } from './klog.ts';
import { monthNumber } from './log-head.ts';
import { requestParts } from './request-line.ts';
import { lastTime, rfc3339At } from './time.ts';
import type { ParsedLine } from './types.ts';

const NUMBERS = /^(\d{3}) (\d{1,18}|-)(?= |$)/;

/**
 * Reads nginx' combined format, and what is often put after it: `$http_x_forwarded_for`, ingress-nginx' upstream fields, or `name=value` pairs. nginx
 * writes a quote and bytes beyond ASCII as `\x22`; they stay so, because what the bytes meant is not known.
 */
export function parseNginxAccess(input: string): ParsedLine | undefined {
  const text = trimLineEnd(input);
  const bracket = text.indexOf(' [');
  if (bracket < 0 || bracket > 1_000) return undefined;
  const close = text.indexOf('] "', bracket);
  if (close < 0 || close - bracket > 40) return undefined;
  const timestamp = clfTime(text, bracket + 2, close);
  if (timestamp === undefined) return undefined;
  const requestEnd = requestClose(text, close + 3);
  if (requestEnd < 0) return undefined;
  const numbers = NUMBERS.exec(text.slice(requestEnd + 2, requestEnd + 40));
  if (numbers === null) return undefined;
  const [all, status, bytes] = numbers as unknown as [string, string, string];
  const request = requestParts(text.slice(close + 3, requestEnd), quoteJson);
  const tail = readTail(text, requestEnd + 2 + all.length);
  const head = text.slice(0, bracket);
  const blank = head.indexOf(' ');
  const address = blank < 0 ? head : head.slice(0, blank);
  // `$remote_user` may hold blanks: it is all between the second field and the bracket.
  const user = head.slice(head.indexOf(' ', blank + 1) + 1);
  const response = `"status_code":${Number(status)}${bytes === '-' ? '' : `,"body":{"bytes":${Number(bytes)}}`}`;
  const requestMembers = joinMembers(request.method, tail.referrer);
  const members = joinMembers(
    `"message":${quoteJson(text)}`,
    address === '' || address === '-' ? '' : `"source":{${isIp(address) ? '"ip"' : '"address"'}:${quoteJson(address)}}`,
    user === '' || user === '-' || blank < 0 ? '' : `"user":{"name":${quoteJson(user)}}`,
    `"http":{${joinMembers(requestMembers === '' ? '' : `"request":{${requestMembers}}`, request.version, `"response":{${response}}`)}}`,
    request.url === '' ? '' : `"url":{${request.url}}`,
    tail.userAgent,
    tail.nginx === '' ? '' : `"nginx":{${tail.nginx}}`,
  );
  return { format: 'nginx-access', timestamp, members };
}

/** `21/Nov/2026:08:26:52 +0000` between the positions. */
function clfTime(text: string, start: number, end: number): string | undefined {
  const month = monthNumber(text.slice(start + 3, start + 6));
  if (month === 0 || text.charCodeAt(start + 2) !== 47) return undefined;
  const iso = `${text.slice(start + 7, start + 11)}-${month < 10 ? '0' : ''}${month}-${text.slice(start, start + 2)}T${text.slice(start + 12, start + 20)}${text.slice(start + 21, end)}`;
  const time = rfc3339At(iso, 0);
  return time !== undefined && lastTime.end === iso.length ? time : undefined;
}

/** Position of the quote that ends the request: the first one with a status and a size after it, as `escape=none` leaves quotes in. */
function requestClose(text: string, start: number): number {
  for (let at = text.indexOf('" ', start); at >= 0; at = text.indexOf('" ', at + 1)) {
    if (NUMBERS.test(text.slice(at + 2, at + 40))) return at;
  }
  return -1;
}

interface Tail {
  readonly referrer: string;
  readonly userAgent: string;
  readonly nginx: string;
}

const INGRESS =
  /^ (\d{1,15}) ([\d.]{1,15}) \[([^\]]{0,300})\] \[([^\]]{0,300})\] ([^ ]{1,300}(?:, [^ ]{1,300}){0,20}) (\S{1,100}(?:, \S{1,100}){0,20}) (\S{1,100}(?:, \S{1,100}){0,20}) (\S{1,100}(?:, \S{1,100}){0,20}) (\S{1,100})$/;
const PAIR = / ([A-Za-z_][\w.-]{0,60})=(?:"([^"]*)"|(\S*))/y;

function readTail(text: string, start: number): Tail {
  const referrer = quoted(text, start);
  if (referrer === undefined) return { referrer: '', userAgent: '', nginx: restMember(text.slice(start)) };
  const agent = quoted(text, referrer.end);
  const end = agent?.end ?? referrer.end;
  return {
    referrer: isDash(referrer.value) ? '' : `"referrer":${quoteJson(referrer.value)}`,
    userAgent: agent === undefined || isDash(agent.value) ? '' : `"user_agent":{"original":${quoteJson(agent.value)}}`,
    nginx: extras(text, end),
  };
}

function extras(text: string, start: number): string {
  if (start >= text.length) return '';
  const rest = text.slice(start);
  const forwarded = quoted(text, start);
  if (forwarded !== undefined && forwarded.end === text.length)
    return isDash(forwarded.value) ? '' : `"x_forwarded_for":${quoteJson(forwarded.value)}`;
  const ingress = rest.length < 4_000 ? INGRESS.exec(rest) : null;
  if (ingress !== null) {
    const [, length, time, name, alternative, address, responseLength, responseTime, status, id] = ingress as unknown as string[];
    return joinMembers(
      `"request_length":${Number(length)}`,
      `"request_time":${quoteJson(time as string)}`,
      word('upstream_name', name),
      word('upstream_alternative_name', alternative),
      word('upstream_address', address),
      word('upstream_response_length', responseLength),
      word('upstream_response_time', responseTime),
      word('upstream_status', status),
      word('request_id', id),
    );
  }
  return pairsIn(rest) ?? restMember(rest);
}

function pairsIn(rest: string): string | undefined {
  const pairs = new Map<string, string>();
  PAIR.lastIndex = 0;
  let at = 0;
  for (let match = PAIR.exec(rest); match !== null; match = PAIR.exec(rest)) {
    pairs.set((match[1] as string).toLowerCase(), match[2] ?? match[3] ?? '');
    at = PAIR.lastIndex;
  }
  if (pairs.size === 0 || rest.slice(at).trim() !== '') return undefined;
  return `"fields":{${[...pairs].map(([key, value]) => `${quoteJson(key)}:${quoteJson(value.slice(0, 8_000))}`).join(',')}}`;
}

function restMember(rest: string): string {
  return rest.trim() === '' ? '' : `"rest":${quoteJson(rest.trim())}`;
}

function word(name: string, value: string | undefined): string {
  return value === undefined || value === '' || value === '-' ? '' : `"${name}":${quoteJson(value)}`;
}

/** The quoted field after the blank at `start`: up to a quote that a blank or the end follows. */
function quoted(text: string, start: number): { readonly value: string; readonly end: number } | undefined {
  if (text.charCodeAt(start) !== 32 || text.charCodeAt(start + 1) !== 34) return undefined;
  for (let at = text.indexOf('"', start + 2); at >= 0; at = text.indexOf('"', at + 1)) {
    if (at + 1 === text.length || text.charCodeAt(at + 1) === 32) return { value: text.slice(start + 2, at), end: at + 1 };
  }
  return undefined;
}

function isDash(value: string): boolean {
  return value === '' || value === '-';
}

import { isIp } from './fields.ts';
import { joinMembers, quoteJson } from './json-text.ts';
import { trimLineEnd } from './klog.ts';
import { levelOf } from './level.ts';
import { requestParts } from './request-line.ts';
import { rfc3339At } from './time.ts';
import type { ParsedLine } from './types.ts';

const HEAD = /^(\d{4})\/(\d\d)\/(\d\d) (\d\d:\d\d:\d\d) \[([a-z]{3,8})\] (\d{1,10})#(\d{1,10}): (?:\*(\d{1,18}) )?/;
const DETAIL = /, (client|server|request|subrequest|upstream|host|referrer|login): (?:"((?:[^"\\]|\\.|"(?!, [a-z]+: |$))*)"|([^,"]*))/y;
const NAMES = ['client', 'server', 'request', 'subrequest', 'upstream', 'host', 'referrer', 'login'];

/**
 * Reads nginx' error log. The message stays whole; the `client: …, server: …, request: "…"` at its end become fields. The time has no zone: UTC, as
 * containers run.
 */
export function parseNginxError(input: string): ParsedLine | undefined {
  const head = HEAD.exec(input.length > 120 ? input.slice(0, 120) : input);
  if (head === null) return undefined;
  const [all, year, month, day, clock, word, pid, thread, connection] = head as unknown as string[];
  const text = trimLineEnd(input);
  const timestamp = rfc3339At(`${year}-${month}-${day}T${clock}`, 0);
  const level = levelOf(word as string);
  const message = text.slice((all as string).length);
  const details = readDetails(message);
  const request = requestParts(details.get('request') ?? '', quoteJson);
  const client = details.get('client');
  const referrer = details.get('referrer');
  let nginx = connection === undefined ? '' : `"connection":${Number(connection)}`;
  for (const name of NAMES) {
    const value = details.get(name);
    if (value !== undefined && value !== '' && name !== 'referrer') nginx = joinMembers(nginx, `"${name}":${quoteJson(value)}`);
  }
  const requestMembers = joinMembers(request.method, referrer === undefined ? '' : `"referrer":${quoteJson(referrer)}`);
  const members = joinMembers(
    `"message":${quoteJson(message)}`,
    `"process":{"pid":${Number(pid)},"thread":{"id":${Number(thread)}}}`,
    client !== undefined && isIp(client) ? `"source":{"ip":${quoteJson(client)}}` : '',
    requestMembers === '' && request.version === ''
      ? ''
      : `"http":{${joinMembers(requestMembers === '' ? '' : `"request":{${requestMembers}}`, request.version)}}`,
    request.url === '' ? '' : `"url":{${request.url}}`,
    nginx === '' ? '' : `"nginx":{${nginx}}`,
  );
  return { format: 'nginx-error', members, ...(timestamp === undefined ? {} : { timestamp }), ...(level === undefined ? {} : { level }) };
}

/** The details start at the last `, client: ` that is followed by nothing but details: a message may quote one. */
function readDetails(message: string): Map<string, string> {
  const none = new Map<string, string>();
  let start = message.lastIndexOf(', client: ');
  for (let tries = 0; start >= 0 && tries < 3; tries++) {
    const details = new Map<string, string>();
    let at = start;
    DETAIL.lastIndex = start;
    for (let match = DETAIL.exec(message); match !== null; match = DETAIL.exec(message)) {
      if (!details.has(match[1] as string)) details.set(match[1] as string, match[2] ?? match[3] ?? '');
      at = DETAIL.lastIndex;
    }
    if (at === message.length || details.size >= 2) return details;
    start = start === 0 ? -1 : message.lastIndexOf(', client: ', start - 1);
  }
  return none;
}

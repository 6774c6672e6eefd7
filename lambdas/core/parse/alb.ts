import { isIp } from './fields.ts';
import { joinMembers, quoteJson } from './json-text.ts';
import { trimLineEnd } from './klog.ts';
import { requestParts, urlParts } from './request-line.ts';
import { rfc3339 } from './time.ts';
import type { ParsedLine } from './types.ts';

/** Names by position, as AWS documents them; older files end earlier, newer ones may go on. `#` is a number, `%` seconds. */
const FIELDS = [
  'type',
  '',
  'name',
  '',
  '',
  '%request_processing_time',
  '%target_processing_time',
  '%response_processing_time',
  '',
  '#target_status_code',
  '',
  '',
  '',
  '',
  'ssl_cipher',
  'ssl_protocol',
  'target_group_arn',
  'trace_id',
  'domain_name',
  'chosen_cert_arn',
  '#matched_rule_priority',
  'request_creation_time',
  'actions_executed',
  'redirect_url',
  'error_reason',
  'target_list',
  'target_status_code_list',
  'classification',
  'classification_reason',
  'conn_trace_id',
  'transformed_host',
  'transformed_uri',
  'request_transform_status',
];
/** Position of the request line. */
const REQUEST = 12;
const TYPES = new Set(['http', 'https', 'h2', 'grpcs', 'ws', 'wss']);

/** Reads a line of an Application Load Balancer's access log, positionally: fields that AWS adds at the end do no harm. */
export function parseAlb(input: string): ParsedLine | undefined {
  const firstBlank = input.indexOf(' ');
  if (firstBlank < 2 || firstBlank > 5 || !TYPES.has(input.slice(0, firstBlank))) return undefined;
  const text = trimLineEnd(input).trimEnd();
  const fields = splitFields(text);
  if (fields.length < 16) return undefined;
  const field = (at: number): string => fields[at] ?? '';
  const timestamp = rfc3339(field(1));
  if (timestamp === undefined) return undefined;
  const request = albRequest(field(REQUEST));
  const [client, clientPort] = hostPort(field(3));
  const [target, targetPort] = hostPort(field(4));
  const duration = seconds(field(5)) + seconds(field(6)) + seconds(field(7));
  const members = joinMembers(
    `"message":${quoteJson(text)}`,
    `"source":{${joinMembers(isIp(client) ? `"ip":${quoteJson(client)}` : `"address":${quoteJson(client)}`, clientPort === '' ? '' : `"port":${Number(clientPort)}`)}}`,
    `"http":{${joinMembers(
      `"request":{${joinMembers(request.method, integer('bytes', field(10)))}}`,
      request.version,
      `"response":{${joinMembers(integer('status_code', field(8)), integer('bytes', field(11)))}}`,
    )}}`,
    request.url === '' ? '' : `"url":{${request.url}}`,
    field(13) === '' || field(13) === '-' ? '' : `"user_agent":{"original":${quoteJson(field(13))}}`,
    `"alb":{${joinMembers(target === '' || target === '-' ? '' : `"target_ip":${quoteJson(target)}`, integer('target_port', targetPort), albMembers(fields))}}`,
  );
  const hasDuration = Number.isFinite(duration);
  return { format: 'alb', timestamp, members, ...(hasDuration ? { eventMembers: `"duration":${Math.round(duration * 1e9)}` } : {}) };
}

/** Fields are parted by blanks; a quoted one ends at a quote that a blank or the end follows and no backslash precedes. */
function splitFields(text: string): string[] {
  const fields: string[] = [];
  let i = 0;
  while (i < text.length && fields.length < 200) {
    if (text.charCodeAt(i) === 34) {
      // The request may hold bare quotes, and the user agent's opening one follows it.
      const after = fields.length === REQUEST ? ' "' : ' ';
      let end = text.indexOf('"', i + 1);
      while (end >= 0 && ((end + 1 < text.length && !text.startsWith(after, end + 1)) || isEscaped(text, end)))
        end = text.indexOf('"', end + 1);
      if (end < 0) end = text.length;
      fields.push(text.slice(i + 1, end));
      i = end + 2;
    } else {
      const blank = text.indexOf(' ', i);
      const end = blank < 0 ? text.length : blank;
      fields.push(text.slice(i, end));
      i = end + 1;
    }
  }
  return fields;
}

function isEscaped(text: string, quote: number): boolean {
  let backslashes = 0;
  for (let i = quote - 1; text.charCodeAt(i) === 92; i--) backslashes++;
  return backslashes % 2 === 1;
}

/** A malformed request reads `- http://host:80- -`; its host is worth keeping. */
function albRequest(request: string): { readonly method: string; readonly version: string; readonly url: string } {
  if (!request.startsWith('- ')) return requestParts(request, quoteJson);
  const target = request.slice(2).replace(/ ?- *$/, '');
  return { method: '', version: '', url: target === '' || target === '-' ? '' : urlParts(target, quoteJson) };
}

/** IPv6 may stand in brackets or without: the port is after the last colon. */
function hostPort(text: string): readonly [string, string] {
  const colon = text.lastIndexOf(':');
  if (colon < 0 || !/^\d{1,5}$/.test(text.slice(colon + 1))) return [text, ''];
  return [text.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), text.slice(colon + 1)];
}

/** -1 (never sent, never answered) and `-` are no time: NaN. */
function seconds(text: string): number {
  return /^\d{1,9}(?:\.\d{1,9})?$/.test(text) ? Number(text) : Number.NaN;
}

function integer(name: string, text: string): string {
  return /^\d{1,15}$/.test(text) ? `"${name}":${Number(text)}` : '';
}

function albMembers(fields: readonly string[]): string {
  let members = '';
  for (const [at, name] of FIELDS.entries()) {
    const value = fields[at];
    if (name === '' || value === undefined || value === '-' || value === '') continue;
    let member: string;
    if (name.startsWith('#')) member = integer(name.slice(1), value);
    else if (name.startsWith('%')) member = Number.isNaN(seconds(value)) ? '' : `"${name.slice(1)}":${Number(value)}`;
    else member = `"${name}":${quoteJson(value)}`;
    members = joinMembers(members, member);
  }
  return members;
}

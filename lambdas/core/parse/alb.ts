import { type AlbValues, albValues, albValuesOfJson } from './alb-values.ts';
import { isIp } from './fields.ts';
import { joinMembers, quoteJson } from './json-text.ts';
import { rfc3339 } from './time.ts';
import type { ParsedLine } from './types.ts';

/** `http`, `https`, `h2`, `grpcs`, `ws`, `wss`, and what AWS may add. */
const TYPE = /^[a-z][a-z0-9]{0,9}$/;

/**
 * Reads an access log line of an Application Load Balancer, or the JSON that CloudWatch delivers for it: the same document comes out. Positional, so
 * fields that AWS adds at the end do no harm. `message` is the request as it was logged; what else the line holds stands in fields.
 */
export function parseAlb(input: string): ParsedLine | undefined {
  const values = input.charCodeAt(0) === 123 ? jsonValues(input) : albValues(input);
  return values && albLine(values);
}

function jsonValues(text: string): AlbValues | undefined {
  try {
    return albValuesOfJson(JSON.parse(text) as { readonly [name: string]: unknown });
  } catch {
    return undefined;
  }
}

function albLine(values: AlbValues): ParsedLine | undefined {
  const value = (field: number): string => values[field] as string;
  const timestamp = rfc3339(value(1));
  if (timestamp === undefined || !(TYPE.test(value(0)) || value(0) === '')) return undefined;
  const request = albRequest(value(12));
  const [client, clientPort] = hostPort(value(3));
  const [target, targetPort] = hostPort(value(4));
  const times = [decimalNs(value(5)), decimalNs(value(6)), decimalNs(value(7))];
  const agent = value(13);
  const members = joinMembers(
    `"message":${quoteJson(value(12))}`,
    object('source', address(client), integer('port', clientPort)),
    object(
      'http',
      object('request', request.method, integer('bytes', value(10))),
      request.version,
      object('response', integer('status_code', value(8)), statusClass(value(8)), integer('bytes', value(11))),
    ),
    object('url', request.url),
    isNothing(agent) ? '' : `"user_agent":{"original":${quoteJson(agent)}}`,
    object(
      'alb',
      text('type', value(0)),
      text('name', value(2)),
      isIp(target) ? `"target_ip":${quoteJson(target)}` : text('target_address', target),
      integer('target_port', targetPort),
      seconds('request_processing_time', value(5)),
      seconds('target_processing_time', value(6)),
      seconds('response_processing_time', value(7)),
      integer('target_status_code', value(9)),
      text('ssl_cipher', value(14)),
      text('ssl_protocol', value(15)),
      text('target_group_arn', value(16)),
      targetGroup(value(16)),
      text('trace_id', value(17)),
      text('domain_name', value(18)),
      text('chosen_cert_arn', value(19)),
      integer('matched_rule_priority', value(20)),
      creationTime(value(21)),
      list('actions_executed', value(22), ','),
      text('redirect_url', value(23)),
      text('error_reason', value(24)),
      list('target_list', value(25), ' '),
      list('target_status_code_list', value(26), ' '),
      text('classification', value(27)),
      list('classification_reason', value(28), ','),
      text('conn_trace_id', value(29)),
      text('transformed_host', value(30)),
      text('transformed_uri', value(31)),
      text('request_transform_status', value(32)),
      text('rest', value(33)),
    ),
  );
  const isTimed = times.every((ns) => ns >= 0);
  const duration = times.reduce((sum, ns) => sum + ns, 0);
  return { format: 'alb', timestamp, members, ...(isTimed ? { eventMembers: `"duration":${duration}` } : {}) };
}

/** `-` and nothing are no value. */
function isNothing(value: string): boolean {
  return value === '' || value === '-';
}

function object(name: string, ...members: readonly string[]): string {
  const joined = joinMembers(...members);
  return joined === '' ? '' : `"${name}":{${joined}}`;
}

function text(name: string, value: string): string {
  return isNothing(value) ? '' : `"${name}":${quoteJson(value)}`;
}

/** A value that lists several becomes a list, so that each can be searched by itself. */
function list(name: string, value: string, separator: string): string {
  if (isNothing(value)) return '';
  if (!value.includes(separator)) return `"${name}":${quoteJson(value)}`;
  return `"${name}":[${value.split(separator).map(quoteJson).join(',')}]`;
}

/** Digits that JSON has as a number. */
function integer(name: string, value: string): string {
  return /^(?:0|[1-9]\d{0,14})$/.test(value) ? `"${name}":${value}` : '';
}

/** `-1` (never sent, never answered) is no time. */
const SECONDS = /^(?:0|[1-9]\d{0,5})(?:\.\d{1,9})?$/;

function seconds(name: string, value: string): string {
  return SECONDS.test(value) ? `"${name}":${value}` : '';
}

/** Seconds as nanoseconds, exactly; -1 where there is no time. */
export function decimalNs(value: string): number {
  if (!SECONDS.test(value)) return -1;
  const [whole, fraction = ''] = value.split('.') as [string, string?];
  return Number(whole) * 1e9 + Number(fraction.padEnd(9, '0'));
}

function statusClass(status: string): string {
  return /^[1-9]\d\d$/.test(status) ? `"status_class":"${status[0]}xx"` : '';
}

/** The group's name out of `…:targetgroup/NAME/ID`: an ARN is no word for a chart. */
function targetGroup(arn: string): string {
  const start = arn.indexOf(':targetgroup/');
  if (start < 0) return '';
  const slash = arn.indexOf('/', start + 13);
  return slash <= start + 13 ? '' : `"target_group":${quoteJson(arn.slice(start + 13, slash))}`;
}

function creationTime(value: string): string {
  const time = isNothing(value) ? undefined : rfc3339(value);
  return time === undefined ? '' : `"request_creation_time":"${time}"`;
}

function address(host: string): string {
  if (isNothing(host)) return '';
  return isIp(host) ? `"ip":${quoteJson(host)}` : `"address":${quoteJson(host)}`;
}

/** IPv6 may stand in brackets or without: the port is behind the last colon. */
export function hostPort(value: string): readonly [string, string] {
  const colon = value.lastIndexOf(':');
  if (colon < 0 || !/^\d{1,5}$/.test(value.slice(colon + 1))) return [value, ''];
  return [value.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), value.slice(colon + 1)];
}

const METHOD = /^[A-Z][A-Z_-]{0,19}$/;
const PROTOCOL = /^HTTP\/(\d(?:\.\d)?)$/;

/**
 * `GET https://host:443/path?query HTTP/1.1`, of which a malformed request keeps what there is: `- http://host:80- -`. A blank inside of the URL belongs to it.
 */
function albRequest(request: string): { readonly method: string; readonly version: string; readonly url: string } {
  const first = request.indexOf(' ');
  const last = request.lastIndexOf(' ', request.length - 2);
  if (first < 0 || last <= first) return { method: '', version: '', url: isNothing(request) ? '' : `"original":${quoteJson(request)}` };
  const method = request.slice(0, first);
  const version = PROTOCOL.exec(request.slice(last + 1))?.[1];
  return {
    method: METHOD.test(method) ? `"method":"${method}"` : '',
    version: version === undefined ? '' : `"version":"${version}"`,
    url: albUrl(request.slice(first + 1, last)),
  };
}

/** Members of `url`: an ALB always logs an absolute one, with its port. */
export function albUrl(url: string): string {
  if (isNothing(url)) return '';
  const original = `"original":${quoteJson(url)}`;
  const scheme = url.indexOf('://');
  if (scheme < 1 || scheme > 10 || !/^[a-z]+$/.test(url.slice(0, scheme))) return joinMembers(original, pathMembers(url));
  let hostEnd = url.slice(scheme + 3).search(/[/?]/);
  hostEnd = hostEnd < 0 ? url.length : hostEnd + scheme + 3;
  // An ALB ends the address of a request without a path in `-`: `http://host:80-`.
  const authority = url.slice(scheme + 3, hostEnd).replace(/-$/, '');
  const [host, port] = hostPort(authority);
  return joinMembers(
    original,
    `"scheme":"${url.slice(0, scheme)}"`,
    host === '' ? '' : `"domain":${quoteJson(host)}`,
    integer('port', port),
    pathMembers(url.slice(hostEnd)),
  );
}

function pathMembers(rest: string): string {
  const mark = rest.indexOf('?');
  const path = mark < 0 ? rest : rest.slice(0, mark);
  return joinMembers(
    path.startsWith('/') ? `"path":${quoteJson(path)}` : '',
    mark < 0 || mark + 1 === rest.length ? '' : `"query":${quoteJson(rest.slice(mark + 1))}`,
  );
}

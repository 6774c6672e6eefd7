import {
  addressMember,
  decimalMember,
  decimalNs,
  hostPort,
  integerMember,
  isNothing,
  type LineEnrichment,
  listMember,
  objectMember,
  statusClassMember,
  textMember,
} from './access-fields.ts';
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
  return readAlbLine(input, NOTHING_MORE);
}

const NOTHING_MORE: LineEnrichment = {};

/** The same, with what is known besides about the client's address and the user agent. */
export function readAlbLine(input: string, enrichment: LineEnrichment): ParsedLine | undefined {
  const values = input.charCodeAt(0) === 123 ? jsonValues(input) : albValues(input);
  return values && albLine(values, enrichment);
}

function jsonValues(text: string): AlbValues | undefined {
  try {
    return albValuesOfJson(JSON.parse(text) as { readonly [name: string]: unknown });
  } catch {
    return undefined;
  }
}

function albLine(values: AlbValues, enrichment: LineEnrichment): ParsedLine | undefined {
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
    `"source":{${joinMembers(addressMember(client), integerMember('port', clientPort))}${isIp(client) ? (enrichment.source?.(client) ?? '') : ''}}`,
    objectMember(
      'http',
      objectMember('request', request.method, integerMember('bytes', value(10))),
      request.version,
      objectMember('response', integerMember('status_code', value(8)), statusClassMember(value(8)), integerMember('bytes', value(11))),
    ),
    objectMember('url', request.url),
    isNothing(agent) ? '' : `"user_agent":{"original":${quoteJson(agent)}${enrichment.userAgent?.(agent) ?? ''}}`,
    objectMember(
      'alb',
      textMember('type', value(0)),
      textMember('name', value(2)),
      isIp(target) ? `"target_ip":${quoteJson(target)}` : textMember('target_address', target),
      integerMember('target_port', targetPort),
      decimalMember('request_processing_time', value(5)),
      decimalMember('target_processing_time', value(6)),
      decimalMember('response_processing_time', value(7)),
      integerMember('target_status_code', value(9)),
      textMember('ssl_cipher', value(14)),
      textMember('ssl_protocol', value(15)),
      textMember('target_group_arn', value(16)),
      targetGroup(value(16)),
      textMember('trace_id', value(17)),
      textMember('domain_name', value(18)),
      textMember('chosen_cert_arn', value(19)),
      integerMember('matched_rule_priority', value(20)),
      creationTime(value(21)),
      listMember('actions_executed', value(22), ','),
      textMember('redirect_url', value(23)),
      textMember('error_reason', value(24)),
      listMember('target_list', value(25), ' '),
      listMember('target_status_code_list', value(26), ' '),
      textMember('classification', value(27)),
      listMember('classification_reason', value(28), ','),
      textMember('conn_trace_id', value(29)),
      textMember('transformed_host', value(30)),
      textMember('transformed_uri', value(31)),
      textMember('request_transform_status', value(32)),
      textMember('rest', value(33)),
    ),
  );
  const isTimed = times.every((ns) => ns >= 0);
  const duration = times.reduce((sum, ns) => sum + ns, 0);
  return { format: 'alb', timestamp, members, ...(isTimed ? { eventMembers: `"duration":${duration}` } : {}) };
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
    integerMember('port', port),
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

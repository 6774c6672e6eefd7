import {
  addressMember,
  decimalMember,
  decimalNs,
  integerMember,
  isNothing,
  namedFields,
  objectMember,
  statusClassMember,
  textMember,
} from './access-fields.ts';
import { joinMembers, quoteJson } from './json-text.ts';
import { rfc3339 } from './time.ts';
import type { ParsedLine } from './types.ts';

/** Fields of a standard log where no `#Fields:` line says otherwise. https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html */
const FIELDS =
  'date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version fle-status fle-encrypted-fields c-port time-to-first-byte x-edge-detailed-result-type sc-content-type sc-content-len sc-range-start sc-range-end'.split(
    ' ',
  );
/** What has a member of its own in the document. */
const READ = new Set(
  'date time timestamp timestamp(ms) x-edge-location sc-bytes c-ip c-port cs-method cs(Host) x-host-header cs-uri-stem cs-uri-query sc-status cs(Referer) cs(User-Agent) cs(Cookie) x-edge-result-type x-edge-request-id cs-protocol cs-bytes time-taken ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version time-to-first-byte x-edge-detailed-result-type x-forwarded-for sc-content-type'.split(
    ' ',
  ),
);

/** Makes a reader of one file's lines: a `#Fields:` line says what the lines behind it hold. JSON objects with the same names are read too. */
export function createCloudFrontReader(): (text: string) => ParsedLine | 'header' | undefined {
  let names: readonly string[] = FIELDS;
  return (text) => {
    if (text.startsWith('#')) {
      if (text.startsWith('#Fields:')) names = text.slice(8).trim().split(/\s+/);
      return 'header';
    }
    return cloudFrontLine(text, names);
  };
}

/** A line by itself, with the fields of a standard log. */
export function parseCloudFront(text: string): ParsedLine | undefined {
  return text.startsWith('#') ? undefined : cloudFrontLine(text, FIELDS);
}

function cloudFrontLine(text: string, names: readonly string[]): ParsedLine | undefined {
  const fields = text.startsWith('{') ? namedFields(text, names) : tabbed(text, names);
  const field = (name: string): string => fields?.get(name) ?? '';
  const timestamp = timeOf(field);
  if (fields === undefined || timestamp === undefined || (isNothing(field('sc-status')) && isNothing(field('x-edge-request-id'))))
    return undefined;
  const agent = decoded(field('cs(User-Agent)'));
  const host = isNothing(field('x-host-header')) ? field('cs(Host)') : field('x-host-header');
  const query = field('cs-uri-query');
  const stem = field('cs-uri-stem');
  const version = /^HTTP\/(\d(?:\.\d)?)$/.exec(field('cs-protocol-version'))?.[1];
  const taken = decimalNs(field('time-taken'));
  const others = [...fields].filter(([name, value]) => !READ.has(name) && !isNothing(value));
  const members = joinMembers(
    `"message":${quoteJson(`${field('cs-method')} ${stem}${isNothing(query) ? '' : `?${query}`} ${field('cs-protocol-version')}`.trim())}`,
    objectMember('source', addressMember(field('c-ip')), integerMember('port', field('c-port'))),
    objectMember(
      'http',
      objectMember(
        'request',
        methodMember(field('cs-method')),
        integerMember('bytes', field('cs-bytes')),
        textMember('referrer', decoded(field('cs(Referer)'))),
      ),
      version === undefined ? '' : `"version":"${version}"`,
      objectMember(
        'response',
        integerMember('status_code', field('sc-status')),
        statusClassMember(field('sc-status')),
        integerMember('bytes', field('sc-bytes')),
      ),
    ),
    objectMember(
      'url',
      textMember('scheme', field('cs-protocol')),
      textMember('domain', host),
      textMember('path', stem),
      textMember('query', query),
    ),
    isNothing(agent) ? '' : `"user_agent":{"original":${quoteJson(agent)}}`,
    objectMember(
      'cloudfront',
      textMember('edge_location', field('x-edge-location')),
      textMember('distribution_host', field('cs(Host)')),
      textMember('result_type', field('x-edge-result-type')),
      textMember('response_result_type', field('x-edge-response-result-type')),
      textMember('detailed_result_type', field('x-edge-detailed-result-type')),
      textMember('request_id', field('x-edge-request-id')),
      textMember('cookie', field('cs(Cookie)')),
      textMember('forwarded_for', field('x-forwarded-for')),
      textMember('ssl_protocol', field('ssl-protocol')),
      textMember('ssl_cipher', field('ssl-cipher')),
      textMember('content_type', field('sc-content-type')),
      decimalMember('time_taken', field('time-taken')),
      decimalMember('time_to_first_byte', field('time-to-first-byte')),
    ),
    others.length === 0
      ? ''
      : `"kv":{${others.map(([name, value]) => `${quoteJson(name)}:${quoteJson(value.slice(0, 8_000))}`).join(',')}}`,
  );
  return { format: 'cloudfront', timestamp, members, ...(taken >= 0 ? { eventMembers: `"duration":${taken}` } : {}) };
}

function tabbed(text: string, names: readonly string[]): Map<string, string> | undefined {
  const values = text.split('\t');
  if (values.length < 5) return undefined;
  const fields = new Map<string, string>();
  for (const [at, value] of values.entries()) fields.set(names[at] ?? `field-${at + 1}`, value);
  return fields;
}

/** `date` and `time`, which are UTC, or a real-time log's `timestamp`. */
function timeOf(field: (name: string) => string): string | undefined {
  if (!isNothing(field('date'))) return rfc3339(`${field('date')}T${field('time')}Z`);
  const ms = isNothing(field('timestamp(ms)')) ? Number(field('timestamp')) * 1000 : Number(field('timestamp(ms)'));
  return ms > 0 && ms < 9_183_110_400_000 ? new Date(ms).toISOString() : undefined;
}

function methodMember(method: string): string {
  return /^[A-Z][A-Z_-]{0,19}$/.test(method) ? `"method":"${method}"` : '';
}

/** CloudFront writes blanks and quotes of headers as `%20` and `%22`, and a percent sign as `%25`. */
function decoded(value: string): string {
  if (!value.includes('%')) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

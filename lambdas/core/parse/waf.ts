import { addressMember, objectMember, plainText, textMember } from './access-fields.ts';
import { createJsonParser } from './json.ts';
import { joinMembers, quoteJson } from './json-text.ts';
import type { ParsedLine } from './types.ts';

const parseJson = createJsonParser();

/** Fields of a WAF log that are read here; all others are in `json`. https://docs.aws.amazon.com/waf/latest/developerguide/logging-fields.html */
interface WafRecord {
  readonly action?: unknown;
  readonly webaclId?: unknown;
  readonly terminatingRuleId?: unknown;
  readonly terminatingRuleType?: unknown;
  readonly httpSourceName?: unknown;
  readonly httpSourceId?: unknown;
  readonly responseCodeSent?: unknown;
  readonly ja3Fingerprint?: unknown;
  readonly ja4Fingerprint?: unknown;
  readonly labels?: unknown;
  readonly httpRequest?: { readonly [name: string]: unknown };
}

/** Reads a log line of AWS WAF: typed fields for what one groups by, the whole record beside them. */
export function parseWaf(text: string): ParsedLine | undefined {
  if (text.charCodeAt(0) !== 123 || !text.includes('"httpRequest"')) return undefined;
  const line = parseJson(text);
  const record = recordOf(text);
  const request = record?.httpRequest;
  if (
    line?.timestamp === undefined ||
    record === undefined ||
    typeof request !== 'object' ||
    request === null ||
    typeof record.action !== 'string'
  )
    return undefined;
  const method = plainText(request['httpMethod']);
  const version = /^HTTP\/(\d(?:\.\d)?)$/.exec(plainText(request['httpVersion']))?.[1];
  const host = plainText(request['host']) || headerOf(request, 'host');
  const agent = headerOf(request, 'user-agent');
  const labels = Array.isArray(record.labels) ? record.labels.map((label) => plainText((label as { name?: unknown } | null)?.name)) : [];
  const code = plainText(record.responseCodeSent);
  const members = joinMembers(
    `"message":${quoteJson(`${record.action} ${method} ${host}${plainText(request['uri'])}`)}`,
    objectMember('source', addressMember(plainText(request['clientIp']))),
    objectMember(
      'http',
      objectMember('request', /^[A-Z][A-Z_-]{0,19}$/.test(method) ? `"method":"${method}"` : ''),
      version === undefined ? '' : `"version":"${version}"`,
      /^[1-9]\d\d$/.test(code) ? `"response":{"status_code":${code},"status_class":"${code[0]}xx"}` : '',
    ),
    objectMember(
      'url',
      textMember('domain', host),
      textMember('path', plainText(request['uri'])),
      textMember('query', plainText(request['args'])),
    ),
    agent === '' ? '' : `"user_agent":{"original":${quoteJson(agent)}}`,
    objectMember(
      'waf',
      textMember('action', record.action),
      textMember('web_acl', webAclName(plainText(record.webaclId))),
      textMember('terminating_rule_id', plainText(record.terminatingRuleId)),
      textMember('terminating_rule_type', plainText(record.terminatingRuleType)),
      textMember('source_name', plainText(record.httpSourceName)),
      textMember('source_id', plainText(record.httpSourceId)),
      textMember('country', plainText(request['country'])),
      textMember('request_id', plainText(request['requestId'])),
      textMember('ja3', plainText(record.ja3Fingerprint)),
      textMember('ja4', plainText(record.ja4Fingerprint)),
      labels.length === 0 ? '' : `"labels":[${labels.map(quoteJson).join(',')}]`,
    ),
    jsonMember(line.members),
  );
  return { format: 'waf', timestamp: line.timestamp, members, ...(line.truncated === true ? { truncated: true } : {}) };
}

function recordOf(text: string): WafRecord | undefined {
  try {
    return JSON.parse(text) as WafRecord;
  } catch {
    return undefined;
  }
}

/** The `json` member of what the JSON parser wrote, which has cut what a flat_object cannot hold. */
function jsonMember(members: string): string {
  const at = members.indexOf('"json":{');
  return at < 0 ? '' : members.slice(at);
}

/** `…:regional/webacl/NAME/ID` */
function webAclName(arn: string): string {
  return /\/webacl\/([^/]+)\//.exec(arn)?.[1] ?? arn;
}

/** Header names come in any case. */
function headerOf(request: { readonly [name: string]: unknown }, name: string): string {
  const { headers } = request;
  if (!Array.isArray(headers)) return '';
  for (const header of headers as { readonly name?: unknown; readonly value?: unknown }[])
    if (typeof header?.name === 'string' && header.name.toLowerCase() === name) return plainText(header.value);
  return '';
}

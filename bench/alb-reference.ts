import { gunzipSync } from 'node:zlib';
import { ALB_FIELDS } from '../lambdas/core/parse/alb-scan.ts';

type Name = Exclude<(typeof ALB_FIELDS)[number], 'rest'>;
const NAMES = ALB_FIELDS.slice(0, -1) as readonly Name[];
type Fields = { [name in Name]?: string };

/**
 * The ordinary design that ALB's numbers in docs/performance.md are ratios of, written by hand for this one format: `indexOf` from field to field, an object
 * with a number where the field is one, `JSON.stringify`, UTF-8. It trusts its input: no quote inside of a field, no secret, no id but the line's number.
 */
export function albReference(gzip: Buffer): { readonly bulk: Uint8Array; readonly count: number } {
  const text = gunzipSync(gzip).toString('utf8');
  let body = '';
  let count = 0;
  for (let start = 0; start < text.length; ) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    const record = scanAlbLine(text.slice(start, end));
    if (record !== null) body += `{"create":{"_index":"alb-2026.11.21","_id":"${count++}"}}\n${JSON.stringify(record)}\n`;
    start = end + 1;
  }
  return { bulk: Buffer.from(body, 'utf8'), count };
}

/** One line as an object; null where it is too short. */
export function scanAlbLine(line: string): object | null {
  const fields: Fields = {};
  let at = 0;
  for (const name of NAMES) {
    if (at >= line.length) break;
    let end: number;
    if (line.charCodeAt(at) === 34) {
      end = line.indexOf('"', at + 1);
      if (end < 0) return null;
      fields[name] = line.slice(at + 1, end);
      at = end + 2;
    } else {
      end = line.indexOf(' ', at);
      if (end < 0) end = line.length;
      fields[name] = line.slice(at, end);
      at = end + 1;
    }
  }
  return fields.user_agent === undefined ? null : recordOf(fields);
}

function recordOf(fields: Fields): object {
  const client = fields.client ?? '';
  const clientColon = client.lastIndexOf(':');
  const target = fields.target ?? '';
  const targetColon = target.lastIndexOf(':');
  const request = fields.request ?? '';
  const first = request.indexOf(' ');
  const last = request.lastIndexOf(' ');
  return {
    '@timestamp': fields.time,
    type: fields.type,
    elb: fields.elb,
    client_ip: client.slice(0, clientColon),
    client_port: Number(client.slice(clientColon + 1)),
    target_ip: targetColon < 0 ? '-' : target.slice(0, targetColon),
    target_port: targetColon < 0 ? null : Number(target.slice(targetColon + 1)),
    request_processing_time: Number(fields.request_processing_time),
    target_processing_time: Number(fields.target_processing_time),
    response_processing_time: Number(fields.response_processing_time),
    elb_status_code: Number(fields.elb_status_code),
    target_status_code: fields.target_status_code,
    received_bytes: Number(fields.received_bytes),
    sent_bytes: Number(fields.sent_bytes),
    request_verb: request.slice(0, first),
    request_url: request.slice(first + 1, last),
    request_proto: request.slice(last + 1),
    user_agent: fields.user_agent,
    ssl_cipher: fields.ssl_cipher,
    ssl_protocol: fields.ssl_protocol,
    target_group_arn: fields.target_group_arn,
    trace_id: fields.trace_id,
    domain_name: fields.domain_name,
    chosen_cert_arn: fields.chosen_cert_arn,
    matched_rule_priority: Number(fields.matched_rule_priority),
    request_creation_time: fields.request_creation_time,
    actions_executed: fields.actions_executed,
    redirect_url: fields.redirect_url,
    error_reason: fields.error_reason,
    target_port_list: fields.target_port_list,
    target_status_code_list: fields.target_status_code_list,
    classification: fields.classification,
    classification_reason: fields.classification_reason,
    conn_trace_id: fields.conn_trace_id,
    transformed_host: fields.transformed_host,
    transformed_uri: fields.transformed_uri,
    request_transform_status: fields.request_transform_status,
  };
}

import { addressMember, decimalMember, decimalNs, integerMember, namedFields, objectMember, textMember } from './access-fields.ts';
import { joinMembers, quoteJson } from './json-text.ts';
import { rfc3339 } from './time.ts';
import type { ParsedLine } from './types.ts';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-connection-logs.html */
const FIELDS = [
  'time',
  'client_ip',
  'client_port',
  'listener_port',
  'tls_protocol',
  'tls_cipher',
  'tls_handshake_latency',
  'leaf_client_cert_subject',
  'leaf_client_cert_validity',
  'leaf_client_cert_serial_number',
  'tls_verify_status',
  'conn_trace_id',
  'tls_keyexchange',
];
const VALIDITY = /^NotBefore=([^;]+);NotAfter=(.+)$/;

/** Reads a line of an ALB's connection log, or the JSON of CloudWatch's delivery. `alb.conn_trace_id` joins it to access log lines. */
export function parseAlbConnection(text: string): ParsedLine | undefined {
  const fields = namedFields(text, FIELDS);
  const field = (name: string): string => fields?.get(name) ?? '';
  const timestamp = rfc3339(field('time'));
  const status = field('tls_verify_status');
  if (timestamp === undefined || !/^\d{1,5}$/.test(field('listener_port'))) return undefined;
  const validity = VALIDITY.exec(field('leaf_client_cert_validity'));
  const latency = decimalNs(field('tls_handshake_latency'));
  const members = joinMembers(
    `"message":${quoteJson(text.trimEnd())}`,
    objectMember('source', addressMember(field('client_ip')), integerMember('port', field('client_port'))),
    objectMember(
      'alb',
      textMember('name', field('elb')),
      integerMember('listener_port', field('listener_port')),
      textMember('ssl_cipher', field('tls_cipher')),
      textMember('ssl_protocol', field('tls_protocol')),
      textMember('ssl_key_exchange', field('tls_keyexchange')),
      decimalMember('tls_handshake_latency', field('tls_handshake_latency')),
      textMember('client_cert_subject', field('leaf_client_cert_subject')),
      textMember('client_cert_serial_number', field('leaf_client_cert_serial_number')),
      dateMember('client_cert_not_before', validity?.[1]),
      dateMember('client_cert_not_after', validity?.[2]),
      textMember('tls_verify_status', status),
      textMember('conn_trace_id', field('conn_trace_id')),
      textMember('rest', field('rest')),
    ),
  );
  const outcome = status === 'Success' ? '"outcome":"success"' : status.startsWith('Failed') ? '"outcome":"failure"' : '';
  const eventMembers = joinMembers(latency >= 0 ? `"duration":${latency}` : '', outcome);
  return { format: 'alb-connection', timestamp, members, ...(eventMembers === '' ? {} : { eventMembers }) };
}

function dateMember(name: string, text: string | undefined): string {
  const time = text === undefined ? undefined : rfc3339(text);
  return time === undefined ? '' : `"${name}":"${time}"`;
}

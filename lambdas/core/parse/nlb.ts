import { addressMember, hostPort, integerMember, isNothing, namedFields, objectMember, textMember } from './access-fields.ts';
import { isIp } from './fields.ts';
import { joinMembers, quoteJson } from './json-text.ts';
import { rfc3339 } from './time.ts';
import type { ParsedLine } from './types.ts';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html */
const FIELDS = [
  'type',
  'version',
  'time',
  'elb',
  'listener',
  'client',
  'destination',
  'connection_time',
  'tls_handshake_time',
  'received_bytes',
  'sent_bytes',
  'incoming_tls_alert',
  'chosen_cert_arn',
  'chosen_cert_serial',
  'tls_cipher',
  'tls_protocol_version',
  'tls_keyexchange',
  'domain_name',
  'alpn_fe_protocol',
  'alpn_be_protocol',
  'alpn_client_preference_list',
  'tls_connection_creation_time',
];

/** Reads a line of a Network Load Balancer's access log (its TLS listeners), or the JSON of CloudWatch's delivery. */
export function parseNlb(text: string): ParsedLine | undefined {
  const fields = namedFields(text, FIELDS);
  const field = (name: string): string => fields?.get(name) ?? '';
  const timestamp = rfc3339(field('time'));
  if (timestamp === undefined || isNothing(field('elb')) || !/^[a-z]{1,10}$/.test(field('type'))) return undefined;
  // A vended log calls them by their port.
  const [client, clientPort] = hostPort(field('client') || field('client_port'));
  const [target, targetPort] = hostPort(field('destination') || field('destination_port'));
  const duration = field('connection_time');
  const created = rfc3339(field('tls_connection_creation_time'));
  const members = joinMembers(
    `"message":${quoteJson(text.trimEnd())}`,
    objectMember('source', addressMember(client), integerMember('port', clientPort)),
    objectMember(
      'nlb',
      textMember('type', field('type')),
      textMember('version', field('version')),
      textMember('name', field('elb')),
      textMember('listener', field('listener')),
      isIp(target) ? `"target_ip":${quoteJson(target)}` : textMember('target_address', target),
      integerMember('target_port', targetPort),
      integerMember('connection_time_ms', duration),
      integerMember('tls_handshake_time_ms', field('tls_handshake_time')),
      integerMember('received_bytes', field('received_bytes')),
      integerMember('sent_bytes', field('sent_bytes')),
      textMember('incoming_tls_alert', field('incoming_tls_alert')),
      textMember('chosen_cert_arn', field('chosen_cert_arn')),
      textMember('tls_cipher', field('tls_cipher')),
      textMember('tls_protocol', field('tls_protocol_version')),
      textMember('tls_key_exchange', field('tls_keyexchange')),
      textMember('domain_name', field('domain_name')),
      textMember('alpn_protocol', field('alpn_fe_protocol')),
      textMember('alpn_target_protocol', field('alpn_be_protocol')),
      alpnMember(field('alpn_client_preference_list')),
      created === undefined ? '' : `"tls_connection_creation_time":"${created}"`,
      textMember('rest', field('rest')),
    ),
  );
  const isTimed = /^(?:0|[1-9]\d{0,8})$/.test(duration);
  return { format: 'nlb', timestamp, members, ...(isTimed ? { eventMembers: `"duration":${Number(duration) * 1e6}` } : {}) };
}

/** `"h2","http/1.1"`, of which the outer quotes are gone already. */
function alpnMember(list: string): string {
  if (isNothing(list)) return '';
  const protocols = list.split(/"?[, ]"?/).filter((protocol) => protocol !== '');
  return protocols.length === 0 ? '' : `"alpn_client_preferences":[${protocols.map(quoteJson).join(',')}]`;
}

import {
  addressMember,
  decimalMember,
  decimalNs,
  hostPort,
  integerMember,
  isNothing,
  namedFields,
  objectMember,
  textMember,
} from './access-fields.ts';
import { isIp } from './fields.ts';
import { joinMembers, quoteJson } from './json-text.ts';
import { rfc3339 } from './time.ts';
import type { ParsedLine } from './types.ts';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-health-check-logs.html */
const FIELDS = ['type', 'time', 'latency', 'target_addr', 'target_group_id', 'status', 'status_code', 'reason_code'];

/** Reads a line of an ALB's health check log, or the JSON of CloudWatch's delivery. */
export function parseAlbHealthCheck(text: string): ParsedLine | undefined {
  const fields = namedFields(text, FIELDS);
  const field = (name: string): string => fields?.get(name) ?? '';
  const timestamp = rfc3339(field('time'));
  const status = field('status');
  if (timestamp === undefined || isNothing(status) || isNothing(field('type'))) return undefined;
  const [target, port] = hostPort(field('target_addr'));
  const latency = decimalNs(field('latency'));
  const members = joinMembers(
    `"message":${quoteJson(text.trimEnd())}`,
    objectMember('http', objectMember('response', integerMember('status_code', field('status_code')))),
    objectMember(
      'alb',
      textMember('name', field('elb')),
      textMember('type', field('type').toLowerCase()),
      isIp(target) ? `"target_ip":${quoteJson(target)}` : addressMember(target).replace('"address"', '"target_address"'),
      integerMember('target_port', port),
      textMember('target_group', field('target_group_id')),
      decimalMember('health_check_latency', field('latency')),
      textMember('health_check_status', status),
      textMember('reason_code', field('reason_code')),
      textMember('rest', field('rest')),
    ),
  );
  const outcome = /^pass/i.test(status) ? '"outcome":"success"' : /^fail/i.test(status) ? '"outcome":"failure"' : '';
  const eventMembers = joinMembers(latency >= 0 ? `"duration":${latency}` : '', outcome);
  return { format: 'alb-health-check', timestamp, members, ...(eventMembers === '' ? {} : { eventMembers }) };
}

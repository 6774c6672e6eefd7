import { plainText } from './access-fields.ts';
import { ALB_FIELDS, ends, scanAlb, starts } from './alb-scan.ts';

/** Texts of an ALB line's fields in the order of `ALB_FIELDS`; empty where the line has none. */
export type AlbValues = readonly string[];

/** Fields of a line of text; undefined where it is none. */
export function albValues(text: string): AlbValues | undefined {
  if (!scanAlb(text)) return undefined;
  return ALB_FIELDS.map((_, field) => text.slice(starts[field], ends[field]));
}

/** Names of vended logs that differ from those of the documentation of the lines, or were seen to vary. */
const OTHER_NAMES: { readonly [name: string]: string } = {
  request_line: 'request',
  client_port: 'client',
  'client:port': 'client',
  target_port: 'target',
  'target:port': 'target',
  'target:port_list': 'target_port_list',
  lambda_error_reason: 'error_reason',
};

const POSITIONS = new Map<string, number>(ALB_FIELDS.map((name, field) => [name, field]));
const KNOWN_BESIDES = new Set(['client_ip', 'target_ip', 'ip_address', 'request_verb', 'request_url', 'request_proto']);

/**
 * Fields of a record that CloudWatch delivers as JSON (`ALB_ACCESS_LOGS` as a vended log): other names, the same values, so the same document. Members that
 * are none of the fields go to `rest` as `name=value`. Undefined where the object is no such record.
 */
export function albValuesOfJson(record: { readonly [name: string]: unknown }): AlbValues | undefined {
  const values = ALB_FIELDS.map(() => '');
  const rest: string[] = [];
  for (const [name, value] of Object.entries(record)) {
    const field = POSITIONS.get(OTHER_NAMES[name] ?? name);
    const text = plainText(value);
    if (field !== undefined) values[field] = text;
    else if (!KNOWN_BESIDES.has(name)) rest.push(`${name}=${text}`);
  }
  const fieldOf = (name: (typeof ALB_FIELDS)[number]): string => values[POSITIONS.get(name) as number] as string;
  if (fieldOf('time') === '' || (fieldOf('elb') === '' && fieldOf('elb_status_code') === '')) return undefined;
  // `client_port` is `ip:port`, as in the lines; the address may also have a name of its own.
  values[3] = withHost(plainText(record['client_ip']), fieldOf('client'));
  values[4] = withHost(plainText(record['target_ip']), fieldOf('target'));
  values[12] = fieldOf('request') === '' ? requestOf(record) : fieldOf('request');
  values[ALB_FIELDS.length - 1] = [fieldOf('rest'), ...rest].filter((part) => part !== '').join(' ');
  return values;
}

function requestOf(record: { readonly [name: string]: unknown }): string {
  const parts = [record['request_verb'], record['request_url'], record['request_proto']].map(plainText);
  return parts.every((part) => part === '') ? '' : parts.map((part) => (part === '' ? '-' : part)).join(' ');
}

function withHost(host: string, port: string): string {
  if (host === '' || host === '-') return port;
  return port === '' || port === '-' ? host : `${host}:${port}`;
}

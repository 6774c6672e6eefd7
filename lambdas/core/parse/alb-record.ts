import { CONN_TRACE_ID, ends, REQUEST, REST, scanAlb, starts, TRACE_ID, USER_AGENT } from './alb-scan.ts';

/**
 * An ALB access log line as an object, with the column names of AWS's Athena table. `null` stands for `-` and for what the line does not have; a time
 * of a request that was never sent or answered is -1, as it stands in the line. The request's URL is taken apart, because that is what one asks for.
 */
export interface AlbRecord {
  readonly type: string | null;
  readonly time: string;
  readonly elb: string | null;
  readonly client_ip: string | null;
  readonly client_port: number | null;
  readonly target_ip: string | null;
  readonly target_port: number | null;
  /** Seconds. */
  readonly request_processing_time: number | null;
  readonly target_processing_time: number | null;
  readonly response_processing_time: number | null;
  readonly elb_status_code: number | null;
  readonly target_status_code: number | null;
  readonly received_bytes: number | null;
  readonly sent_bytes: number | null;
  readonly request_verb: string | null;
  readonly request_url: string | null;
  readonly request_proto: string | null;
  readonly user_agent: string | null;
  readonly ssl_cipher: string | null;
  readonly ssl_protocol: string | null;
  readonly target_group_arn: string | null;
  readonly trace_id: string | null;
  readonly domain_name: string | null;
  readonly chosen_cert_arn: string | null;
  readonly matched_rule_priority: number | null;
  readonly request_creation_time: string | null;
  readonly actions_executed: string | null;
  readonly redirect_url: string | null;
  readonly lambda_error_reason: string | null;
  readonly target_port_list: string | null;
  readonly target_status_code_list: string | null;
  readonly classification: string | null;
  readonly classification_reason: string | null;
  readonly conn_trace_id: string | null;
  readonly transformed_host: string | null;
  readonly transformed_uri: string | null;
  readonly request_transform_status: string | null;
  /** What no field of this list is. */
  readonly rest: string | null;
}

const DASH = 45;
const COLON = 58;
const BLANK = 32;

/** Reads a line; undefined where it is none of an ALB. One pass over the text, no regular expression (docs/performance.md). */
export function readAlbRecord(text: string): AlbRecord | undefined {
  if (!scanAlb(text)) return undefined;
  const time = starts[1] as number;
  // A date and a clock, cheaply: the document's builder reads it in full.
  if (text.charCodeAt(time + 4) !== DASH || text.charCodeAt(time + 10) !== 84 || text.charCodeAt(time + 13) !== COLON) return undefined;
  const clientColon = portColon(text, 3);
  const targetColon = portColon(text, 4);
  const start = starts[REQUEST] as number;
  const end = ends[REQUEST] as number;
  const verbEnd = blankAfter(text, start, end);
  const urlEnd = Math.max(protocolBlank(text, start, end), verbEnd);
  return {
    type: part(text, 0, ends[0] as number),
    time: text.slice(time, ends[1]),
    elb: slice(text, 2),
    client_ip: host(text, 3, clientColon),
    client_port: port(text, 3, clientColon),
    target_ip: host(text, 4, targetColon),
    target_port: port(text, 4, targetColon),
    request_processing_time: seconds(text, 5),
    target_processing_time: seconds(text, 6),
    response_processing_time: seconds(text, 7),
    elb_status_code: integer(text, 8),
    target_status_code: integer(text, 9),
    received_bytes: integer(text, 10),
    sent_bytes: integer(text, 11),
    request_verb: part(text, start, verbEnd),
    request_url: part(text, Math.min(verbEnd + 1, end), urlEnd === verbEnd ? end : urlEnd),
    request_proto: urlEnd === verbEnd ? null : part(text, urlEnd + 1, end),
    user_agent: slice(text, USER_AGENT),
    ssl_cipher: slice(text, 14),
    ssl_protocol: part(text, starts[15] as number, ends[15] as number),
    target_group_arn: slice(text, 16),
    trace_id: slice(text, TRACE_ID),
    domain_name: slice(text, 18),
    chosen_cert_arn: slice(text, 19),
    matched_rule_priority: integer(text, 20),
    request_creation_time: slice(text, 21),
    actions_executed: slice(text, 22),
    redirect_url: slice(text, 23),
    lambda_error_reason: slice(text, 24),
    target_port_list: slice(text, 25),
    target_status_code_list: slice(text, 26),
    classification: slice(text, 27),
    classification_reason: slice(text, 28),
    conn_trace_id: slice(text, CONN_TRACE_ID),
    transformed_host: slice(text, 30),
    transformed_uri: slice(text, 31),
    request_transform_status: slice(text, 32),
    rest: slice(text, REST),
  };
}

function slice(text: string, field: number): string | null {
  return part(text, starts[field] as number, ends[field] as number);
}

/** Nothing and `-` are null. */
function part(text: string, start: number, end: number): string | null {
  if (end <= start || (end === start + 1 && text.charCodeAt(start) === DASH)) return null;
  return text.slice(start, end);
}

/** The first blank of the request, or its end. */
function blankAfter(text: string, start: number, end: number): number {
  const blank = text.indexOf(' ', start);
  return blank < 0 || blank > end ? end : blank;
}

/** The last blank of the request that a protocol follows; a blank at its very end is part of `- `. */
function protocolBlank(text: string, start: number, end: number): number {
  // `HTTP/1.1` and `HTTP/2.0` have eight characters.
  let i = text.charCodeAt(end - 9) === BLANK && text.charCodeAt(end - 4) === 47 ? end - 9 : end - 2;
  while (i > start && text.charCodeAt(i) !== BLANK) i--;
  return i;
}

/** The colon before a port: IPv6 may stand in brackets or without, so it is the last one. -1 without. */
function portColon(text: string, field: number): number {
  const start = starts[field] as number;
  let i = (ends[field] as number) - 1;
  while (i >= start && text.charCodeAt(i) !== COLON) i--;
  return i < start ? -1 : i;
}

function host(text: string, field: number, colon: number): string | null {
  let start = starts[field] as number;
  let end = colon < 0 ? (ends[field] as number) : colon;
  if (text.charCodeAt(start) === 91 && text.charCodeAt(end - 1) === 93) {
    start++;
    end--;
  }
  return part(text, start, end);
}

function port(text: string, field: number, colon: number): number | null {
  return colon < 0 ? null : whole(text, colon + 1, ends[field] as number);
}

function integer(text: string, field: number): number | null {
  return whole(text, starts[field] as number, ends[field] as number);
}

/** Digits, with or without a minus; null for anything else, and beyond 15 digits. */
function whole(text: string, start: number, end: number): number | null {
  const isNegative = text.charCodeAt(start) === DASH;
  const first = isNegative ? start + 1 : start;
  if (end <= first || end - first > 15) return null;
  let value = 0;
  for (let i = first; i < end; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return null;
    value = value * 10 + digit;
  }
  return isNegative ? -value : value;
}

const POWERS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

/** `0.086` or `-1`: whole numbers divided once are as exact as `Number` of the text. */
function seconds(text: string, field: number): number | null {
  const start = starts[field] as number;
  const end = ends[field] as number;
  if (end - start > 15) return null;
  let value = 0;
  let point = -1;
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit >= 0 && digit <= 9) value = value * 10 + digit;
    else if (digit === -2 && point < 0) point = i;
    else return whole(text, start, end);
  }
  if (end === start) return null;
  if (point < 0) return value;
  const decimals = end - point - 1;
  return decimals > 9 ? Number(text.slice(start, end)) : value / (POWERS[decimals] as number);
}

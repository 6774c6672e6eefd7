import { put, putFrom } from '../lines/output.ts';
import { type Piece, piece } from '../lines/piece.ts';
import { REQUEST, TRACE_ID } from '../parse/alb-scan.ts';
import { ends, request, starts } from './alb-bytes.ts';
import { albFound, bytes, isInteger, isNothing, view } from './alb-fields.ts';

/** What enrichments add to a line. */
export interface AlbMembers {
  /** Further members of `source`, each with a leading comma; undefined for none. */
  readonly sourceMembers: ((start: number, end: number) => Piece | undefined) | undefined;
  /** Further members of `user_agent`, each with a leading comma; undefined for none. */
  readonly agentMembers: ((start: number, end: number) => Piece | undefined) | undefined;
}

const QUOTE = 34;
const COMMA = 44;
const BLANK = 32;
const CLOSE = 125;

const MESSAGE = piece('"message":"');
const SOURCE_IP = piece('","source":{"ip":"');
const SOURCE_PORT = piece('","port":');
const HTTP = piece('},"http":{"request":{"method":"');
const BYTES = piece('","bytes":');
const VERSION = piece('},"version":"');
const RESPONSE = piece('","response":{"status_code":');
const STATUS_CLASS = piece(',"status_class":"0xx","bytes":');
const URL_START = piece('}},"url":{"original":"');
const SCHEME = piece('","scheme":"');
const DOMAIN = piece('","domain":"');
const PORT = piece('","port":');
const PATH = piece('"path":"');
const QUERY = piece('"query":"');
const AGENT = piece(',"user_agent":{"original":"');
const ALB = piece(',"alb":{"type":"');
const NAME = piece('","name":"');
const TARGET_IP = piece('","target_ip":"');
const TARGET_PORT = piece('","target_port":');
const TARGET_GROUP = piece(',"target_group":"');

/** `,"name":` for numbers and lists, `,"name":"` for texts, by field. */
const MEMBERS: (Piece | undefined)[] = [];
MEMBERS[5] = piece(',"request_processing_time":');
MEMBERS[6] = piece(',"target_processing_time":');
MEMBERS[7] = piece(',"response_processing_time":');
MEMBERS[9] = piece(',"target_status_code":');
MEMBERS[20] = piece(',"matched_rule_priority":');
const LISTS: (Piece | undefined)[] = [];
for (const [field, name] of [
  [22, 'actions_executed'],
  [25, 'target_list'],
  [26, 'target_status_code_list'],
  [28, 'classification_reason'],
] as const)
  LISTS[field] = piece(`,"${name}":`);
const TEXTS: (Piece | undefined)[] = [];
for (const [field, name] of [
  [14, 'ssl_cipher'],
  [15, 'ssl_protocol'],
  [16, 'target_group_arn'],
  [17, 'trace_id'],
  [18, 'domain_name'],
  [19, 'chosen_cert_arn'],
  [21, 'request_creation_time'],
  [23, 'redirect_url'],
  [24, 'error_reason'],
  [27, 'classification'],
  [29, 'conn_trace_id'],
  [30, 'transformed_host'],
  [31, 'transformed_uri'],
  [32, 'request_transform_status'],
  [33, 'rest'],
] as const)
  TEXTS[field] = piece(`,"${name}":"`);

/** Bytes that the names of a document's members take at most, beyond what is copied of the line. */
export const NAME_BYTES = 1_536;

/** Writes the members of the line that was scanned and checked, as `parseAlb` would. */
export function putAlb(out: DataView, from: number, notes: AlbMembers): number {
  let at = field(out, put(out, from, MESSAGE), REQUEST);
  const port = albFound.clientPort;
  at = copy(out, put(out, at, SOURCE_IP), starts[3] as number, port - 1);
  at = copy(out, put(out, at, SOURCE_PORT), port, ends[3] as number);
  if (notes.sourceMembers !== undefined) at = optional(out, at, notes.sourceMembers(starts[3] as number, port - 1));
  at = copy(out, put(out, at, HTTP), starts[REQUEST] as number, request.methodEnd);
  at = field(out, put(out, at, BYTES), 10);
  const requestEnd = ends[REQUEST] as number;
  at = copy(out, put(out, at, VERSION), requestEnd - 3, requestEnd);
  at = field(out, put(out, at, RESPONSE), 8);
  const statusClass = at + 17;
  at = put(out, at, STATUS_CLASS);
  out.setUint8(statusClass, bytes[starts[8] as number] as number);
  at = field(out, at, 11);
  at = putUrl(out, at);
  if (!isNothing(13)) {
    at = field(out, put(out, at, AGENT), 13);
    out.setUint8(at++, QUOTE);
    if (notes.agentMembers !== undefined) at = optional(out, at, notes.agentMembers(starts[13] as number, ends[13] as number));
    out.setUint8(at++, CLOSE);
  }
  return putOwn(out, at);
}

function putUrl(out: DataView, from: number): number {
  const { urlStart, urlEnd, schemeEnd, hostEnd, portStart, authorityEnd, mark } = request;
  let at = copy(out, put(out, from, URL_START), urlStart, urlEnd);
  at = copy(out, put(out, at, SCHEME), urlStart, schemeEnd);
  at = copy(out, put(out, at, DOMAIN), schemeEnd + 3, hostEnd);
  const hasPort = portStart <= authorityEnd;
  if (hasPort) at = copy(out, put(out, at, PORT), portStart, authorityEnd);
  else out.setUint8(at++, QUOTE);
  if (mark > authorityEnd) {
    out.setUint8(at++, COMMA);
    at = copy(out, put(out, at, PATH), authorityEnd, mark);
    out.setUint8(at++, QUOTE);
  }
  if (urlEnd > mark + 1) {
    out.setUint8(at++, COMMA);
    at = copy(out, put(out, at, QUERY), mark + 1, urlEnd);
    out.setUint8(at++, QUOTE);
  }
  out.setUint8(at, CLOSE);
  return at + 1;
}

/** `,"alb":{…}` */
function putOwn(out: DataView, from: number): number {
  let at = field(out, put(out, from, ALB), 0);
  at = field(out, put(out, at, NAME), 2);
  if (albFound.targetPort < 0) out.setUint8(at++, QUOTE);
  else {
    at = copy(out, put(out, at, TARGET_IP), starts[4] as number, albFound.targetPort - 1);
    at = copy(out, put(out, at, TARGET_PORT), albFound.targetPort, ends[4] as number);
  }
  for (let i = 5; i < 8; i++) if (albFound.times & (1 << i)) at = member(out, at, i);
  if (isInteger(starts[9] as number, ends[9] as number, 15)) at = member(out, at, 9);
  at = albFound.target === undefined ? putTarget(out, at) : put(out, at, albFound.target);
  at = text(out, at, TRACE_ID);
  at = albFound.domain === undefined ? putDomain(out, at) : put(out, at, albFound.domain);
  if (isInteger(starts[20] as number, ends[20] as number, 15)) at = member(out, at, 20);
  at = list(out, text(out, at, 21), 22, COMMA);
  if (albFound.isUsualTail) at = text(out, list(out, list(out, at, 25, BLANK), 26, BLANK), 29);
  else {
    at = text(out, text(out, at, 23), 24);
    at = list(out, list(out, at, 25, BLANK), 26, BLANK);
    at = list(out, text(out, at, 27), 28, COMMA);
    for (let i = 29; i < 34; i++) at = text(out, at, i);
  }
  out.setUint8(at, CLOSE);
  return at + 1;
}

/** `,"ssl_cipher":…` to `,"target_group":…` */
export function putTarget(out: DataView, from: number): number {
  const at = text(out, text(out, text(out, from, 14), 15), 16);
  if (albFound.groupEnd === albFound.groupStart) return at;
  const end = copy(out, put(out, at, TARGET_GROUP), albFound.groupStart, albFound.groupEnd);
  out.setUint8(end, QUOTE);
  return end + 1;
}

/** `,"domain_name":…,"chosen_cert_arn":…` */
export function putDomain(out: DataView, at: number): number {
  return text(out, text(out, at, 18), 19);
}

function copy(out: DataView, at: number, start: number, end: number): number {
  return putFrom(out, at, view, start, end);
}

function field(out: DataView, at: number, index: number): number {
  return putFrom(out, at, view, starts[index] as number, ends[index] as number);
}

function member(out: DataView, at: number, index: number): number {
  return field(out, put(out, at, MEMBERS[index] as Piece), index);
}

function text(out: DataView, at: number, index: number): number {
  if (isNothing(index)) return at;
  const end = field(out, put(out, at, TEXTS[index] as Piece), index);
  out.setUint8(end, QUOTE);
  return end + 1;
}

function optional(out: DataView, at: number, members: Piece | undefined): number {
  return members === undefined ? at : put(out, at, members);
}

/** A text, or a list of those that the separator parts. */
function list(out: DataView, from: number, index: number, separator: number): number {
  if (isNothing(index)) return from;
  const start = starts[index] as number;
  const end = ends[index] as number;
  let at = put(out, from, LISTS[index] as Piece);
  let i = start;
  while (i < end && bytes[i] !== separator) i++;
  if (i === end) return quoted(out, at, start, end);
  out.setUint8(at++, 91);
  at = quoted(out, at, start, i);
  while (i < end) {
    const item = ++i;
    while (i < end && bytes[i] !== separator) i++;
    out.setUint8(at, COMMA);
    at = quoted(out, at + 1, item, i);
  }
  out.setUint8(at, 93);
  return at + 1;
}

function quoted(out: DataView, from: number, start: number, end: number): number {
  out.setUint8(from, QUOTE);
  const at = copy(out, from + 1, start, end);
  out.setUint8(at, QUOTE);
  return at + 1;
}

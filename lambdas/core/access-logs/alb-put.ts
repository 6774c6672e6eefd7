import { put, putFrom } from '../lines/output.ts';
import { type Piece, piece } from '../lines/piece.ts';
import { REQUEST } from '../parse/alb-scan.ts';
import { ends, request, starts } from './alb-bytes.ts';

/** What the writer needs besides the line: answers that would cost too much to find out for each. */
export interface AlbNotes {
  /** Whether the text between the positions is an IP address; the answers are remembered. */
  isIp(start: number, end: number): boolean;
  /** Whether it is a time as an ALB writes it; neighbours share most of it. */
  isTime(start: number, end: number): boolean;
  /** Further members of `source`, each with a leading comma; undefined for none. */
  readonly sourceMembers: ((start: number, end: number) => Piece | undefined) | undefined;
  /** Further members of `user_agent`, each with a leading comma; undefined for none. */
  readonly agentMembers: ((start: number, end: number) => Piece | undefined) | undefined;
}

const QUOTE = 34;
const DASH = 45;
const COLON = 58;
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
const GROUP_MARK = piece(':targetgroup');

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

// The line that is written.
let bytes: Uint8Array = new Uint8Array(0);
let view: DataView = new DataView(bytes.buffer);

/** What was found while the numbers of a line were looked at. */
export const albFound = {
  /** Sum of the three times in nanoseconds; -1 where one is missing. */
  durationNs: -1,
  /** Behind the last colon of the client, where its port starts. */
  clientPort: 0,
  /** The same of the target; -1 without a target. */
  targetPort: -1,
  /** Bits 5 to 7: whether the time of that field is written. */
  times: 0,
  /** The target group's name; the same for none. */
  groupStart: 0,
  groupEnd: 0,
  /** Whether the fields of redirects, errors, classifications and rewritten requests are all empty: set by who searched the line. */
  isUsualTail: false,
};

/**
 * Looks at what must be valid before a byte is written. False where the document would need more than copies: an address that is none, a number with a zero
 * in front, a time of another shape. Everything that holds is copied by {@link putAlb}.
 */
export function checkAlb(of: Uint8Array, ofView: DataView, notes: AlbNotes): boolean {
  bytes = of;
  view = ofView;
  if (isNothing(2)) return false;
  const clientColon = lastColon(3);
  if (clientColon < 0 || !isInteger(clientColon + 1, ends[3] as number, 5) || !notes.isIp(starts[3] as number, clientColon)) return false;
  albFound.clientPort = clientColon + 1;
  albFound.targetPort = -1;
  if (!isNothing(4)) {
    const colon = lastColon(4);
    if (colon < 0 || !isInteger(colon + 1, ends[4] as number, 5) || !notes.isIp(starts[4] as number, colon)) return false;
    albFound.targetPort = colon + 1;
  }
  const first = nanoseconds(5);
  const second = nanoseconds(6);
  const third = nanoseconds(7);
  albFound.durationNs = first < 0 || second < 0 || third < 0 ? -1 : first + second + third;
  albFound.times = (first < 0 ? 0 : 32) | (second < 0 ? 0 : 64) | (third < 0 ? 0 : 128);
  // What is neither a time nor AWS's sign for none may be anything, also a secret.
  if ((first < 0 && !isNoTime(5)) || (second < 0 && !isNoTime(6)) || (third < 0 && !isNoTime(7))) return false;
  const status = starts[8] as number;
  if ((ends[8] as number) - status !== 3 || !isInteger(status, status + 3, 3) || bytes[status] === 48) return false;
  if (!isInteger(starts[10] as number, ends[10] as number, 15) || !isInteger(starts[11] as number, ends[11] as number, 15)) return false;
  if (!isNothing(9) && !isInteger(starts[9] as number, ends[9] as number, 15)) return false;
  if (!isNothing(21) && !notes.isTime(starts[21] as number, ends[21] as number)) return false;
  return isType() && hasGroup() && notes.isTime(starts[1] as number, ends[1] as number);
}

function lastColon(field: number): number {
  const start = starts[field] as number;
  let i = (ends[field] as number) - 1;
  while (i >= start && bytes[i] !== COLON) i--;
  return i < start || bytes[start] === 91 ? -1 : i;
}

/** `-1`, `-` or nothing. */
function isNoTime(field: number): boolean {
  const start = starts[field] as number;
  return isNothing(field) || ((ends[field] as number) - start === 2 && bytes[start] === DASH && bytes[start + 1] === 49);
}

/** `-` or nothing. */
function isNothing(field: number): boolean {
  const start = starts[field] as number;
  const size = (ends[field] as number) - start;
  return size === 0 || (size === 1 && bytes[start] === DASH);
}

function isInteger(start: number, end: number, most: number): boolean {
  if (end <= start || end - start > most || (bytes[start] === 48 && end > start + 1)) return false;
  for (let i = start; i < end; i++) if ((bytes[i] as number) < 48 || (bytes[i] as number) > 57) return false;
  return true;
}

/** A word in small letters and digits that starts with a letter, of ten at most. */
function isType(): boolean {
  const start = starts[0] as number;
  const end = ends[0] as number;
  if (end === start || end - start > 10) return false;
  for (let i = start; i < end; i++) {
    const c = bytes[i] as number;
    if (!((c >= 97 && c <= 122) || (i > start && c >= 48 && c <= 57))) return false;
  }
  return true;
}

/** Whether the target group's ARN is none, or has its name where every ARN has it: behind the first slash. */
function hasGroup(): boolean {
  albFound.groupEnd = albFound.groupStart;
  if (isNothing(16)) return true;
  const slash = groupSlash();
  if (slash < 0) return false;
  const end = ends[16] as number;
  let i = slash + 1;
  while (i < end && bytes[i] !== 47) i++;
  albFound.groupStart = slash + 1;
  albFound.groupEnd = i;
  return i < end && i > slash + 1;
}

function groupSlash(): number {
  const start = starts[16] as number;
  const end = ends[16] as number;
  let i = start;
  while (i < end && bytes[i] !== 47) i++;
  const mark = i - GROUP_MARK.size;
  if (i === end || mark < start) return -1;
  for (let at = 0; at < GROUP_MARK.size; at++) if (bytes[mark + at] !== GROUP_MARK.view.getUint8(at)) return -1;
  return i;
}

/** Seconds with up to nine decimals as nanoseconds; -1 where the text is none, and nothing is written for it. */
function nanoseconds(field: number): number {
  const start = starts[field] as number;
  const end = ends[field] as number;
  let i = start;
  let value = 0;
  for (let c = bytes[i] as number; c >= 48 && c <= 57; c = bytes[++i] as number) value = value * 10 + c - 48;
  if (i === start || i - start > 6 || (bytes[start] === 48 && i > start + 1)) return -1;
  if (i === end) return value * 1e9;
  if (bytes[i] !== 46 || end - i > 10 || end - i < 2) return -1;
  let scale = 1e9;
  for (i++; i < end; i++) {
    const digit = (bytes[i] as number) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
    scale /= 10;
  }
  return value * scale;
}

/** Writes the members of the line that was scanned and checked, as `parseAlb` would. */
export function putAlb(out: DataView, from: number, notes: AlbNotes): number {
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
  at = text(out, text(out, text(out, at, 14), 15), 16);
  if (albFound.groupEnd > albFound.groupStart) {
    at = copy(out, put(out, at, TARGET_GROUP), albFound.groupStart, albFound.groupEnd);
    out.setUint8(at++, QUOTE);
  }
  at = text(out, text(out, text(out, at, 17), 18), 19);
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

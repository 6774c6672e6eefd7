import { piece } from '../lines/piece.ts';
import { ends, starts } from './alb-bytes.ts';
import { albFound, bytes, isInteger, isNothing, setLine } from './alb-fields.ts';

/** Answers about a line that would cost too much to find out for each. */
export interface AlbChecks {
  /** Whether the text between the positions is an IP address; the answers are remembered. */
  isIp(start: number, end: number): boolean;
  /** Whether it is a time as an ALB writes it; neighbours share most of it. */
  isTime(start: number, end: number): boolean;
}

const DASH = 45;
const COLON = 58;
const GROUP_MARK = piece(':targetgroup');

/**
 * Looks at what must be valid before a byte is written. False where the document would need more than copies: an address that is none, a number with a zero
 * in front, a time of another shape. Everything that holds is copied by {@link putAlb}.
 */
export function checkAlb(of: Uint8Array, ofView: DataView, notes: AlbChecks): boolean {
  setLine(of, ofView);
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

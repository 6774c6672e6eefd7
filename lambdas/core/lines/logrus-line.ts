import { IDENTITY_ROLES, ROLE } from '../parse/authenticator.ts';
import { rfc3339At } from '../parse/time.ts';
import { isAt, lines, linesView, lineText } from './ascii-line.ts';
import { LEVELS, type LineFormat } from './line-format.ts';
import { type LineKey, LineKeys, linePairs, scanLinePairs } from './line-pairs.ts';
import { put, putLine } from './output.ts';
import { type Piece, piece } from './piece.ts';
import { putPairs, putValue } from './put-pairs.ts';

const keys = new LineKeys(ROLE);

/** `"2026-11-21T08:23:19Z"`, and the part of it before the minute. */
const TIME_CHARS = 22;
const HOUR_CHARS = 15;

/** As logrus writes them; other words, and quoted ones, are read as text. */
const LEVEL_WORDS = (['info', 'warning', 'error', 'debug', 'trace', 'fatal'] as const).map((word) => ({
  word: piece(word),
  level: LEVELS.indexOf(word),
}));

/** Pairs before the first of a line's own: time, level and message. */
const OWN = 3;
const MESSAGES = [
  { message: piece('"access granted"'), outcome: piece(',"authenticator":{"outcome":"granted"'), event: '"outcome":"success"' },
  { message: piece('"access denied"'), outcome: piece(',"authenticator":{"outcome":"denied"'), event: '"outcome":"failure"' },
  { message: piece('"STS response"'), outcome: piece(',"authenticator":{"outcome":null'), event: '' },
] as const;

// What the scan found, for the writing after it.
const found = {
  hour: piece('"----'),
  level: 0,
  answer: undefined as (typeof MESSAGES)[number] | undefined,
};

const HEAD = [...'time="'].map((character) => character.charCodeAt(0));

/** Whether `time="` starts at `at`. */
function isHead(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < HEAD.length; i++) if (bytes[at + i] !== HEAD[i]) return false;
  return true;
}

function scan(first: number, end: number): boolean {
  if (!scanLinePairs(keys, first, end, 'blank')) return false;
  const { count, keys: pairKeys, starts, ends } = linePairs;
  if (count < OWN) return false;
  for (let k = 0; k < OWN; k++) if (pairKeys[k]?.role !== k + ROLE.time) return false;
  return (
    scanTime(starts[0] as number, ends[0] as number) &&
    scanLevel(starts[1] as number, ends[1] as number) &&
    scanAnswer(starts[2] as number, ends[2] as number)
  );
}

/** `"2026-11-21T08:23:19Z"`, which is copied; lines of one hour follow each other, so the hour is judged once. */
function scanTime(start: number, end: number): boolean {
  const minute = start + HOUR_CHARS;
  if (end - start !== TIME_CHARS || lines[minute + 2] !== 58 || lines[minute + 5] !== 90) return false;
  if (!isSixty(minute) || !isSixty(minute + 3)) return false;
  if (!isAt(linesView, found.hour, start)) {
    if (rfc3339At(lineText(start + 1, end), 0)?.length !== TIME_CHARS - 2) return false;
    found.hour = piece(lineText(start, minute));
  }
  return true;
}

/** Whether two digits from 00 to 59 are at `at`. */
function isSixty(at: number): boolean {
  const tens = lines[at] as number;
  const ones = lines[at + 1] as number;
  return tens >= 48 && tens <= 53 && ones >= 48 && ones <= 57;
}

function scanLevel(start: number, end: number): boolean {
  for (let k = 0; k < LEVEL_WORDS.length; k++) {
    const { word, level } = LEVEL_WORDS[k] as (typeof LEVEL_WORDS)[number];
    if (word.size !== end - start || !isAt(linesView, word, start)) continue;
    found.level = level;
    return true;
  }
  return false;
}

/** Answers to requests tell of the caller, in fields that are copied where nothing in them is escaped. */
function scanAnswer(start: number, end: number): boolean {
  found.answer = undefined;
  for (const answer of MESSAGES) if (answer.message.size === end - start && isAt(linesView, answer.message, start)) found.answer = answer;
  if (found.answer === undefined) return true;
  for (let k = OWN; k < linePairs.count; k++) {
    const { role } = linePairs.keys[k] as LineKey;
    if ((role === ROLE.arn || role === ROLE.groups) && linePairs.isEscaped[k] === 1) return false;
  }
  return true;
}

const MESSAGE = piece('"message":');
const ARN_START = piece('arn:');
const ASSUMED_ROLE = piece('assumed-role/');
const PLAIN_ROLE = piece('role/');
const ACCOUNT = piece(',"account":"');
const ROLE_MEMBER = piece(',"role":"');
const SESSION = piece(',"session":"');
const GROUPS = piece(',"groups":[');
const ARN = piece(',"arn":');
/** What stands before a value that is copied, by role. */
const IDENTITY: (Piece | undefined)[] = [undefined, ...Object.values(ROLE).map(() => undefined)];
IDENTITY[ROLE.username] = piece(',"username":');
IDENTITY[ROLE.uid] = piece(',"uid":');
IDENTITY[ROLE.client] = piece(',"client":');
IDENTITY[ROLE.error] = piece(',"error":');

function putMembers(out: DataView, from: number): number {
  let at = putValue(out, put(out, from, MESSAGE), linePairs.starts[2] as number, linePairs.ends[2] as number);
  if (found.answer !== undefined) at = putIdentity(out, at, found.answer.outcome);
  at = putPairs(out, at, OWN, found.answer === undefined ? 0 : IDENTITY_ROLES);
  out.setUint8(at, 125);
  return at + 1;
}

function putIdentity(out: DataView, from: number, outcome: Piece): number {
  const { count, keys: pairKeys, starts, ends } = linePairs;
  let at = put(out, from, outcome);
  let account = -1;
  let hasArn = false;
  for (let k = OWN; k < count; k++) {
    const { role } = pairKeys[k] as LineKey;
    const start = starts[k] as number;
    const end = ends[k] as number;
    const member = IDENTITY[role];
    if (member !== undefined) at = putValue(out, put(out, at, member), start, end);
    else if (role === ROLE.arn) {
      at = putArn(out, at, start, end);
      hasArn = true;
    } else if (role === ROLE.groups) at = putGroups(out, at, start, end);
    else if (role === ROLE.accountid) account = k;
  }
  if (account >= 0 && !hasArn) {
    // Its quote comes with the value.
    at = putValue(out, put(out, at, ACCOUNT) - 1, starts[account] as number, ends[account] as number);
  }
  out.setUint8(at, 125);
  return at + 1;
}

/** `,"arn":…` and what `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION` or `arn:aws:iam::ACCOUNT:role/PATH/ROLE` says. */
function putArn(out: DataView, from: number, start: number, end: number): number {
  let at = putValue(out, put(out, from, ARN), start, end);
  const quoted = lines[start] === 34 ? 1 : 0;
  const first = start + quoted;
  const last = end - quoted;
  if (!isAt(linesView, ARN_START, first)) return at;
  const partition = indexOf(58, first + 4, last);
  const service = partition < 0 ? -1 : indexOf(58, partition + 1, last);
  const account = service + 2;
  if (service < 0 || lines[service + 1] !== 58 || lines[account + 12] !== 58 || !isDigits(account, account + 12)) return at;
  at = putLine(out, put(out, at, ACCOUNT), account, account + 12);
  out.setUint8(at++, 34);
  const type = account + 13;
  if (isAt(linesView, PLAIN_ROLE, type)) {
    let name = last;
    while (lines[name - 1] !== 47) name--;
    at = putLine(out, put(out, at, ROLE_MEMBER), name, last);
  } else if (isAt(linesView, ASSUMED_ROLE, type)) {
    const role = type + ASSUMED_ROLE.size;
    const slash = indexOf(47, role, last);
    at = putLine(out, put(out, at, ROLE_MEMBER), role, slash < 0 ? last : slash);
    if (slash >= 0) {
      out.setUint8(at++, 34);
      at = putLine(out, put(out, at, SESSION), slash + 1, last);
    }
  } else return at;
  out.setUint8(at, 34);
  return at + 1;
}

function indexOf(byte: number, from: number, end: number): number {
  for (let i = from; i < end; i++) if (lines[i] === byte) return i;
  return -1;
}

function isDigits(from: number, end: number): boolean {
  for (let i = from; i < end; i++) if ((lines[i] as number) < 48 || (lines[i] as number) > 57) return false;
  return true;
}

/** A Go slice `[a b]` as a list of strings; anything else as the only one. */
function putGroups(out: DataView, from: number, start: number, end: number): number {
  let at = put(out, from, GROUPS);
  const quoted = lines[start] === 34 ? 1 : 0;
  const first = start + quoted;
  const last = end - quoted;
  if (last - first < 2 || lines[first] !== 91 || lines[last - 1] !== 93) at = putValue(out, at, start, end);
  else {
    const empty = at;
    for (let i = first + 1; i < last - 1; ) {
      let next = i;
      while (next < last - 1 && lines[next] !== 32) next++;
      if (next > i) {
        if (at > empty) out.setUint8(at++, 44);
        out.setUint8(at++, 34);
        at = putLine(out, at, i, next);
        out.setUint8(at++, 34);
      }
      i = next + 1;
    }
  }
  out.setUint8(at, 93);
  return at + 1;
}

/** Lines of aws-iam-authenticator, as logrus writes them. */
export const LOGRUS_LINE: LineFormat = {
  name: 'logrus',
  scan,
  isHead,
  level: () => found.level,
  eventMembers: () => found.answer?.event ?? '',
  putTimestamp: (out, at) => putLine(out, at, (linePairs.starts[0] as number) + 1, (linePairs.ends[0] as number) - 1),
  putLogMembers: (_out, at) => at,
  putMembers,
};

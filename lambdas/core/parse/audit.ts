import { AUDIT_FIELDS, fieldKind, fits } from './audit-fields.ts';
import { repairAudit } from './audit-repair.ts';
import { ENTRY, lastScan, memberTable, scanJson } from './json-scan.ts';
import { parsedLine } from './parsed-line.ts';
import { lastTime, nanosBetween, rfc3339At } from './time.ts';
import type { ParsedLine } from './types.ts';

/** Positions of values that the envelope needs, in the text scanned last; -1 where absent. */
const found = {
  kind: -1,
  uri: -1,
  uriEnd: -1,
  received: -1,
  stage: -1,
  code: -1,
  codeEnd: -1,
  decision: -1,
  decisionEnd: -1,
  reason: -1,
  reasonEnd: -1,
};

/**
 * Reads an event of the Kubernetes audit log (audit.k8s.io/v1). Its text is reused with what is derived from it added; only an event that
 * OpenSearch would refuse is written anew. Keys that Kubernetes does not know move to `other`.
 */
export function parseAudit(text: string): ParsedLine | undefined {
  let start = 0;
  while (text.charCodeAt(start) <= 32) start++;
  if (text.charCodeAt(start) !== 123) return undefined;
  const flags = scanJson(text, start);
  if (flags < 0 || !isBlank(text, lastScan.end)) return undefined;
  const end = lastScan.end;
  if (flags === 0) {
    const isPlain = locate(text);
    if (found.kind < 0) return undefined;
    if (isPlain) return parsedAudit(text.slice(start + 1, end - 1), text, false);
  }
  const repaired = repairAudit(text, start);
  if (repaired === undefined) return undefined;
  // What was repaired is plain by construction: scanned again for its positions.
  const whole = `{${repaired.members}}`;
  scanJson(whole, 0);
  locate(whole);
  return parsedAudit(repaired.members, whole, repaired.truncated);
}

function isBlank(text: string, from: number): boolean {
  for (let i = from; i < text.length; i++) if (text.charCodeAt(i) > 32) return false;
  return true;
}

/** Fills `found` from the member table; returns whether every known field has the type of its mapping and no unknown one is there. */
function locate(text: string): boolean {
  found.kind = found.uri = found.received = found.stage = found.code = found.decision = found.reason = -1;
  let isPlain = true;
  let kind = 0;
  let top = '';
  for (let e = 0; e < lastScan.members * ENTRY; e += ENTRY) {
    const keyStart = memberTable[e] as number;
    const keyEnd = memberTable[e + 1] as number;
    const valueStart = memberTable[e + 2] as number;
    const valueEnd = memberTable[e + 3] as number;
    if (memberTable[e + 4] === 1) {
      const key = text.slice(keyStart, keyEnd);
      top = key;
      kind = fieldKind(key);
      if (kind === AUDIT_FIELDS.unknown || !fits(kind, text, valueStart, valueEnd)) {
        isPlain = false;
        continue;
      }
      if (key === 'kind') found.kind = text.startsWith('"Event"', valueStart) ? valueStart : -1;
      else if (key === 'requestURI') {
        found.uri = valueStart;
        found.uriEnd = valueEnd;
      } else if (key === 'requestReceivedTimestamp') found.received = valueStart;
      else if (key === 'stageTimestamp') found.stage = valueStart;
    } else if (kind === AUDIT_FIELDS.status) {
      if (!fitsStatus(text, keyStart, keyEnd, valueStart, valueEnd)) isPlain = false;
    } else if (kind === AUDIT_FIELDS.subject || kind === AUDIT_FIELDS.reference) {
      if (!fitsSubject(text, keyStart, keyEnd, valueStart, valueEnd)) isPlain = false;
    } else if (top === 'annotations') locateAuthorization(text, keyStart, valueStart, valueEnd);
  }
  return isPlain;
}

function fitsStatus(text: string, keyStart: number, keyEnd: number, valueStart: number, valueEnd: number): boolean {
  const c = text.charCodeAt(valueStart);
  if (text.startsWith('code"', keyStart)) {
    if (valueEnd - valueStart > 9 || !(c >= 48 && c <= 57) || text.slice(valueStart, valueEnd).search(/\D/) >= 0) return false;
    found.code = valueStart;
    found.codeEnd = valueEnd;
    return true;
  }
  if (text.startsWith('metadata"', keyStart) || text.startsWith('details"', keyStart)) return c === 123 || c === 110;
  return isPlainKey(text, keyStart, keyEnd) && c !== 123 && c !== 91;
}

/** `user`, `impersonatedUser` and `objectRef`: strings, groups a list of strings, `extra` an object. */
function fitsSubject(text: string, keyStart: number, keyEnd: number, valueStart: number, valueEnd: number): boolean {
  const c = text.charCodeAt(valueStart);
  if (c === 34 || c === 110) return isPlainKey(text, keyStart, keyEnd);
  if (text.startsWith('groups"', keyStart)) return fits(AUDIT_FIELDS.words, text, valueStart, valueEnd);
  return c === 123 && text.startsWith('extra"', keyStart);
}

/** Letters only: an empty key or one with dots makes OpenSearch refuse a document outside of flat_object fields. */
function isPlainKey(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const lower = text.charCodeAt(i) | 32;
    if (lower < 97 || lower > 122) return false;
  }
  return end > start;
}

function locateAuthorization(text: string, keyStart: number, valueStart: number, valueEnd: number): void {
  if (text.charCodeAt(valueStart) !== 34 || !text.startsWith('authorization.k8s.io/', keyStart)) return;
  if (text.startsWith('decision"', keyStart + 21)) {
    found.decision = valueStart;
    found.decisionEnd = valueEnd;
  } else if (text.startsWith('reason"', keyStart + 21)) {
    found.reason = valueStart;
    found.reasonEnd = valueEnd;
  }
}

function parsedAudit(original: string, text: string, truncated: boolean): ParsedLine {
  let members = original;
  if (found.uri >= 0) members += `,"url":{${urlMembers(text, found.uri, found.uriEnd)}}`;
  if (found.decision >= 0) {
    members += `,"authorization":{"decision":${text.slice(found.decision, found.decisionEnd)}`;
    if (found.reason >= 0) members += `,"reason":${text.slice(found.reason, found.reasonEnd)}`;
    members += '}';
  }
  const received = found.received < 0 ? undefined : timeAt(text, found.received);
  const stage = found.stage < 0 ? undefined : timeAt(text, found.stage);
  const duration = received === undefined || stage === undefined ? undefined : nanosBetween(received, stage);
  const code = found.code < 0 ? undefined : Number(text.slice(found.code, found.codeEnd));
  let eventMembers = duration === undefined ? '' : `"duration":${duration}`;
  if (code !== undefined) eventMembers += `${eventMembers === '' ? '' : ','}"outcome":"${code < 400 ? 'success' : 'failure'}"`;
  const timestamp = stage ?? received;
  const parsed = parsedLine('audit', members, timestamp, undefined);
  if (eventMembers !== '') parsed.eventMembers = eventMembers;
  if (truncated) parsed.truncated = true;
  return parsed;
}

/** The time in the string whose quote is at `at`; undefined where more than a time is in it. */
function timeAt(text: string, at: number): string | undefined {
  const time = rfc3339At(text, at + 1);
  return time !== undefined && text.charCodeAt(lastTime.end) === 34 ? time : undefined;
}

/** `"path":…,"query":…` of the JSON string between the positions; a `?` is never part of an escape. */
function urlMembers(text: string, start: number, end: number): string {
  const mark = text.indexOf('?', start);
  if (mark < 0 || mark >= end) return `"path":${text.slice(start, end)}`;
  return `"path":${text.slice(start, mark)}","query":"${text.slice(mark + 1, end)}`;
}

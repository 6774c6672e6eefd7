import { AUDIT_FIELDS, fieldKind, fits } from './audit-fields.ts';
import { cutUtf8 } from './cut.ts';
import { objectSpans, type Repaired, repairJson, type Spans } from './json-repair.ts';
import { quoteJson } from './json-text.ts';
import { rfc3339 } from './time.ts';

/** Members of a repaired event. */
export interface RepairedAudit {
  readonly members: string;
  readonly truncated: boolean;
}

const SUBJECT_FLAT = new Set(['extra', 'metadata', 'details']);

/**
 * Writes an audit event anew so that OpenSearch takes it: fields of the wrong type and keys that Kubernetes does not write move to `other` (a
 * flat_object), everything else keeps its place. Undefined where it is no audit event.
 */
export function repairAudit(text: string, start: number): RepairedAudit | undefined {
  const spans = objectSpans(text, start);
  const kind = spans.get('kind');
  const version = spans.get('apiVersion');
  if (kind === undefined || !text.startsWith('"Event"', kind.start)) return undefined;
  if (version !== undefined && !text.startsWith('"audit.k8s.io/', version.start)) return undefined;
  const other = new Map<string, string>();
  const members: string[] = [];
  let truncated = false;
  const take = (repaired: Repaired): string => {
    if (repaired.truncated) truncated = true;
    return repaired.text;
  };
  for (const [key, span] of spans) {
    const fieldType = fieldKind(key);
    const value = fieldType === AUDIT_FIELDS.unknown ? undefined : typedValue(text, span, key, fieldType, other, take);
    if (value !== undefined) members.push(`"${key}":${value}`);
    else moveTo(other, key, text, span, take);
  }
  if (other.size > 0) members.push(`"other":{${[...other].map(([key, value]) => `${quoteJson(key)}:${value}`).join(',')}}`);
  return { members: members.join(','), truncated };
}

function moveTo(other: Map<string, string>, key: string, text: string, span: Span, take: Take): void {
  const short = cutUtf8(key, 1_000).toWellFormed();
  other.set(short, take(repairJson(text, span.start, 'other', short)));
}

type Span = { readonly start: number; readonly end: number };
type Take = (repaired: Repaired) => string;

function typedValue(text: string, span: Span, key: string, kind: number, other: Map<string, string>, take: Take): string | undefined {
  if (kind === AUDIT_FIELDS.flat) {
    const repaired = take(repairJson(text, span.start, key));
    return fits(kind, text, span.start, span.end) ? repaired : `{"value":${repaired}}`;
  }
  if (kind === AUDIT_FIELDS.time) {
    const time = text.charCodeAt(span.start) === 34 ? rfc3339(text.slice(span.start + 1, span.end - 1)) : undefined;
    return time === undefined ? undefined : `"${time}"`;
  }
  if (!fits(kind, text, span.start, span.end)) return undefined;
  if (kind === AUDIT_FIELDS.word || kind === AUDIT_FIELDS.words) return wellFormed(text, span);
  if (text.charCodeAt(span.start) !== 123) return 'null';
  return objectValue(text, objectSpans(text, span.start), key, other, take);
}

function objectValue(text: string, spans: Spans, parent: string, other: Map<string, string>, take: Take): string {
  const members: string[] = [];
  for (const [key, span] of spans) {
    const c = text.charCodeAt(span.start);
    const isFlat = SUBJECT_FLAT.has(key);
    const isCode = key === 'code' && parent === 'responseStatus';
    let value: string | undefined;
    if (isFlat) value = c === 123 || c === 110 ? take(repairJson(text, span.start, `${parent}.${key}`)) : undefined;
    else if (isCode) value = /^\d{1,9}$/.test(text.slice(span.start, span.end)) ? text.slice(span.start, span.end) : undefined;
    else if (c !== 123 && c !== 91) value = wellFormed(text, span);
    else if (fits(AUDIT_FIELDS.words, text, span.start, span.end)) value = wellFormed(text, span);
    if (value !== undefined && /^[A-Za-z]+$/.test(key)) members.push(`"${key}":${value}`);
    else moveTo(other, `${parent}.${key}`, text, span, take);
  }
  return `{${members.join(',')}}`;
}

/** The value's own text; strings with half a surrogate are written anew. */
function wellFormed(text: string, span: Span): string {
  const raw = text.slice(span.start, span.end);
  if (!/\\u[dD][89a-fA-F]|[\n\r]/.test(raw)) return raw;
  const value: unknown = JSON.parse(raw);
  return typeof value === 'string' ? quoteJson(value) : `[${(value as string[]).map(quoteJson).join(',')}]`;
}

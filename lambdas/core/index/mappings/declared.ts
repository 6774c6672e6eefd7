import type { FieldType } from '../../rules/rules.ts';
import { ENVELOPE } from './envelope.ts';
import { DECLARED, type Mapping, type Properties } from './field-types.ts';
import { RECORDS } from './records.ts';

/** Deepest dotted name that an application may declare; OpenSearch's own default limit is 20. */
const MAX_SEGMENTS = 10;
const METADATA = new Set(['_id', '_index', '_source', '_routing', '_type', '_field_names', '_ignored', '_version', '_seq_no', '_size']);

/**
 * Why a declared field cannot be mapped, or undefined where it can: the name must be a path that OpenSearch takes, must not lie inside or above a field
 * of ours with another type, nor inside or above another declared one.
 */
export function declaredFieldProblem(field: string, type: FieldType, others: readonly string[] = []): string | undefined {
  const segments = field.split('.');
  if (segments.some((segment) => segment.trim() === '')) return 'an empty part between dots';
  if (segments.length > MAX_SEGMENTS) return `more than ${MAX_SEGMENTS} parts`;
  if (METADATA.has(segments[0] ?? '')) return 'the name of a metadata field of OpenSearch';
  const above = others.find((other) => field.startsWith(`${other}.`) || other.startsWith(`${field}.`));
  if (above !== undefined) return `a field cannot be both a value and an object: ${above}`;
  return conflict(ENVELOPE, segments, type) ?? conflict(RECORDS, segments, type);
}

/** Nested mapping of dotted names: `{'http.status': 'integer'}` gives `http.properties.status`. */
export function declaredProperties(fields: { readonly [field: string]: FieldType }): Properties {
  const root: { [field: string]: Mapping } = {};
  for (const [field, type] of Object.entries(fields)) place(root, field.split('.'), DECLARED[type]);
  return root;
}

function conflict(properties: Properties, segments: readonly string[], type: FieldType): string | undefined {
  let level: Properties | undefined = properties;
  for (const [i, segment] of segments.entries()) {
    const there: Mapping | undefined = level !== undefined && Object.hasOwn(level, segment) ? level[segment] : undefined;
    if (there === undefined) return undefined;
    const path = segments.slice(0, i + 1).join('.');
    const isLast = i === segments.length - 1;
    if (there.type !== undefined)
      return isLast && there.type === type ? undefined : `${path} is a field of every document with type ${there.type}`;
    if (isLast) return `${path} is an object of every document`;
    level = there.properties;
  }
  return undefined;
}

function place(level: { [field: string]: Mapping }, segments: readonly string[], mapping: Mapping): void {
  const [first = '', ...rest] = segments;
  if (rest.length === 0) {
    level[first] = mapping;
    return;
  }
  const there = Object.hasOwn(level, first) ? level[first] : undefined;
  const properties: { [field: string]: Mapping } = { ...there?.properties };
  place(properties, rest, mapping);
  level[first] = { properties };
}

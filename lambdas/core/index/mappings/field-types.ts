import type { FieldType } from '../../rules/rules.ts';

/** Mapping of one field, or of an object with `properties`, as OpenSearch takes it. */
export interface Mapping {
  readonly type?: string;
  readonly properties?: Properties;
  readonly [setting: string]: unknown;
}
export interface Properties {
  readonly [field: string]: Mapping;
}

/**
 * Longest keyword that is indexed, in characters: Lucene refuses terms over 32,766 bytes, and a character takes 4 at most. Longer values stay in
 * `_source` and are not searchable.
 */
const IGNORE_ABOVE = 8191;

export const keyword: Mapping = { type: 'keyword', ignore_above: IGNORE_ABOVE };
export const text: Mapping = { type: 'text' };
/** Searchable by words, and groupable while short. */
export const textAndKeyword: Mapping = { type: 'text', fields: { keyword: { type: 'keyword', ignore_above: 1024 } } };
export const long: Mapping = { type: 'long', ignore_malformed: true };
export const integer: Mapping = { type: 'integer', ignore_malformed: true };
export const double: Mapping = { type: 'double', ignore_malformed: true };
export const date: Mapping = { type: 'date', ignore_malformed: true };
export const dateNanos: Mapping = { type: 'date_nanos', ignore_malformed: true };
export const ip: Mapping = { type: 'ip', ignore_malformed: true };
export const geoPoint: Mapping = { type: 'geo_point', ignore_malformed: true };
export const boolean: Mapping = { type: 'boolean' };
/** Free-form JSON: searchable for equality by path, never a new field of the mapping. */
export const flat: Mapping = { type: 'flat_object' };

/** An object with typed fields; what is not named inside stays unindexed, as at the root. */
export function object(properties: Properties): Mapping {
  return { properties };
}

/** Mapping of a type that an application declares. */
export const DECLARED: { readonly [type in FieldType]: Mapping } = { keyword, text, long, integer, double, boolean, date, ip };

import { AUDIT } from '../index/mappings/audit.ts';
import { ENVELOPE } from '../index/mappings/envelope.ts';
import type { Mapping, Properties } from '../index/mappings/field-types.ts';
import { RECORDS } from '../index/mappings/records.ts';

/** What parsers derive from audit events; everything else of those is copied under its own name. */
const DERIVED: Properties = Object.fromEntries(['url', 'authorization'].map((name) => [name, AUDIT[name] as Mapping]));

/**
 * Whether a parser may write a field of this dotted path under a name that is not in the line: `source.ip` of an access log, `message` of `msg`, a named
 * group of an expression. False where the name is copied from the line: what is inside of `json`, `kv` or an audit event.
 */
export function isWritten(field: string): boolean {
  const segments = field.split('.');
  if (segments.includes('*')) return true;
  const root = segments[0] as string;
  const isKnown = [ENVELOPE, RECORDS, AUDIT].some((properties) => Object.hasOwn(properties, root));
  // An unknown root is a field that an application declares.
  return !isKnown || [ENVELOPE, RECORDS, DERIVED].some((properties) => isTyped(properties, segments));
}

function isTyped(properties: Properties, segments: readonly string[]): boolean {
  let level: Properties | undefined = properties;
  for (const segment of segments) {
    const mapping: Mapping | undefined = level !== undefined && Object.hasOwn(level, segment) ? level[segment] : undefined;
    if (mapping === undefined || mapping.type === 'flat_object') return false;
    level = mapping.properties;
  }
  return true;
}

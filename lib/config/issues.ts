import * as z from 'zod';
import { nearestName } from './nearest-name.ts';
import type { Finding, Path } from './problems.ts';
import { configSchema } from './schema.ts';
import { LIMIT_MARK } from './schema-names.ts';

type Issue = z.core.$ZodIssue;

/** A scalar as the file writes it, for values that YAML turned into something else. */
export type Written = (path: Path) => string | undefined;

/** Says a schema's issue in the words of the file: what is wrong, what is allowed, what was given. */
export function findingsOf(issue: Issue, data: unknown, written: Written): Finding[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key], path, key));
  const value = valueAt(data, path);
  if (value === undefined) return [{ path, what: 'this field is required and missing', ...expected(issue) }];
  const text = written(path);
  const shown = typeof value === 'string' || text === undefined ? { value } : { written: text };
  return [{ path, ...shown, ...describe(issue, value, text) }];
}

/** The value at a path of plain data; undefined where there is none. */
export function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const step of path) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, step)) return undefined;
    value = (value as { [step: string | number]: unknown })[step];
  }
  return value;
}

function unknownKey(path: Path, parent: Path, key: string): Finding {
  const known = knownKeys(parent);
  if (key === '<<')
    return { path, atKey: true, what: 'merge keys (<<) are not part of YAML 1.2; repeat the fields, or alias whole values' };
  const nearest = nearestName(key, known);
  const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  return { path, atKey: true, what: `nothing reads a field of this name${hint}`, limit: known.join(' '), value: key };
}

/** Names that the schema knows at a path; empty where any name is fine. */
export function knownKeys(path: Path): string[] {
  let schema: unknown = configSchema;
  for (const step of path) {
    const current = unwrap(schema);
    if (current instanceof z.ZodObject) schema = (current.shape as { [key: string]: unknown })[step];
    else if (current instanceof z.ZodArray) schema = current.element;
    else if (current instanceof z.ZodRecord) schema = current.valueType;
    else return [];
  }
  const last = unwrap(schema);
  return last instanceof z.ZodObject ? Object.keys(last.shape) : [];
}

function unwrap(schema: unknown): unknown {
  let current = schema;
  while (current instanceof z.ZodDefault || current instanceof z.ZodPrefault || current instanceof z.ZodOptional)
    current = current.unwrap();
  return current;
}

const TYPE_NAMES: { readonly [type: string]: string } = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of fields',
  record: 'a map of names',
};

function typeName(type: string): string {
  return TYPE_NAMES[type] ?? type;
}

function kindOf(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeName(typeof value);
}

function expected(issue: Issue): { limit?: string } {
  if (issue.code === 'invalid_type') return { limit: typeName(issue.expected) };
  if (issue.code === 'invalid_value') return { limit: issue.values.map(String).join(' ') };
  return {};
}

function describe(issue: Issue, value: unknown, written: string | undefined): { what: string; limit?: string } {
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue.expected, value, written);
    case 'invalid_value':
      return wrongChoice(issue.values.map(String), value);
    case 'too_small':
      if (value === '' || (Array.isArray(value) && value.length === 0))
        return { what: 'nothing stands here; give a value or leave the field out', limit: `at least ${issue.minimum}` };
      return {
        what: `${sizeOf(issue.origin)} too ${issue.origin === 'string' || issue.origin === 'array' ? 'short' : 'small'}`,
        limit: `at least ${issue.minimum}`,
      };
    case 'too_big':
      return {
        what: `${sizeOf(issue.origin)} too ${issue.origin === 'string' || issue.origin === 'array' ? 'long' : 'large'}`,
        limit: `at most ${issue.maximum}`,
      };
    case 'invalid_key':
      return { what: 'a name in this map is not allowed', limit: issue.issues.map((inner) => splitMessage(inner.message).what).join('; ') };
    case 'invalid_union':
      return { what: 'the value has the wrong type', limit: 'a text, a number, or true or false' };
    default:
      return splitMessage(issue.message);
  }
}

function splitMessage(message: string): { what: string; limit?: string } {
  const [what = message, limit] = message.split(LIMIT_MARK);
  return limit === undefined ? { what } : { what, limit };
}

function sizeOf(origin: string): string {
  if (origin === 'string') return 'the text is';
  if (origin === 'array') return 'the list is';
  return 'the number is';
}

function wrongType(type: string, value: unknown, written: string | undefined): { what: string; limit: string } {
  const limit = typeName(type);
  if (type === 'string' && typeof value === 'number') {
    const changed = written !== undefined && written !== String(value) ? `, ${value}` : '';
    return { what: `put it in quotes, "${written ?? value}": without them YAML reads a number${changed}`, limit };
  }
  if (type === 'boolean' && typeof value === 'string' && /^(?:on|yes|y|off|no|n)$/i.test(value)) {
    return { what: `YAML 1.2 reads ${value} as a text; write ${/^(?:on|yes|y)$/i.test(value)}`, limit };
  }
  if (type === 'int' && typeof value === 'number') return { what: 'the number has a fraction or too many digits', limit };
  if ((type === 'number' || type === 'int') && typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) {
    return { what: 'write the number without quotes', limit };
  }
  return { what: value === null ? 'nothing stands here; give a value or leave the field out' : `${kindOf(value)} stands here`, limit };
}

function wrongChoice(values: readonly string[], value: unknown): { what: string; limit: string } {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  const nearest = nearestName(text, values);
  if (typeof value === 'number' && values.includes(String(value)))
    return { what: 'put it in quotes: it is a name', limit: values.join(' ') };
  return { what: `not one of the values known here${nearest === undefined ? '' : `; did you mean ${nearest}?`}`, limit: values.join(' ') };
}

/** A value as JSON holds it; templates, manifests and resolved properties are made of these. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json };

/** Whether the value is an object (not null, not a list). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Member of an object as an object; empty where it is absent or something else. */
export function objectAt(value: Json | undefined, key: string): JsonObject {
  const member = isObject(value) ? value[key] : undefined;
  return isObject(member) ? member : {};
}

/** Member of an object as text. CloudFormation accepts numbers and booleans where text is wanted, and so does this. */
export function textAt(value: Json | undefined, key: string): string | undefined {
  const member = isObject(value) ? value[key] : undefined;
  if (typeof member === 'string') return member;
  return typeof member === 'number' || typeof member === 'boolean' ? String(member) : undefined;
}

/** Member of an object as a number; text that is a number counts, as in CloudFormation. */
export function numberAt(value: Json | undefined, key: string): number | undefined {
  const member = isObject(value) ? value[key] : undefined;
  if (typeof member === 'number') return member;
  if (typeof member !== 'string' || member.trim() === '') return undefined;
  const number = Number(member);
  return Number.isFinite(number) ? number : undefined;
}

/** Member of an object as a boolean; `"true"` and `"false"` count, as in CloudFormation. */
export function booleanAt(value: Json | undefined, key: string): boolean | undefined {
  const member = isObject(value) ? value[key] : undefined;
  if (typeof member === 'boolean') return member;
  if (member === 'true') return true;
  return member === 'false' ? false : undefined;
}

/** Member of an object as a list; empty where it is absent. */
export function listAt(value: Json | undefined, key: string): readonly Json[] {
  const member = isObject(value) ? value[key] : undefined;
  return Array.isArray(member) ? (member as readonly Json[]) : [];
}

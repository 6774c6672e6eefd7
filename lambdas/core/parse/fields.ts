import type { FieldType } from '../rules/rules.ts';
import { quoteJson } from './json-text.ts';
import { epochText, rfc3339 } from './time.ts';

/** Top-level names that a declared field may not take: the envelope's and those that parsers write. */
const RESERVED = new Set([
  '@timestamp',
  'event',
  'cloud',
  'orchestrator',
  'log',
  'aws',
  'parse',
  'application',
  'message',
  'kubernetes',
  'stream',
  'json',
  'kv',
  'error',
  'process',
  'other',
]);

/** Whether an application may declare a field of that (dotted) name: none of its parts is empty and its first one is free. */
export function isDeclarable(name: string): boolean {
  const parts = name.split('.');
  return parts.every((part) => part.trim() !== '') && !RESERVED.has(parts[0] as string);
}

/** A declared field, its dotted name split. */
export interface DeclaredField {
  readonly name: string;
  readonly path: readonly string[];
  readonly type: FieldType;
}

/** The declared fields that can be used; a field below another one (`http` and `http.status`) would be two types at once and is left out. */
export function declaredFields(fields: { readonly [field: string]: FieldType }): readonly DeclaredField[] {
  const names = Object.keys(fields).filter(isDeclarable).sort();
  return names
    .filter((name) => !names.some((other) => name.startsWith(`${other}.`)))
    .map((name) => ({ name, path: name.split('.'), type: fields[name] as FieldType }));
}

/** Nested objects of typed values as member text; `values` are JSON texts by dotted name. */
export function nestMembers(values: ReadonlyMap<readonly string[], string>): string {
  const tree = new Map<string, Tree>();
  for (const [path, value] of values) put(tree, path, value);
  return writeTree(tree);
}

type Tree = string | Map<string, Tree>;

function put(tree: Map<string, Tree>, path: readonly string[], value: string): void {
  const name = path[0] as string;
  if (path.length === 1) {
    tree.set(name, value);
    return;
  }
  const inner = tree.get(name);
  const next = inner instanceof Map ? inner : new Map<string, Tree>();
  tree.set(name, next);
  put(next, path.slice(1), value);
}

function writeTree(tree: ReadonlyMap<string, Tree>): string {
  let members = '';
  for (const [name, value] of tree) {
    members += `${members === '' ? '' : ','}${quoteJson(name)}:${typeof value === 'string' ? value : `{${writeTree(value)}}`}`;
  }
  return members;
}

/**
 * JSON text of a value for a field of that type, or undefined where OpenSearch would refuse it (then it is only in `json` or `kv`). `text` is the value
 * as plain text: a JSON number's or word's own text, or a string's content.
 */
export function typedText(type: FieldType, text: string): string | undefined {
  switch (type) {
    case 'keyword':
    case 'text':
      return quoteJson(text);
    case 'long':
      return integerText(text, '9223372036854775807', '9223372036854775808');
    case 'integer':
      return integerText(text, '2147483647', '2147483648');
    case 'double': {
      const trimmed = text.trim();
      return NUMBER.test(trimmed) && Number.isFinite(Number(trimmed)) ? jsonNumber(trimmed) : undefined;
    }
    case 'boolean':
      return text === 'true' || text === 'false' ? text : undefined;
    case 'date': {
      const time = rfc3339(text) ?? epochText(text);
      return time === undefined ? undefined : `"${time}"`;
    }
    default:
      return isIp(text) ? quoteJson(text) : undefined;
  }
}

const NUMBER = /^[+-]?(?:\d{1,300}(?:\.\d{0,300})?|\.\d{1,300})(?:[eE][+-]?\d{1,4})?$/;

/** Decimal text as a JSON number: JSON has neither `+5`, `.5`, `5.` nor `007`. */
function jsonNumber(text: string): string {
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) ? text : String(Number(text));
}

/** Compared as text, because a double holds only 53 of a long's 64 bits. */
function integerText(text: string, max: string, maxNegative: string): string | undefined {
  const match = /^\s*([+-]?)0*(\d{1,19})\s*$/.exec(text);
  if (!match) return fractionText(text, Number(max));
  const digits = match[2] as string;
  const limit = match[1] === '-' ? maxNegative : max;
  if (digits.length > limit.length || (digits.length === limit.length && digits > limit)) return undefined;
  return match[1] === '-' && digits !== '0' ? `-${digits}` : digits;
}

/** `1.5` or `1e3` in an integer field: OpenSearch drops the fraction itself, so does this. */
function fractionText(text: string, max: number): string | undefined {
  const trimmed = text.trim();
  if (!NUMBER.test(trimmed)) return undefined;
  const number = Math.trunc(Number(trimmed));
  return Math.abs(number) < max && Math.abs(number) <= Number.MAX_SAFE_INTEGER ? String(number === 0 ? 0 : number) : undefined;
}

const V4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;

/** Whether OpenSearch's `ip` type takes the text: IPv4 in dotted decimals, or IPv6 without a zone. */
export function isIp(text: string): boolean {
  if (V4.test(text)) return true;
  if (text.length > 45 || !/^[0-9a-fA-F:]{2,}(?:\d{1,3}(?:\.\d{1,3}){3})?$/.test(text) || !text.includes(':')) return false;
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1) ?? '';
  const hasV4 = last.includes('.');
  if (hasV4 && !V4.test(last)) return false;
  const count = groups.length + (hasV4 ? 1 : 0);
  const isGroups = groups.every((group, at) => (hasV4 && at === groups.length - 1) || /^[0-9a-fA-F]{1,4}$/.test(group));
  return isGroups && (halves.length === 2 ? count < 8 : count === 8);
}

import { isIp } from './fields.ts';
import { joinMembers, quoteJson } from './json-text.ts';

/** What a function may add about a client's address or a user agent: members with a leading comma each, '' for nothing. It never drops or throws. */
export interface LineEnrichment {
  readonly source?: (address: string) => string;
  readonly userAgent?: (userAgent: string) => string;
}

/** `-` and nothing are no value. */
export function isNothing(value: string | undefined): boolean {
  return value === undefined || value === '' || value === '-';
}

/** `"name":{…}`; nothing without members. */
export function objectMember(name: string, ...members: readonly string[]): string {
  const joined = joinMembers(...members);
  return joined === '' ? '' : `"${name}":{${joined}}`;
}

export function textMember(name: string, value: string | undefined): string {
  return value === undefined || isNothing(value) ? '' : `"${name}":${quoteJson(value)}`;
}

/** A value that lists several becomes a list, so that each can be searched by itself. */
export function listMember(name: string, value: string, separator: string): string {
  if (isNothing(value)) return '';
  if (!value.includes(separator)) return `"${name}":${quoteJson(value)}`;
  return `"${name}":[${value.split(separator).map(quoteJson).join(',')}]`;
}

/** Up to 15 digits that JSON has as a number. */
export function integerMember(name: string, value: string | undefined): string {
  return value !== undefined && /^(?:0|[1-9]\d{0,14})$/.test(value) ? `"${name}":${value}` : '';
}

const DECIMAL = /^(?:0|[1-9]\d{0,5})(?:\.\d{1,9})?$/;

/** A decimal that is not negative: `-1` (never sent, never answered) is no time. */
export function decimalMember(name: string, value: string | undefined): string {
  return value !== undefined && DECIMAL.test(value) ? `"${name}":${value}` : '';
}

/** Seconds as nanoseconds, exactly; -1 where the text is no time. */
export function decimalNs(value: string): number {
  if (!DECIMAL.test(value)) return -1;
  const [whole, fraction = ''] = value.split('.') as [string, string?];
  return Number(whole) * 1e9 + Number(fraction.padEnd(9, '0'));
}

/** `"status_class":"5xx"`. */
export function statusClassMember(status: string): string {
  return /^[1-9]\d\d$/.test(status) ? `"status_class":"${status[0]}xx"` : '';
}

/** `"ip":…`, or `"address":…` for what is no IP address. */
export function addressMember(host: string | undefined): string {
  if (host === undefined || isNothing(host)) return '';
  return isIp(host) ? `"ip":${quoteJson(host)}` : `"address":${quoteJson(host)}`;
}

/** IPv6 may stand in brackets or without: the port is behind the last colon. */
export function hostPort(value: string): readonly [string, string] {
  const colon = value.lastIndexOf(':');
  if (colon < 0 || !/^\d{1,5}$/.test(value.slice(colon + 1))) return [value, ''];
  return [value.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), value.slice(colon + 1)];
}

/** Most fields of a line: more is no access log. */
const MAX_FIELDS = 200;

/** Fields that blanks part; a quoted one, which may hold blanks, ends at a quote that a blank or the end follows. Quotes around are taken off. */
export function splitFields(text: string): string[] {
  const fields: string[] = [];
  let at = 0;
  while (at < text.length && fields.length < MAX_FIELDS) {
    let end: number;
    if (text.charCodeAt(at) === 34) {
      end = text.indexOf('" ', at + 1);
      if (end < 0) end = text.endsWith('"') && text.length > at + 1 ? text.length - 1 : text.length;
      fields.push(text.slice(at + 1, end));
      at = end + 2;
    } else {
      end = text.indexOf(' ', at);
      if (end < 0) end = text.length;
      fields.push(text.slice(at, end));
      at = end + 1;
    }
  }
  return fields;
}

/** The fields of a line by name, in the order of `names`; what comes behind them is `rest`. A JSON object (a vended log) is read by the same names. */
export function namedFields(text: string, names: readonly string[]): Map<string, string> | undefined {
  if (text.charCodeAt(0) === 123) return jsonFields(text);
  const fields = splitFields(text.trimEnd());
  const values = new Map<string, string>();
  for (const [at, name] of names.entries()) values.set(name, fields[at] ?? '');
  if (fields.length > names.length) values.set('rest', fields.slice(names.length).join(' '));
  return values;
}

function jsonFields(text: string): Map<string, string> | undefined {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return undefined;
  return new Map(Object.entries(record).map(([name, value]) => [name, plainText(value)]));
}

/** Numbers as they are written, lists parted by blanks, as in the lines; nothing for null. */
export function plainText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(plainText).join(' ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

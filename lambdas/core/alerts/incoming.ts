import type { Alert } from './alert.ts';

/** A message as it came, taken out of its envelope. Nothing in it is trusted. */
export interface Incoming {
  readonly text: string;
  readonly subject?: string;
  readonly attributes?: { readonly [name: string]: string };
  /** Of the envelope: the same for every delivery of one message. */
  readonly id: string;
  /** When it was sent, in ms since the epoch. */
  readonly sentAt: number;
}

/** What readers know besides the message. */
export interface ReadContext {
  readonly receivedAt: number;
  readonly account: string;
  readonly region: string;
}

/** The message as a reader gets it: parsed where it is a JSON object. */
export interface ReadInput extends Incoming, ReadContext {
  readonly json?: JsonObject;
}

export type JsonObject = { readonly [name: string]: unknown };

/** Understands one kind of message; undefined where it is another kind. May throw on odd input: the next reader is tried then. */
export type Reader = (input: ReadInput) => Alert[] | undefined;

/** The value at a path of names; undefined where there is none. Names of the prototype are not fields. */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  let current = value;
  for (const name of path) {
    if (current === null || typeof current !== 'object' || Array.isArray(current) || !Object.hasOwn(current, name)) return undefined;
    current = (current as JsonObject)[name];
  }
  return current;
}

/** A text at a path, a number as text; undefined for anything else and for an empty one. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = valueAt(value, ...path);
  if (typeof found === 'string') return found === '' ? undefined : found;
  return typeof found === 'number' || typeof found === 'boolean' ? String(found) : undefined;
}

/** A finite number at a path, also written as text. */
export function numberAt(value: unknown, ...path: readonly string[]): number | undefined {
  const found = valueAt(value, ...path);
  if (typeof found === 'number') return Number.isFinite(found) ? found : undefined;
  if (typeof found !== 'string' || found.trim() === '') return undefined;
  const number = Number(found);
  return Number.isFinite(number) ? number : undefined;
}

/** An object at a path; undefined for anything else. */
export function objectAt(value: unknown, ...path: readonly string[]): JsonObject | undefined {
  const found = path.length === 0 ? value : valueAt(value, ...path);
  return found !== null && typeof found === 'object' && !Array.isArray(found) ? (found as JsonObject) : undefined;
}

/** A list at a path; an empty one for anything else. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = path.length === 0 ? value : valueAt(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The object that a text holds; undefined where it holds none. */
export function parseObject(text: string): JsonObject | undefined {
  const start = /\S/.exec(text)?.[0];
  if (start !== '{') return undefined;
  try {
    return objectAt(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** A time in ms: ISO 8601 in any of AWS's spellings (`+0000` without a colon too), or epoch seconds or milliseconds. Undefined where it is none or absurd. */
export function timeOf(value: unknown): number | undefined {
  let ms: number | undefined;
  if (typeof value === 'number') ms = value < 100_000_000_000 ? value * 1000 : value;
  else if (typeof value === 'string') {
    const text = value.trim();
    if (/^\d{9,13}(?:\.\d+)?$/.test(text)) return timeOf(Number(text));
    ms = Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  }
  if (ms === undefined || !Number.isFinite(ms) || ms < 946_684_800_000 || ms > 4_102_444_800_000) return undefined;
  return Math.floor(ms);
}

/** How far a sender's clock may be ahead of ours, in ms: a time from the far future would outlive every later report. */
const MAX_AHEAD_MS = 60_000;

/** A reported time, not later than a minute from now; the time of the envelope where there is none. */
export function reportedAt(value: unknown, { receivedAt, sentAt }: Pick<ReadInput, 'receivedAt' | 'sentAt'>): number {
  return Math.min(timeOf(value) ?? sentAt, receivedAt + MAX_AHEAD_MS);
}

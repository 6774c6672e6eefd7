import type { FieldType } from '../rules/rules.ts';
import { type DeclaredField, declaredFields, nestMembers, typedText } from './fields.ts';
import { arraySpans, objectSpans, repairJson, type Spans } from './json-repair.ts';
import { ENTRY, lastScan, memberTable, scanJson } from './json-scan.ts';
import { quoteJson, unquoteJson } from './json-text.ts';
import { levelOf, levelOfNumber } from './level.ts';
import { parsedLine } from './parsed-line.ts';
import { epochText, lastTime, rfc3339, rfc3339At } from './time.ts';
import type { LogLevel, ParsedLine } from './types.ts';

/** Uses of a first-level key; of several keys with one use the first in this list wins. A caller is what zap writes. */
const CALLER = 0;
const MESSAGE = 1;
const LEVEL = 2;
const TIME = 3;
const USES = new Map<string, { readonly use: number; readonly rank: number }>(
  (
    [
      [CALLER, ['caller']],
      [MESSAGE, ['message', 'msg', 'log', 'event']],
      [LEVEL, ['level', 'severity', 'lvl', 'log.level', 'levelname', 'loglevel', 'log_level']],
      [TIME, ['@timestamp', 'timestamp', 'time', 'ts', 'eventTime', 'datetime']],
    ] as const
  ).flatMap(([use, names]) => names.map((name, rank) => [name, { use, rank }] as const)),
);

const IS_FIRST_LETTER = new Uint8Array(128);
for (const key of USES.keys()) IS_FIRST_LETTER[key.charCodeAt(0)] = 1;

/** Positions of the values in use, [start, end, rank] per use. */
const used = new Int32Array(4 * 3);

/** Whether the object that was read last has a `caller`: zap's lines do. */
export function hasCaller(): boolean {
  return used[CALLER * 3] !== -1;
}

/** What was found in one object besides its text. */
interface Found {
  readonly message: string;
  readonly timestamp: string | undefined;
  readonly level: LogLevel | undefined;
}

/**
 * Makes the parser of an application's JSON lines. The whole object goes under `json` (flat_object) with its text reused, so no key of it can meet
 * one of the envelope's; message, level and time are found by their usual names; declared fields are typed at the top under their own names.
 */
export function createJsonParser(fields: { readonly [field: string]: FieldType } = {}): (text: string) => ParsedLine | undefined {
  const declared = declaredFields(fields);
  return (text) => parseJson(text, declared);
}

function parseJson(text: string, declared: readonly DeclaredField[]): ParsedLine | undefined {
  const start = firstBrace(text);
  if (start < 0) return undefined;
  const flags = scanJson(text, start);
  if (flags < 0) return undefined;
  const end = lastScan.end;
  for (let i = end; i < text.length; i++) if (text.charCodeAt(i) > 32) return undefined;
  if (flags !== 0) return parseRepaired(text, start, declared);
  const found = findInTable(text);
  const json = start === 0 && end === text.length ? text : text.slice(start, end);
  const typed = declared.length === 0 ? '' : typedMembers(text, declared, start);
  return line(found, `"message":${found.message}${typed},"json":${json}`, false);
}

function parseRepaired(text: string, start: number, declared: readonly DeclaredField[]): ParsedLine | undefined {
  const repaired = repairJson(text, start, 'json');
  // Message and declared fields are read from the original: there they are whole.
  const spans = objectSpans(text, start);
  used.fill(-1);
  for (const [key, span] of spans) use(key, span.start, span.end);
  const found = foundValues(text);
  const typed = declared.length === 0 ? '' : typedFromSpans(text, spans, declared);
  return line(found, `"message":${found.message}${typed},"json":${repaired.text}`, repaired.truncated);
}

function line(found: Found, members: string, truncated: boolean): ParsedLine {
  const parsed = parsedLine('json', members, found.timestamp, found.level);
  if (truncated) parsed.truncated = true;
  return parsed;
}

/** Position of the `{` that starts the text, blanks before it allowed; -1 where something else does. */
export function firstBrace(text: string): number {
  let i = 0;
  for (let c = text.charCodeAt(0); c === 32 || c === 9 || c === 10 || c === 13; c = text.charCodeAt(i)) i++;
  return text.charCodeAt(i) === 123 ? i : -1;
}

function findInTable(text: string): Found {
  used.fill(-1);
  for (let e = 0; e < lastScan.members * ENTRY; e += ENTRY) {
    if (memberTable[e + 4] !== 1) continue;
    const keyStart = memberTable[e] as number;
    const keyEnd = memberTable[e + 1] as number;
    // Most keys are none of these: their length and first letter say so without a look-up.
    const length = keyEnd - keyStart;
    if (length <= 10 && length >= 2 && IS_FIRST_LETTER[text.charCodeAt(keyStart) & 127] === 1)
      use(text.slice(keyStart, keyEnd), memberTable[e + 2] as number, memberTable[e + 3] as number);
  }
  return foundValues(text);
}

function use(key: string, start: number, end: number): void {
  const entry = USES.get(key);
  if (entry === undefined) return;
  const at = entry.use * 3;
  if (used[at] !== -1 && (used[at + 2] as number) < entry.rank) return;
  used[at] = start;
  used[at + 1] = end;
  used[at + 2] = entry.rank;
}

function foundValues(text: string): Found {
  return { message: messageText(text), timestamp: timeOf(text), level: levelIn(text) };
}

function messageText(text: string): string {
  const start = used[MESSAGE * 3] as number;
  if (start < 0) return '""';
  const raw = text.slice(start, used[MESSAGE * 3 + 1]);
  const c = raw.charCodeAt(0);
  if (c === 34) return /\\u[dD][89a-fA-F]/.test(raw) ? quoteJson(JSON.parse(raw) as string) : raw;
  return c === 110 ? '""' : quoteJson(raw);
}

function timeOf(text: string): string | undefined {
  const start = used[TIME * 3] as number;
  if (start < 0) return undefined;
  const end = used[TIME * 3 + 1] as number;
  if (text.charCodeAt(start) !== 34) return epochText(text.slice(start, end));
  const time = rfc3339At(text, start + 1);
  if (time !== undefined && lastTime.end === end - 1) return time;
  const value = end - start < 64 ? unquoteJson(text, start, end) : '';
  return rfc3339(value) ?? epochText(value);
}

function levelIn(text: string): LogLevel | undefined {
  const start = used[LEVEL * 3] as number;
  if (start < 0) return undefined;
  const end = used[LEVEL * 3 + 1] as number;
  if (end - start > 20) return undefined;
  return text.charCodeAt(start) === 34 ? levelOf(text.slice(start + 1, end - 1)) : levelOfNumber(Number(text.slice(start, end)));
}

/** Declared fields by the member table (two levels); deeper ones by reading their parent again. */
function typedMembers(text: string, declared: readonly DeclaredField[], start: number): string {
  for (const field of declared) if (field.path.length > 2) return typedFromSpans(text, objectSpans(text, start), declared);
  const values = new Map<readonly string[], string>();
  let parent = '';
  for (let e = 0; e < lastScan.members * ENTRY; e += ENTRY) {
    const key = text.slice(memberTable[e], memberTable[e + 1]);
    const isTop = memberTable[e + 4] === 1;
    if (isTop) parent = key;
    for (const field of declared) {
      const matches = isTop ? field.name === key : field.path.length === 2 && field.path[0] === parent && field.path[1] === key;
      if (!matches || values.has(field.path)) continue;
      const value = typedValue(text, memberTable[e + 2] as number, memberTable[e + 3] as number, field.type);
      if (value !== undefined) values.set(field.path, value);
    }
  }
  return values.size === 0 ? '' : `,${nestMembers(values)}`;
}

function typedFromSpans(text: string, spans: Spans, declared: readonly DeclaredField[]): string {
  const values = new Map<readonly string[], string>();
  for (const field of declared) {
    const span = spans.get(field.name) ?? spanAt(text, spans, field.path);
    const value = span === undefined ? undefined : typedValue(text, span.start, span.end, field.type);
    if (value !== undefined) values.set(field.path, value);
  }
  return values.size === 0 ? '' : `,${nestMembers(values)}`;
}

function spanAt(text: string, spans: Spans, path: readonly string[]): { readonly start: number; readonly end: number } | undefined {
  let inner = spans;
  for (const [at, name] of path.entries()) {
    const span = inner.get(name);
    if (span === undefined || at === path.length - 1) return span;
    if (text.charCodeAt(span.start) !== 123) return undefined;
    inner = objectSpans(text, span.start);
  }
  return undefined;
}

/** A list gives a list of what fits: every OpenSearch field takes several values. */
function typedValue(text: string, start: number, end: number, type: FieldType): string | undefined {
  const c = text.charCodeAt(start);
  if (c === 34) return typedText(type, unquoteJson(text, start, end));
  if (c === 123 || c === 110) return undefined;
  if (c !== 91) return typedText(type, text.slice(start, end));
  const items: string[] = [];
  for (const item of arraySpans(text, start)) {
    const first = text.charCodeAt(item.start);
    const value = first === 91 ? undefined : typedValue(text, item.start, item.end, type);
    if (value !== undefined) items.push(value);
  }
  return items.length === 0 ? undefined : `[${items.join(',')}]`;
}

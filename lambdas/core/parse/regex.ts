import type { FieldType, RegexPattern } from '../rules/rules.ts';
import { cutUtf8, FLAT_OBJECT_MAX_BYTES, utf8Bytes } from './cut.ts';
import { declaredFields, nestMembers, typedText } from './fields.ts';
import { quoteJson } from './json-text.ts';
import { trimLineEnd } from './klog.ts';
import { levelOf } from './level.ts';
import { compileStrptime, type TimeReader } from './strptime.ts';
import { epochText, rfc3339, utcText } from './time.ts';
import type { ParsedLine, Parser } from './types.ts';

const KV_TERM_BYTES = FLAT_OBJECT_MAX_BYTES - 2 * 3 - 1;

/** A longer record is kept as text: a pattern that is linear on short lines may still be slow on a megabyte. */
export const MAX_REGEX_CHARS = 262_144;

/**
 * Makes the parser of a user's own pattern. Groups with a declared field are typed at the top; `message`, `level` and the time key have their own
 * places; other groups go to `kv`. Group names cannot hold dots, so `http_status` also stands for a declared `http.status`. Throws on a pattern that does
 * not compile: `check` refuses it before anything is deployed.
 */
export function createRegexParser(pattern: RegexPattern, fields: { readonly [field: string]: FieldType } = {}): Parser {
  // A joined record has line breaks in it, and `.` is meant to reach over them.
  const regex = new RegExp(pattern.regex, 's');
  const readTime = timeReader(pattern.timeFormat ?? 'iso8601');
  const declared = new Map(
    declaredFields(fields).flatMap((field) => [[field.name, field] as const, [field.name.replaceAll('.', '_'), field] as const]),
  );
  return (input, context) => {
    const text = trimLineEnd(input);
    const match = text.length > MAX_REGEX_CHARS ? null : regex.exec(text);
    if (match === null) return undefined;
    const typed = new Map<readonly string[], string>();
    let kv = '';
    let message: string | undefined;
    let level: ParsedLine['level'];
    let timestamp: string | undefined;
    let truncated = false;
    for (const [name, value] of Object.entries(match.groups ?? {})) {
      if (value === undefined) continue;
      if (name === pattern.timeKey) timestamp = readTime(value, context.eventTimeMs);
      const field = declared.get(name);
      const known = field === undefined ? undefined : typedText(field.type, value);
      if (field !== undefined && known !== undefined) typed.set(field.path, known);
      else if (name === 'message') message = value;
      else if (name === 'level' && levelOf(value) !== undefined) level = levelOf(value);
      else if (name !== pattern.timeKey || timestamp === undefined) {
        const cut = cutUtf8(value, KV_TERM_BYTES - utf8Bytes(name));
        truncated ||= cut !== value;
        kv += `${kv === '' ? '' : ','}${quoteJson(name)}:${quoteJson(cut)}`;
      }
    }
    const typedMembers = nestMembers(typed);
    return {
      format: 'regex',
      members: `"message":${quoteJson(message ?? text)}${typedMembers === '' ? '' : `,${typedMembers}`}${kv === '' ? '' : `,"kv":{${kv}}`}`,
      ...(timestamp === undefined ? {} : { timestamp }),
      ...(level === undefined ? {} : { level }),
      ...(truncated ? { truncated: true } : {}),
    };
  };
}

function timeReader(format: string): TimeReader {
  switch (format) {
    case 'iso8601':
      return (text) => rfc3339(text) ?? epochText(text);
    case 'epochSeconds':
      return (text) => epoch(text, 0);
    case 'epochMillis':
      return (text) => epoch(text, 3);
    default:
      return compileStrptime(format) ?? (() => undefined);
  }
}

function epoch(text: string, shift: number): string | undefined {
  const match = /^(\d{1,16})(?:\.(\d{1,9}))?$/.exec(text);
  if (match === null) return undefined;
  const digits = (match[1] as string).padStart(shift + 1, '0');
  const whole = shift === 0 ? digits : digits.slice(0, -shift);
  const fraction = (shift === 0 ? '' : digits.slice(-shift)) + (match[2] ?? '');
  return utcText(Number(whole) * 1000, fraction.slice(0, 9));
}

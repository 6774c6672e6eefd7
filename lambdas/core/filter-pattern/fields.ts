import { isBlank } from './cursor.ts';

/** A field of a space-delimited event: its text without the quotes or brackets around it. */
export interface Field {
  readonly text: string;
  /** Where the field starts in the message, including its quote or bracket. */
  readonly start: number;
}

/**
 * Splits an event at runs of blanks; what is between `[` and `]` or between double quotes is one field.
 * At most `limit` fields are read; the last of them then holds the rest of the message, whatever it is.
 */
export function splitFields(message: string, limit = Number.POSITIVE_INFINITY): Field[] {
  const fields: Field[] = [];
  const unclosed = new Set<string>();
  let at = skipBlanks(message, 0);
  while (at < message.length) {
    const field = fieldAt(message, at, unclosed);
    const next = skipBlanks(message, field.end);
    if (fields.length === limit - 1 && next < message.length) {
      fields.push({ text: message.slice(at).trimEnd(), start: at });
      return fields;
    }
    fields.push({ text: field.text, start: at });
    at = next;
  }
  return fields;
}

function skipBlanks(message: string, from: number): number {
  let at = from;
  while (at < message.length && isBlank(message[at])) at++;
  return at;
}

/** A sign in `unclosed` was looked for in vain: it occurs nowhere further on either, so a message is searched once at most. */
function fieldAt(message: string, start: number, unclosed: Set<string>): { text: string; end: number } {
  const close = message[start] === '[' ? ']' : message[start] === '"' ? '"' : undefined;
  if (close !== undefined && !unclosed.has(close)) {
    const end = closingAt(message, start, close);
    if (end >= 0) return { text: message.slice(start + 1, end), end: end + 1 };
    unclosed.add(close);
  }
  let end = start;
  while (end < message.length && !isBlank(message[end])) end++;
  return { text: message.slice(start, end), end };
}

/** The closing sign that a blank or the end follows: one inside a word (`"a"b"`) or after a backslash closes nothing. */
function closingAt(message: string, start: number, close: string): number {
  for (let end = message.indexOf(close, start + 1); end >= 0; end = message.indexOf(close, end + 1)) {
    const next = message[end + 1];
    if ((next === undefined || isBlank(next)) && message[end - 1] !== '\\') return end;
  }
  return -1;
}

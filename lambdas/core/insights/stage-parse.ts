import type { Regex } from '../regex/regex.ts';
import type { Slots } from './compiled.ts';
import { followPath, parseStructure } from './json-path.ts';
import type { StageMaker } from './stage.ts';
import type { Structure, Value } from './value.ts';

type ReadText = (slots: Slots) => string | undefined;

/** Splits a glob at its stars; `\*` is a star itself. */
export function splitGlob(pattern: string): string[] {
  const parts = [''];
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at] as string;
    if (char === '*') parts.push('');
    else if (char === '\\' && pattern[at + 1] === '*') parts.push(`${parts.pop()}${pattern[++at]}`);
    else parts.push(`${parts.pop()}${char}`);
  }
  return parts;
}

/** `parse … "user=*, id:*" as …`: each star takes as little as it can, the last one the rest if nothing follows it. */
export function globStage(read: ReadText, pattern: string, slots: readonly number[]): StageMaker {
  const parts = splitGlob(pattern);
  const apply = (text: string, row: Slots): void => {
    const first = parts[0] as string;
    let at = text.indexOf(first);
    if (at < 0) return;
    at += first.length;
    const values: string[] = [];
    for (let i = 1; i < parts.length; i++) {
      const part = parts[i] as string;
      // Two stars in a row: the first takes nothing.
      const end = part !== '' ? text.indexOf(part, at) : i === parts.length - 1 ? text.length : at;
      if (end < 0) return;
      values.push(text.slice(at, end));
      at = end + part.length;
    }
    for (let i = 0; i < slots.length; i++) row[slots[i] as number] = values[i];
  };
  return perRow(read, slots, apply);
}

/** `parse … /(?<name>…)/`; `groups` tells which group goes to which slot. */
export function regexStage(
  read: ReadText,
  regex: Regex,
  groups: readonly { readonly group: number; readonly slot: number }[],
  multi: boolean,
): StageMaker {
  const slots = groups.map((each) => each.slot);
  const put = (row: Slots, values: readonly (string | undefined)[]) => {
    for (const { group, slot } of groups) row[slot] = values[group];
  };
  if (!multi) {
    return perRow(read, slots, (text, row) => {
      const match = regex.exec(text);
      if (match) put(row, match.groups);
    });
  }
  return (next) => ({
    push(row) {
      const text = read(row);
      for (const slot of slots) row[slot] = undefined;
      const matches = text === undefined ? [] : (regex.all(text) ?? []);
      // Without a match the event stays in the result, as in the other modes.
      if (matches.length === 0) return next.push(row);
      for (const match of matches) {
        put(row, match.groups);
        if (!next.push(row)) return false;
      }
      return true;
    },
    end: () => next.end(),
  });
}

/** `parse … logfmt as x`: a map of the pairs. */
export function logfmtStage(read: ReadText, slot: number): StageMaker {
  return perRow(read, [slot], (text, row) => {
    row[slot] = parseLogfmt(text);
  });
}

/** Pairs `key=value` and `key="quoted value"`; a key alone is true. Undefined when there is no pair at all. */
export function parseLogfmt(text: string): Structure | undefined {
  const result: { [name: string]: string | boolean } = Object.create(null) as { [name: string]: string | boolean };
  const pair = /([^\s="]+)(?:=("(?:[^"\\]|\\.)*"|[^\s"]*))?/gy;
  let pairs = 0;
  for (let at = 0; at < text.length; ) {
    pair.lastIndex = at;
    const match = pair.exec(text);
    if (!match) {
      at++;
      continue;
    }
    const value = match[2];
    if (value === undefined) result[match[1] as string] ??= true;
    else {
      pairs++;
      result[match[1] as string] = value.startsWith('"')
        ? value.slice(1, -1).replace(/\\(.)/g, (_all, char: string) => ({ n: '\n', t: '\t', r: '\r' })[char] ?? char)
        : value;
    }
    at = pair.lastIndex;
  }
  return pairs > 0 ? result : undefined;
}

/** `parse … csv as a, b`. */
export function csvStage(read: ReadText, slots: readonly number[]): StageMaker {
  return perRow(read, slots, (text, row) => {
    const values = parseCsv(text);
    for (let i = 0; i < slots.length; i++) row[slots[i] as number] = values[i];
  });
}

/** Values between commas; one in double quotes may hold commas, and doubled quotes for one. */
export function parseCsv(line: string): string[] {
  const values: string[] = [];
  for (let at = 0; ; ) {
    if (line[at] === '"') {
      let value = '';
      let from = at + 1;
      for (;;) {
        const quote = line.indexOf('"', from);
        if (quote < 0) {
          values.push(value + line.slice(from));
          return values;
        }
        value += line.slice(from, quote);
        from = quote + 1;
        if (line[from] !== '"') break;
        value += '"';
        from++;
      }
      const comma = line.indexOf(',', from);
      values.push(value + line.slice(from, comma < 0 ? undefined : comma));
      if (comma < 0) return values;
      at = comma + 1;
    } else {
      const comma = line.indexOf(',', at);
      values.push(line.slice(at, comma < 0 ? undefined : comma).trim());
      if (comma < 0) return values;
      at = comma + 1;
    }
  }
}

/** `json field=payload "user.name" as name`. */
export function jsonStage(read: (slots: Slots) => Value, path: string, slot: number): StageMaker {
  return (next) => ({
    push(row) {
      const value = read(row);
      row[slot] = followPath(typeof value === 'string' ? parseStructure(value) : value, path);
      return next.push(row);
    },
    end: () => next.end(),
  });
}

function perRow(read: ReadText, slots: readonly number[], apply: (text: string, row: Slots) => void): StageMaker {
  return (next) => ({
    push(row) {
      // Read before the slots are cleared: the source may be one of them.
      const text = read(row);
      for (const slot of slots) row[slot] = undefined;
      if (text !== undefined) apply(text, row);
      return next.push(row);
    },
    end: () => next.end(),
  });
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { ParsedLine } from '../../../../lambdas/core/parse/types.ts';

/** Time of the samples' recording. */
export const RECORDED_MS = Date.UTC(2026, 10, 21, 8, 33);
export const CONTEXT = { eventTimeMs: RECORDED_MS };

/** A sample file's bytes, unpacked. */
export function sample(path: string): Buffer {
  return gunzipSync(readFileSync(join(__dirname, '../../../../samples', path)));
}

export function sampleLines(path: string): string[] {
  return sample(path).toString('utf8').split('\n').slice(0, -1);
}

/** The record of a line as an object: its members, and what belongs to `log` and `event`. */
export function objectOf(parsed: ParsedLine | undefined): { [key: string]: unknown } {
  if (parsed === undefined) throw new Error('the line was not parsed');
  return strictJson(documentText(parsed)) as { [key: string]: unknown };
}

export function documentText(parsed: ParsedLine): string {
  const log = [parsed.level === undefined ? '' : `"level":"${parsed.level}"`, parsed.logMembers ?? '']
    .filter((part) => part !== '')
    .join(',');
  const envelope = [
    parsed.timestamp === undefined ? '' : `"@timestamp":"${parsed.timestamp}"`,
    log === '' ? '' : `"log":{${log}}`,
    parsed.eventMembers === undefined ? '' : `"event":{${parsed.eventMembers}}`,
    parsed.members,
  ];
  return `{${envelope.filter((part) => part !== '').join(',')}}`;
}

/** Parses JSON as OpenSearch does: a key that occurs twice in one object is an error, and a raw line break anywhere too. */
export function strictJson(text: string): unknown {
  if (/[\n\r]/.test(text)) throw new Error('a line break would end the line of a bulk body');
  const value: unknown = JSON.parse(text);
  refuseDuplicates(text);
  return value;
}

function refuseDuplicates(text: string): void {
  const stack: (Set<string> | undefined)[] = [];
  const token = /"(?:[^"\\]|\\.)*"|[{}[\]]/g;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const found = match[0];
    if (found === '{') stack.push(new Set());
    else if (found === '[') stack.push(undefined);
    else if (found === '}' || found === ']') stack.pop();
    else if (/^\s*:/.test(text.slice(token.lastIndex, token.lastIndex + 8))) {
      const key = JSON.parse(found) as string;
      const keys = stack.at(-1);
      if (keys?.has(key)) throw new Error(`duplicate key ${key}`);
      keys?.add(key);
    }
  }
}

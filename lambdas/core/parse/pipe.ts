import { quoteJson } from './json-text.ts';
import { trimLineEnd } from './klog.ts';
import { levelOf } from './level.ts';
import { isPipeStart } from './line-kinds.ts';
import { errorIn } from './stack-trace.ts';
import { lastTime, rfc3339At } from './time.ts';
import type { ParsedLine } from './types.ts';

const NAMES = ['thread', 'id', 'session', 'operation', 'class'];

/**
 * Reads `ts | level | thread | id | session | operation | class | message` with the lines that follow (XML, stack traces). Fields may be empty; a `|`
 * inside the message belongs to it. The time has no zone: UTC, as containers run.
 */
export function parsePipe(input: string): ParsedLine | undefined {
  if (!isPipeStart(input)) return undefined;
  const text = trimLineEnd(input);
  const timestamp = rfc3339At(text, 0);
  if (timestamp === undefined || !text.startsWith(' | ', lastTime.end)) return undefined;
  const lineEnd = text.indexOf('\n');
  const limit = lineEnd < 0 ? text.length : lineEnd;
  let at = lastTime.end + 2;
  const fields: string[] = [];
  while (fields.length < 6) {
    const bar = text.indexOf('|', at);
    if (bar < 0 || bar >= limit) return undefined;
    fields.push(text.slice(at, bar).trim());
    at = bar + 1;
  }
  const level = levelOf(fields[0] as string);
  if (level === undefined && !/^[A-Z]{2,12}$/.test(fields[0] as string)) return undefined;
  let members = '';
  for (const [position, name] of NAMES.entries()) {
    const value = fields[position + 1] as string;
    if (value !== '') members += `${members === '' ? '' : ','}"${name}":${quoteJson(value)}`;
  }
  const message = text.slice(text.charCodeAt(at) === 32 ? at + 1 : at);
  const error = lineEnd < 0 ? undefined : errorIn(message);
  const errorMember = error === undefined ? '' : `,"error":{${error.summary}}`;
  return {
    format: 'pipe',
    timestamp,
    ...(level === undefined ? {} : { level }),
    members: `"message":${quoteJson(message)}${members === '' ? '' : `,"pipe":{${members}}`}${errorMember}`,
  };
}

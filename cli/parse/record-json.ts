import { millisText, rfc3339 } from '../../lambdas/core/parse/time.ts';
import type { ParsedLine } from '../../lambdas/core/parse/types.ts';
import type { JoinedRecord } from './record-queue.ts';

/** The record of a parsed line as JSON text, in the order that a reader looks for: time, level, message, the rest. */
export function recordJson(parsed: ParsedLine, { first, isHeadless }: JoinedRecord): string {
  const criTime = first.time === undefined ? undefined : rfc3339(first.time);
  const timestamp = parsed.timestamp ?? criTime ?? (first.timeMs === undefined ? undefined : millisText(first.timeMs));
  const members: string[] = [];
  if (timestamp !== undefined) members.push(`"@timestamp":"${timestamp}"`);
  const log = [parsed.level === undefined ? '' : `"level":"${parsed.level}"`, parsed.logMembers ?? '']
    .filter((part) => part !== '')
    .join(',');
  if (log !== '') members.push(`"log":{${log}}`);
  if (parsed.members !== '') members.push(parsed.members);
  if (parsed.eventMembers !== undefined) members.push(`"event":{${parsed.eventMembers}}`);
  if (first.stream !== undefined) members.push(`"stream":${JSON.stringify(first.stream)}`);
  if (first.time !== undefined) members.push(`"time":${JSON.stringify(first.time)}`);
  if (first.kubernetes !== undefined) members.push(`"kubernetes":{${first.kubernetes}}`);
  const parse = [parsed.truncated === true ? '"truncated":true' : '', isHeadless ? '"continuation":true' : '']
    .filter((part) => part !== '')
    .join(',');
  if (parse !== '') members.push(`"parse":{${parse}}`);
  return `{${members.join(',')}}`;
}

import { authenticatorMembers, IDENTITY_ROLES, ROLE } from './authenticator.ts';
import { unquoteGo } from './go-quote.ts';
import { KeyCache, pairs, scanPairs } from './key-values.ts';
import { trimLineEnd } from './klog.ts';
import { levelOf } from './level.ts';
import { parsedLine } from './parsed-line.ts';
import { rfc3339At } from './time.ts';
import type { LogLevel, ParsedLine } from './types.ts';

const cache = new KeyCache({ ...ROLE });
const OPTIONS = { cache, bareEnd: 'blank', from: 3, without: 0 } as const;
const OPTIONS_WITHOUT_MESSAGE = { cache, bareEnd: 'blank', from: 2, without: 0 } as const;
// What has a field below `authenticator` is not kept a second time: it would double these lines.
const OPTIONS_OF_ANSWER = { cache, bareEnd: 'blank', from: 3, without: IDENTITY_ROLES } as const;
const CONTROL = /[\x00-\x1f]/;

/**
 * Reads a line of logrus' text formatter: `time="…" level=… msg="…"` first, then keys in alphabetical order. Lines of aws-iam-authenticator get the
 * caller's identity as fields of its own.
 */
export function parseLogrus(input: string): ParsedLine | undefined {
  if (!input.startsWith('time="')) return undefined;
  const text = trimLineEnd(input);
  const isClean = !CONTROL.test(text);
  if (!scanPairs(text, 0, isAnswer(text) ? OPTIONS_OF_ANSWER : OPTIONS, isClean) || pairs.count < 2) return undefined;
  const { keys, values } = pairs;
  if (keys[0]?.role !== ROLE.time || keys[1]?.role !== ROLE.level) return undefined;
  const hasMessage = pairs.count > 2 && keys[2]?.role === ROLE.msg;
  if (!hasMessage && !scanPairs(text, 0, OPTIONS_WITHOUT_MESSAGE, isClean)) return undefined;
  const message = hasMessage ? (values[2] as string) : '""';
  const parsed = parsedLine('logrus', '', timeOf(values[0] as string), levelIn(values[1] as string));
  const identity = authenticatorMembers(message, parsed);
  parsed.members = `"message":${message}${identity}${pairs.members === '' ? '' : `,"kv":{${pairs.members}}`}`;
  if (pairs.truncated) parsed.truncated = true;
  return parsed;
}

// Lines of one second follow each other: its text is read once.
const lastTime: { json: string; time: string | undefined } = { json: '', time: undefined };

function timeOf(json: string): string | undefined {
  if (json !== lastTime.json) {
    lastTime.json = json;
    lastTime.time = rfc3339At(json, 1);
  }
  return lastTime.time;
}

function levelIn(json: string): LogLevel | undefined {
  return json === '"info"' ? 'info' : json === '"warning"' ? 'warning' : levelOf(json.slice(1, -1));
}

/** Whether the line answers a request or tells of one: by its message, which stands third. */
function isAnswer(text: string): boolean {
  const at = text.indexOf(' msg="', 20) + 6;
  const c = text.charCodeAt(at);
  if (c === 83) return text.startsWith('STS response"', at);
  return c === 97 && (text.startsWith('access granted"', at) || text.startsWith('access denied"', at));
}

/** The string that a JSON string of `pairs` holds. */
export function plainValue(json: string): string {
  return unquoteGo(json, 0, json.length - 1);
}

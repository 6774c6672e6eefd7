import { authenticatorMembers } from './authenticator.ts';
import { unquoteGo } from './go-quote.ts';
import { KeyCache, pairs, pairsToMembers, scanPairs } from './key-values.ts';
import { trimLineEnd } from './klog.ts';
import { levelOf } from './level.ts';
import { rfc3339At } from './time.ts';
import type { ParsedLine } from './types.ts';

/** Roles of the keys that aws-iam-authenticator writes; see authenticator.ts. */
export const ROLE = {
  time: 1,
  level: 2,
  msg: 3,
  arn: 4,
  accountid: 5,
  session: 6,
  username: 7,
  groups: 8,
  uid: 9,
  client: 10,
  error: 11,
  method: 12,
  path: 13,
} as const;

const keys = new KeyCache({ ...ROLE });
const CONTROL = /[\x00-\x1f]/;

/**
 * Reads a line of logrus' text formatter: `time="…" level=… msg="…"` first, then keys in alphabetical order. Lines of aws-iam-authenticator get the
 * caller's identity as fields of its own.
 */
export function parseLogrus(input: string): ParsedLine | undefined {
  if (!input.startsWith('time="')) return undefined;
  const text = trimLineEnd(input);
  if (!scanPairs(text, 0, keys, 'blank', !CONTROL.test(text)) || pairs.count < 2) return undefined;
  const { keys: names, values } = pairs;
  if (names[0]?.role !== ROLE.time || names[1]?.role !== ROLE.level) return undefined;
  const hasMessage = names[2]?.role === ROLE.msg && pairs.count > 2;
  const time = values[0] as string;
  const timestamp = rfc3339At(time, 1);
  const level = levelOf(text.slice(text.indexOf('level=') + 6, endOfWord(text, text.indexOf('level=') + 6)));
  const message = hasMessage ? (values[2] as string) : '""';
  const identity = authenticatorMembers(message, ROLE);
  const kv = pairsToMembers(hasMessage ? 3 : 2);
  return {
    format: 'logrus',
    members: `"message":${message}${identity.members}${kv === '' ? '' : `,"kv":{${kv}}`}`,
    ...(timestamp === undefined ? {} : { timestamp }),
    ...(level === undefined ? {} : { level }),
    ...(identity.outcome === undefined ? {} : { eventMembers: `"outcome":"${identity.outcome}"` }),
    ...(pairs.truncated ? { truncated: true } : {}),
  };
}

function endOfWord(text: string, at: number): number {
  const blank = text.indexOf(' ', at);
  return blank < 0 ? text.length : blank;
}

/** The string that a JSON string of `pairs` holds. */
export function plainValue(json: string): string {
  return unquoteGo(json, 0, json.length - 1);
}

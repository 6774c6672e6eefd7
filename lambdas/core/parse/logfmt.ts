import { KeyCache, pairs, scanPairs } from './key-values.ts';
import { trimLineEnd } from './klog.ts';
import { levelOf } from './level.ts';
import { plainValue } from './logrus.ts';
import { epochText, rfc3339 } from './time.ts';
import type { ParsedLine } from './types.ts';

const TIME = 1;
const LEVEL = 2;
const MESSAGE = 3;
const ERROR = 4;
const LOGGER = 5;
const CALLER = 6;

const cache = new KeyCache({
  time: TIME,
  ts: TIME,
  t: TIME,
  timestamp: TIME,
  '@timestamp': TIME,
  level: LEVEL,
  lvl: LEVEL,
  severity: LEVEL,
  msg: MESSAGE,
  message: MESSAGE,
  err: ERROR,
  error: ERROR,
  logger: LOGGER,
  caller: CALLER,
});
const OPTIONS = { cache, bareEnd: 'blank', from: 0, without: 1 << MESSAGE } as const;
const CONTROL = /[\x00-\x1f]/;

/** Reads `key=value` lines of any program (go-kit, logrus without its order, Loki, Traefik …); needs two pairs to be sure. */
export function parseLogfmt(input: string): ParsedLine | undefined {
  const text = trimLineEnd(input);
  if (!scanPairs(text, 0, OPTIONS, !CONTROL.test(text)) || pairs.count < 2) return undefined;
  let message = '';
  let timestamp: string | undefined;
  let level: ParsedLine['level'];
  let error = '';
  let logMembers = '';
  for (let k = 0; k < pairs.count; k++) {
    const role = pairs.keys[k]?.role;
    const value = pairs.values[k] as string;
    if (role === TIME && timestamp === undefined) timestamp = rfc3339(plainValue(value)) ?? epochText(plainValue(value));
    else if (role === LEVEL && level === undefined) level = levelOf(plainValue(value));
    else if (role === MESSAGE && message === '') message = value;
    else if (role === ERROR && error === '') error = `,"error":{"message":${value}}`;
    else if (role === LOGGER && !logMembers.includes('"logger"'))
      logMembers = `"logger":${value}${logMembers === '' ? '' : `,${logMembers}`}`;
    else if (role === CALLER && !logMembers.includes('"origin"')) logMembers += callerMembers(plainValue(value), logMembers);
  }
  return {
    format: 'logfmt',
    members: `"message":${message === '' ? '""' : message}${error}${pairs.members === '' ? '' : `,"kv":{${pairs.members}}`}`,
    ...(timestamp === undefined ? {} : { timestamp }),
    ...(level === undefined ? {} : { level }),
    ...(logMembers === '' ? {} : { logMembers }),
    ...(pairs.truncated ? { truncated: true } : {}),
  };
}

/** `"origin":…` of a caller `pkg/file.go:12`, with a comma before it where `before` holds members. */
export function callerMembers(caller: string, before: string): string {
  const match = /^([^\s"\\:]{1,500}):(\d{1,9})$/.exec(caller);
  if (!match) return '';
  return `${before === '' ? '' : ','}"origin":{"file":{"name":${JSON.stringify(match[1])},"line":${Number(match[2])}}}`;
}

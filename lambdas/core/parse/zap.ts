import { firstBrace } from './json.ts';
import { objectSpans, repairJson } from './json-repair.ts';
import { lastScan, scanJson } from './json-scan.ts';
import { joinMembers, quoteJson, unquoteJson } from './json-text.ts';
import { levelOf } from './level.ts';
import { callerMembers } from './logfmt.ts';
import { epochText, rfc3339 } from './time.ts';
import type { ParsedLine } from './types.ts';

const OWN = new Set(['level', 'ts', 'msg', 'logger', 'caller', 'stacktrace']);

/** Reads a JSON line of zap (the etcd client inside an api stream): `level`, `ts`, `msg`, and usually `logger` and `caller`; the rest goes to `json`. */
export function parseZap(text: string): ParsedLine | undefined {
  const start = firstBrace(text);
  if (start < 0) return undefined;
  const flags = scanJson(text, start);
  if (flags < 0 || text.slice(lastScan.end).trim() !== '') return undefined;
  const repaired = flags === 0 ? undefined : repairJson(text, start, 'json');
  const source = repaired?.text ?? text.slice(start, lastScan.end);
  const spans = objectSpans(source, 0);
  const word = (key: string): string | undefined => {
    const span = spans.get(key);
    return span !== undefined && source.charCodeAt(span.start) === 34 ? unquoteJson(source, span.start, span.end) : undefined;
  };
  const level = levelOf(word('level') ?? '');
  const message = word('msg');
  const ts = spans.get('ts');
  if (level === undefined || message === undefined || ts === undefined) return undefined;
  const time = word('ts');
  const timestamp = time === undefined ? epochText(source.slice(ts.start, ts.end)) : rfc3339(time);
  const logger = word('logger');
  const origin = callerMembers(word('caller') ?? '', '');
  const error = word('error');
  const stack = word('stacktrace');
  const rest: string[] = [];
  for (const [key, span] of spans) if (!OWN.has(key)) rest.push(`${quoteJson(key)}:${source.slice(span.start, span.end)}`);
  const errorMembers = joinMembers(
    error === undefined ? '' : `"message":${quoteJson(error)}`,
    stack === undefined ? '' : `"stack_trace":${quoteJson(stack)}`,
  );
  const logMembers = joinMembers(logger === undefined ? '' : `"logger":${quoteJson(logger)}`, origin);
  return {
    format: 'zap',
    level,
    members: joinMembers(
      `"message":${quoteJson(message)}`,
      errorMembers === '' ? '' : `"error":{${errorMembers}}`,
      rest.length === 0 ? '' : `"json":{${rest.join(',')}}`,
    ),
    ...(timestamp === undefined ? {} : { timestamp }),
    ...(logMembers === '' ? {} : { logMembers }),
    ...(repaired?.truncated ? { truncated: true } : {}),
  };
}

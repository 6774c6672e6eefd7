import { quoteJson } from './json-text.ts';
import { trimLineEnd } from './klog.ts';
import { isException } from './line-kinds.ts';
import { type LogHead, readLogHead } from './log-head.ts';
import { parsedLine } from './parsed-line.ts';
import { errorIn, exceptionLine } from './stack-trace.ts';
import type { Format, ParsedLine } from './types.ts';

/**
 * Reads a record of a Java program in the usual layouts (logback, log4j, Spring Boot, java.util.logging, `time LEVEL [thread] logger - message`) with
 * its stack trace, or a stack trace alone. A line with a time and a level but neither thread, logger nor trace is not Java's.
 */
export function parseJava(input: string): ParsedLine | undefined {
  const text = trimLineEnd(input).trimEnd();
  const head = readLogHead(text);
  if (head === undefined) return isException(text) ? traceAlone(text) : undefined;
  const error = errorIn(text.slice(head.end));
  if (error === undefined && head.thread === undefined && head.logger === undefined) return undefined;
  return stamped('java', text, head, error === undefined ? text.length : head.end + error.start, error?.summary);
}

function traceAlone(text: string): ParsedLine | undefined {
  const lineEnd = text.indexOf('\n');
  const error = exceptionLine(text, 0, lineEnd < 0 ? text.length : lineEnd);
  if (error === undefined) return undefined;
  const stack = lineEnd < 0 ? '' : `,"stack_trace":${quoteJson(text)}`;
  return {
    format: 'java',
    level: 'error',
    members: `"message":${quoteJson(lineEnd < 0 ? text : text.slice(0, lineEnd))},"error":{${error.summary}${stack}}`,
  };
}

/** The line of a record with a head: message up to `messageEnd`, what follows is the stack trace. */
export function stamped(format: Format, text: string, head: LogHead, messageEnd: number, errorSummary: string | undefined): ParsedLine {
  const message = text.slice(head.end, messageEnd).trimEnd();
  const stack = text.slice(messageEnd);
  let members = `"message":${quoteJson(message)}`;
  const thread = head.thread === undefined ? '' : `"thread":{"name":${quoteJson(head.thread)}}`;
  const pid = head.pid === undefined ? '' : `"pid":${head.pid}`;
  if (thread !== '' || pid !== '') members += `,"process":{${pid}${pid !== '' && thread !== '' ? ',' : ''}${thread}}`;
  if (errorSummary !== undefined) members += `,"error":{${errorSummary}${stack === '' ? '' : `,"stack_trace":${quoteJson(stack)}`}}`;
  const parsed = parsedLine(format, members, head.timestamp, head.level);
  if (head.logger !== undefined) parsed.logMembers = `"logger":${quoteJson(head.logger)}`;
  return parsed;
}

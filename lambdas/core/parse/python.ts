import { stamped } from './java.ts';
import { quoteJson } from './json-text.ts';
import { trimLineEnd } from './klog.ts';
import { type LogHead, readLogHead } from './log-head.ts';
import { exceptionLine } from './stack-trace.ts';
import type { ParsedLine } from './types.ts';

const TRACEBACK = 'Traceback (most recent call last)';

/** Reads a record of Python's logging (`time - name - LEVEL - …`, `LEVEL:name:…`, gunicorn's) with its traceback, or a traceback alone. */
export function parsePython(input: string): ParsedLine | undefined {
  const text = trimLineEnd(input).trimEnd();
  const start = tracebackStart(text);
  const head = readLogHead(text);
  if (head === undefined) return start === 0 ? tracebackAlone(text) : undefined;
  if (start < 0 && !head.isPython) return undefined;
  const from = start < 0 ? text.length : start;
  return stamped(
    'python',
    text,
    head.end > from ? { ...head, end: from } : head,
    from,
    start < 0 ? undefined : (errorOf(text.slice(start)) ?? '"type":"Traceback"'),
  );
}

/** For `format: python`: any time or level at the start will do, as the program is known to be Python. */
export function parsePythonRecord(input: string): ParsedLine | undefined {
  const parsed = parsePython(input);
  if (parsed !== undefined) return parsed;
  const text = trimLineEnd(input);
  const head: LogHead | undefined = readLogHead(text);
  return head === undefined ? undefined : stamped('python', text, head, text.length, undefined);
}

function tracebackAlone(text: string): ParsedLine {
  const error = errorOf(text);
  const lines = text.split('\n');
  return {
    format: 'python',
    level: 'error',
    members: `"message":${quoteJson(lines.at(-1) ?? text)},"error":{${error === undefined ? '' : `${error},`}"stack_trace":${quoteJson(text)}}`,
  };
}

/** Position of the traceback's first line, at the start of the text or of a line; -1 without one. */
function tracebackStart(text: string): number {
  for (let at = text.indexOf(TRACEBACK); at >= 0; at = text.indexOf(TRACEBACK, at + 1)) {
    if (at === 0 || text.charCodeAt(at - 1) === 10) return at;
  }
  return -1;
}

/** Of chained exceptions the last one ended the call: the last line at the margin that names one. */
function errorOf(trace: string): string | undefined {
  let end = trace.length;
  for (let looked = 0; looked < 200 && end > 0; looked++) {
    const start = trace.lastIndexOf('\n', end - 1) + 1;
    const c = trace.charCodeAt(start);
    if (c !== 32 && c !== 9 && end - start < 10_000) {
      const found = exceptionLine(trace, start, end);
      if (found !== undefined) return found.summary;
    }
    end = start - 1;
  }
  return undefined;
}

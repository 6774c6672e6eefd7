import { quoteJson } from './json-text.ts';

/** An exception found in a record's text. */
export interface FoundError {
  /** Position where the exception's first line starts. */
  readonly start: number;
  /** `"type":…,"message":…` as member text. */
  readonly summary: string;
}

const HEAD = /^(?:Exception in thread "[^"]{0,200}" )?([A-Za-z_$][\w$.]{0,300}?)(?:: ([^\n]*))?$/;
const MAX_HEAD_CHARS = 4_000;

/**
 * The Java exception in a text: the line before the first stack frame that begins at the margin and reads like `pkg.SomeException: message`. A message
 * of several lines is kept to its first one; all of it is in the stack trace.
 */
export function errorIn(text: string): FoundError | undefined {
  const frame = firstFrame(text);
  if (frame < 0) return undefined;
  // Backwards from the frame: lines of a long message, then the exception's own line.
  let end = frame;
  for (let looked = 0; looked < 50 && end > 0; looked++) {
    const start = text.lastIndexOf('\n', end - 1) + 1;
    const c = text.charCodeAt(start);
    if (end - start <= MAX_HEAD_CHARS && c !== 9 && c !== 32 && !text.startsWith('Caused by: ', start)) {
      const found = exceptionLine(text, start, end);
      if (found !== undefined) return found;
    }
    end = start - 1;
  }
  return undefined;
}

/** The exception whose line is `text` from `start` to `end`, or undefined. */
export function exceptionLine(text: string, start: number, end: number): FoundError | undefined {
  const match = HEAD.exec(text.slice(start, end).trimEnd());
  if (match === null) return undefined;
  const type = match[1] as string;
  // A class name has a package, or says what it is.
  if (!/(?:Exception|Error|Throwable|Failure|Exit|Interrupt|Warning|Iteration)$/.test(type) && !/\.[A-Z]/.test(type)) return undefined;
  const message = match[2];
  return {
    start,
    summary: `"type":${quoteJson(type)}${message === undefined || message === '' ? '' : `,"message":${quoteJson(message)}`}`,
  };
}

/** Position of the line break before the first `\tat …(` or `... n more` frame; -1 without one. */
function firstFrame(text: string): number {
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    const c = text.charCodeAt(at + 1);
    if (c !== 9 && c !== 32) continue;
    let i = at + 1;
    while (text.charCodeAt(i) === 9 || text.charCodeAt(i) === 32) i++;
    if (text.startsWith('at ', i) || text.startsWith('... ', i)) return at;
  }
  return -1;
}

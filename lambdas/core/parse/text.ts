import { quoteJson } from './json-text.ts';
import { trimLineEnd } from './klog.ts';
import { readLogHead } from './log-head.ts';
import { parsedLine } from './parsed-line.ts';
import type { ParsedLine } from './types.ts';

/** Keeps a text as its message; `error` says why, where another format was expected of it. */
export function parseText(text: string, error?: string): ParsedLine {
  const parsed = parsedLine('text', `"message":${quoteJson(trimLineEnd(text))}`, undefined, undefined);
  parsed.error = error;
  return parsed;
}

/** The same, with the time and level that the text may begin with; the message stays whole. */
export function parseStampedText(text: string): ParsedLine {
  const head = readLogHead(text);
  return parsedLine('text', `"message":${quoteJson(trimLineEnd(text))}`, head?.timestamp, head?.level);
}

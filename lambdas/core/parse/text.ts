import { quoteJson } from './json-text.ts';
import { trimLineEnd } from './klog.ts';
import type { ParsedLine } from './types.ts';

/** Keeps a text as its message; `error` says why, where another format was expected of it. */
export function parseText(text: string, error?: string): ParsedLine {
  const members = `"message":${quoteJson(trimLineEnd(text))}`;
  return error === undefined ? { format: 'text', members } : { format: 'text', members, error };
}

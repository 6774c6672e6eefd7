import { detached } from './json-text.ts';
import type { LogLevel } from './types.ts';

const LEVELS: { readonly [name: string]: LogLevel } = {
  trace: 'trace',
  finest: 'trace',
  finer: 'trace',
  verbose: 'trace',
  silly: 'trace',
  t: 'trace',
  debug: 'debug',
  dbg: 'debug',
  fine: 'debug',
  d: 'debug',
  info: 'info',
  information: 'info',
  informational: 'info',
  inf: 'info',
  config: 'info',
  i: 'info',
  notice: 'notice',
  n: 'notice',
  success: 'notice',
  warn: 'warning',
  warning: 'warning',
  wrn: 'warning',
  w: 'warning',
  error: 'error',
  err: 'error',
  severe: 'error',
  dpanic: 'error',
  e: 'error',
  fatal: 'fatal',
  critical: 'fatal',
  crit: 'fatal',
  panic: 'fatal',
  emerg: 'fatal',
  emergency: 'fatal',
  alert: 'fatal',
  f: 'fatal',
};

// A Map of every spelling seen: lower-casing each line's word would allocate once per line.
const seen = new Map<string, LogLevel | undefined>();
const MAX_SEEN = 256;

/** The level that a word names in any common logger's spelling, whatever its case; undefined for other words. */
export function levelOf(word: string): LogLevel | undefined {
  if (seen.has(word)) return seen.get(word);
  const lower = word.toLowerCase();
  const level = Object.hasOwn(LEVELS, lower) ? LEVELS[lower] : undefined;
  if (seen.size < MAX_SEEN && word.length < 16) seen.set(detached(word), level);
  return level;
}

/** The level of a pino or bunyan number (10 to 60). */
export function levelOfNumber(number: number): LogLevel | undefined {
  if (!(number >= 10 && number <= 69)) return undefined;
  return PINO[Math.floor(number / 10) - 1];
}

const PINO: readonly LogLevel[] = ['trace', 'debug', 'info', 'warning', 'error', 'fatal'];

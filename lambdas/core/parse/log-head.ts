import { levelOf } from './level.ts';
import { lastTime, rfc3339At, twoDigits, utcMs, utcText } from './time.ts';
import type { LogLevel } from './types.ts';

/** What a logger wrote before the message. */
export interface LogHead {
  readonly timestamp?: string;
  readonly level?: LogLevel;
  readonly thread?: string;
  readonly logger?: string;
  readonly pid?: number;
  /** Position where the message starts. */
  readonly end: number;
  /** The layout is one of Python's `logging`. */
  readonly isPython: boolean;
}

const LEVEL = '(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|FATAL|CRITICAL|SEVERE|CONFIG|FINE|FINER|FINEST)';
const NAME = '([\\w$.\\/-]{1,300})';
const END = '(?::\\d{1,6})?(?: {1,10}[-:–|]{1,2}| {0,60}:) ';

/** Layouts after the time stamp; what each group is. All are bounded, and only a record's first 500 characters are looked at. */
const LAYOUTS: readonly {
  readonly regex: RegExp;
  readonly groups: readonly ('level' | 'thread' | 'logger' | 'pid' | '')[];
  readonly isPython?: boolean;
}[] = [
  // Spring Boot: `  INFO 1 --- [app] [main] c.e.Orders : …`
  {
    regex: new RegExp(`^ {1,4}${LEVEL} {1,4}(\\d{1,10}) --- (?:\\[[^\\]]{0,100}\\] )?\\[ {0,40}([^\\]]{0,200})\\] ${NAME} {0,60}: `),
    groups: ['level', 'pid', 'thread', 'logger'],
  },
  // `INFO [main] com.example.Orders place - …`
  {
    regex: new RegExp(`^ {1,4}${LEVEL} {1,4}\\[([^\\]]{0,200})\\] {1,4}${NAME}(?: [\\w$<>.]{1,200})?${END}`),
    groups: ['level', 'thread', 'logger'],
  },
  // logback and log4j: `[main] INFO com.example.Orders:42 - …`
  {
    regex: new RegExp(`^ {1,4}\\[([^\\]]{0,200})\\] {1,4}${LEVEL} {1,4}${NAME}(?: [\\w$<>.]{1,200})?${END}`),
    groups: ['thread', 'level', 'logger'],
  },
  // Python: ` - orders - ERROR - …`
  { regex: new RegExp(`^ - ${NAME} - ${LEVEL} - `), groups: ['logger', 'level'], isPython: true },
  // gunicorn: ` [7] [INFO] …`
  { regex: new RegExp(`^\\]? \\[(\\d{1,10})\\] \\[${LEVEL}\\] `), groups: ['pid', 'level'], isPython: true },
  // `INFO com.example.Orders - …`, `INFO orders: …`
  { regex: new RegExp(`^ {1,4}\\[?${LEVEL}\\]? {1,4}${NAME}${END}`), groups: ['level', 'logger'] },
  // `INFO …`
  { regex: new RegExp(`^ {1,4}\\[?${LEVEL}\\]?:? {1,4}`), groups: ['level'] },
];

const LEVEL_FIRST = new RegExp(`^\\[?${LEVEL}\\]?(?::([\\w.]{1,200}):|:? {1,4})`);
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const JUL = /^([A-Z][a-z]{2}) (\d{1,2}), (\d{4}) (\d{1,2}):(\d\d):(\d\d) ([AP])M ([\w$.]{1,300}) ([\w$<>]{1,200})\n([A-Z]+): /;
const CLOCK_ONLY = /^\[?\d\d:\d\d:\d\d[.,]\d{3}\]?/;

/** Month number (1 to 12) of an English short name; 0 for none. */
export function monthNumber(name: string): number {
  return MONTHS.indexOf(name) + 1;
}

/** Reads the head of a Java or Python record; undefined where it starts with neither a time nor a level. */
export function readLogHead(text: string): LogHead | undefined {
  const head = text.length > 700 ? text.slice(0, 700) : text;
  const c = head.charCodeAt(0);
  if (c >= 65 && c <= 90) return julHead(head) ?? levelFirstHead(head);
  const isBracketed = c === 91;
  const timestamp = rfc3339At(head, isBracketed ? 1 : 0);
  let at: number;
  if (timestamp !== undefined) at = lastTime.end;
  else {
    // A time without a date cannot be placed: CloudWatch's own time stands.
    const clock = CLOCK_ONLY.exec(head);
    if (clock === null) return isBracketed ? levelFirstHead(head) : undefined;
    at = clock[0].length;
  }
  // gunicorn writes its zone apart: `[2026-11-21 08:26:53 +0000]`.
  const zone = isBracketed ? /^ [+-]\d{4}/.exec(head.slice(at, at + 6)) : null;
  const shifted = zone === null || timestamp === undefined ? timestamp : (rfc3339At(head.slice(1, at) + zone[0].trim(), 0) ?? timestamp);
  if (zone !== null) at += zone[0].length;
  const found = layout(head, at);
  return { ...found, ...(shifted === undefined ? {} : { timestamp: shifted }) };
}

function layout(head: string, at: number): LogHead {
  const rest = head.slice(at, at + 500);
  for (const { regex, groups, isPython } of LAYOUTS) {
    const match = regex.exec(rest);
    if (match === null) continue;
    const found: { level?: LogLevel; thread?: string; logger?: string; pid?: number } = {};
    for (const [group, name] of groups.entries()) {
      const value = (match[group + 1] ?? '').trim();
      const level = name === 'level' ? levelOf(value) : undefined;
      if (level !== undefined) found.level = level;
      else if (name === 'pid') found.pid = Number(value);
      else if ((name === 'thread' || name === 'logger') && value !== '') found[name] = value;
    }
    return { ...found, end: at + match[0].length, isPython: isPython === true };
  }
  const blank = head.charCodeAt(at) === 93 ? at + 1 : at;
  return { end: head.charCodeAt(blank) === 32 ? blank + 1 : blank, isPython: false };
}

function julHead(head: string): LogHead | undefined {
  const match = JUL.exec(head);
  if (match === null) return undefined;
  const [all, monthName, day, year, hour, minute, second, half, logger, , level] = match as unknown as string[];
  const month = monthNumber(monthName as string);
  const hours = (Number(hour) % 12) + (half === 'P' ? 12 : 0);
  const timestamp =
    month === 0 ? undefined : utcText(utcMs(Number(year), month, Number(day), hours * 3600 + Number(minute) * 60 + Number(second)), '');
  const known = levelOf(level as string);
  return {
    end: (all as string).length,
    isPython: false,
    logger: logger as string,
    ...(timestamp === undefined ? {} : { timestamp }),
    ...(known === undefined ? {} : { level: known }),
  };
}

function levelFirstHead(head: string): LogHead | undefined {
  const match = LEVEL_FIRST.exec(head);
  if (match === null) return undefined;
  const level = levelOf(match[1] as string);
  const logger = match[2];
  let end = match[0].length;
  const timestamp = twoDigits(head, end) >= 0 ? rfc3339At(head, end) : undefined;
  if (timestamp !== undefined) end = head.charCodeAt(lastTime.end) === 32 ? lastTime.end + 1 : lastTime.end;
  return {
    end,
    isPython: logger !== undefined,
    ...(level === undefined ? {} : { level }),
    ...(logger === undefined ? {} : { logger }),
    ...(timestamp === undefined ? {} : { timestamp }),
  };
}

import { monthNumber } from './log-head.ts';
import { daysInMonth, utcMs, utcText } from './time.ts';

/** Reads a time by a compiled format; `eventTimeMs` gives the year where the format has none. RFC 3339 in UTC, or undefined. */
export type TimeReader = (text: string, eventTimeMs: number) => string | undefined;

const DAY_MS = 86_400_000;
const PARTS: { readonly [directive: string]: string } = {
  Y: '(?<Y>\\d{4})',
  y: '(?<y>\\d{2})',
  m: '(?<m>\\d{1,2})',
  d: '(?<d>\\d{1,2})',
  e: ' ?(?<d>\\d{1,2})',
  H: '(?<H>\\d{1,2})',
  k: ' ?(?<H>\\d{1,2})',
  I: '(?<I>\\d{1,2})',
  l: ' ?(?<I>\\d{1,2})',
  M: '(?<M>\\d{2})',
  S: '(?<S>\\d{2})',
  f: '(?<f>\\d{1,9})',
  L: '(?<f>\\d{1,9})',
  N: '(?<f>\\d{1,9})',
  z: '(?<z>Z|[+-]\\d{2}:?\\d{2})',
  Z: '(?<Z>[A-Za-z]{1,5})',
  b: '(?<b>[A-Za-z]{3})',
  h: '(?<b>[A-Za-z]{3})',
  B: '(?<b>[A-Za-z]{3})[a-z]{0,6}',
  a: '[A-Za-z]{3}',
  A: '[A-Za-z]{3,9}',
  p: '(?<p>[AaPp][Mm])',
  s: '(?<s>\\d{1,12})',
  j: '(?<j>\\d{3})',
  '%': '%',
};
const SHORT: { readonly [directive: string]: string } = { T: '%H:%M:%S', R: '%H:%M', F: '%Y-%m-%d', D: '%m/%d/%y' };

/** Compiles a strptime format such as `%d/%b/%Y:%H:%M:%S %z`; undefined where a directive is not known or occurs twice. */
export function compileStrptime(format: string): TimeReader | undefined {
  const long = format.replace(/%([TRFD])/g, (_all, directive: string) => SHORT[directive] as string);
  const seen = new Set<string>();
  let source = '';
  for (let i = 0; i < long.length; i++) {
    const c = long.charAt(i);
    if (c !== '%') {
      source += /\s/.test(c) ? '\\s{1,4}' : c.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
      continue;
    }
    const directive = long.charAt(++i);
    const part = Object.hasOwn(PARTS, directive) ? (PARTS[directive] as string) : undefined;
    const name = part === undefined ? undefined : /\?<(\w)>/.exec(part)?.[1];
    if (part === undefined || (name !== undefined && seen.has(name))) return undefined;
    if (name !== undefined) seen.add(name);
    source += part;
  }
  const regex = new RegExp(`^${source}$`);
  return (text, eventTimeMs) => {
    const groups = text.length > 100 ? undefined : regex.exec(text)?.groups;
    return groups === undefined ? undefined : fromGroups(groups, eventTimeMs);
  };
}

type Groups = { readonly [name: string]: string | undefined };

function fromGroups(groups: Groups, eventTimeMs: number): string | undefined {
  const fraction = groups['f'] ?? '';
  if (groups['s'] !== undefined) return utcText(Number(groups['s']) * 1000, fraction);
  const secondOfDay = hourOf(groups) * 3600 + Number(groups['M'] ?? 0) * 60 + Number(groups['S'] ?? 0);
  if (!(secondOfDay >= 0 && secondOfDay <= 86_400) || Number(groups['M'] ?? 0) > 59 || Number(groups['S'] ?? 0) > 60) return undefined;
  const offset = offsetMs(groups['z']);
  const year = yearOf(groups);
  const month =
    groups['b'] === undefined
      ? Number(groups['m'] ?? 1)
      : monthNumber(groups['b'].charAt(0).toUpperCase() + groups['b'].slice(1).toLowerCase());
  const hasDate = groups['d'] !== undefined || groups['j'] !== undefined || groups['b'] !== undefined || groups['m'] !== undefined;
  if (!hasDate && year === undefined) return undefined;
  const at = (inYear: number): number => {
    if (groups['j'] !== undefined) return utcMs(inYear, 1, 1, secondOfDay) + (Number(groups['j']) - 1) * DAY_MS - offset;
    const day = Number(groups['d'] ?? 1);
    return day >= 1 && day <= daysInMonth(inYear, month) && inYear >= 1970 ? utcMs(inYear, month, day, secondOfDay) - offset : Number.NaN;
  };
  return utcText(year === undefined ? nearest(at, eventTimeMs) : at(year), fraction);
}

/** Without a year the time is the latest that is not more than a day after the event, as for klog. */
function nearest(at: (year: number) => number, eventTimeMs: number): number {
  if (!(eventTimeMs >= 0 && eventTimeMs < 9e12)) return Number.NaN;
  const eventYear = new Date(eventTimeMs).getUTCFullYear();
  for (const year of [eventYear + 1, eventYear, eventYear - 1]) {
    const ms = at(year);
    if (ms <= eventTimeMs + DAY_MS) return ms;
  }
  return Number.NaN;
}

function hourOf(groups: Groups): number {
  if (groups['I'] === undefined) return Number(groups['H'] ?? 0);
  return (Number(groups['I']) % 12) + (groups['p']?.toLowerCase() === 'pm' ? 12 : 0);
}

function yearOf(groups: Groups): number | undefined {
  if (groups['Y'] !== undefined) return Number(groups['Y']);
  return groups['y'] === undefined ? undefined : Number(groups['y']) + 2000;
}

function offsetMs(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const digits = zone.replace(/\D/g, '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2, 4));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}

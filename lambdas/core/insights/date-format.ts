const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MAX_MS = 8.64e15;

const formatters = new Map<string, Intl.DateTimeFormat | undefined>();

/** Minutes that a zone is ahead of UTC at a time; undefined for an unknown zone. Zones: `UTC`, `+02:00`, `Europe/Vienna`. */
export function zoneMinutes(zone: string, ms: number): number | undefined {
  const fixed = /^(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?$/.exec(zone);
  if (fixed) return (fixed[1] === '-' ? -1 : 1) * (Number(fixed[2]) * 60 + Number(fixed[3] ?? 0));
  if (zone === 'UTC' || zone === 'GMT' || zone === 'Z' || zone === '') return 0;
  if (!formatters.has(zone)) {
    let made: Intl.DateTimeFormat | undefined;
    try {
      made = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    } catch {
      made = undefined;
    }
    if (formatters.size < 1000) formatters.set(zone, made);
  }
  const formatter = formatters.get(zone);
  if (!formatter || Math.abs(ms) > MAX_MS) return undefined;
  const name = formatter.formatToParts(new Date(ms)).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  return name === 'GMT' ? 0 : zoneMinutes(name, ms);
}

const pad = (value: number, width = 2) => String(Math.abs(value)).padStart(width, '0');

/** Writes a time (ms) by a strftime pattern: %Y %y %m %d %e %H %I %M %S %f %L %p %a %A %b %B %j %s %z %Z %F %T %D %R %n %t %%. Others stay as they are. */
export function formatDate(ms: number, pattern: string, zone: string): string | undefined {
  const minutes = zoneMinutes(zone, ms);
  if (minutes === undefined || Math.abs(ms) > MAX_MS - 1e8) return undefined;
  const date = new Date(ms + minutes * 60_000);
  const hour = date.getUTCHours();
  const year = date.getUTCFullYear();
  const values: { readonly [letter: string]: () => string } = {
    Y: () => pad(year, 4),
    y: () => pad(year % 100),
    m: () => pad(date.getUTCMonth() + 1),
    d: () => pad(date.getUTCDate()),
    e: () => String(date.getUTCDate()).padStart(2),
    H: () => pad(hour),
    I: () => pad(hour % 12 || 12),
    M: () => pad(date.getUTCMinutes()),
    S: () => pad(date.getUTCSeconds()),
    f: () => `${pad(date.getUTCMilliseconds(), 3)}000`,
    L: () => pad(date.getUTCMilliseconds(), 3),
    p: () => (hour < 12 ? 'AM' : 'PM'),
    a: () => (DAYS[date.getUTCDay()] as string).slice(0, 3),
    A: () => DAYS[date.getUTCDay()] as string,
    b: () => (MONTHS[date.getUTCMonth()] as string).slice(0, 3),
    B: () => MONTHS[date.getUTCMonth()] as string,
    j: () => pad(Math.floor((date.getTime() - Date.UTC(year, 0, 1)) / 86_400_000) + 1, 3),
    s: () => String(Math.floor(ms / 1000)),
    z: () => `${minutes < 0 ? '-' : '+'}${pad(Math.trunc(minutes / 60))}${pad(minutes % 60)}`,
    Z: () => zone,
    n: () => '\n',
    t: () => '\t',
    '%': () => '%',
  };
  const whole: { readonly [letter: string]: string } = { F: '%Y-%m-%d', T: '%H:%M:%S', D: '%m/%d/%y', R: '%H:%M' };
  return pattern
    .replace(/%[FTDR]/g, (part) => whole[part[1] as string] as string)
    .replace(/%([A-Za-z%])/g, (part, letter: string) => values[letter]?.() ?? part);
}

/** Reads a date by a Java DateTimeFormatter pattern (y u M L d D H k h K m s S a E X x Z z V, quoted text); milliseconds since 1970. */
export function parseDate(text: string, pattern: string, zone: string): number | undefined {
  const parts = { year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0, ms: 0, afternoon: undefined as boolean | undefined, zone };
  let at = 0;
  const tokens = pattern.match(/'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']/g) ?? [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as string;
    if (!/^[A-Za-z]/.test(token)) {
      const literal = token.startsWith("'") ? token.slice(1, -1).replaceAll("''", "'") || "'" : token;
      if (!text.startsWith(literal, at)) return undefined;
      at += literal.length;
      continue;
    }
    const adjacent = /^[yuMdHhmsS]/.test(tokens[i + 1] ?? '');
    const read = readPart(text, at, token, adjacent, parts);
    if (read === undefined) return undefined;
    at = read;
  }
  if (at !== text.length) return undefined;
  const hour = parts.afternoon === undefined ? parts.hour : (parts.hour % 12) + (parts.afternoon ? 12 : 0);
  if (parts.month < 1 || parts.month > 12 || parts.day < 1 || hour > 24 || parts.minute > 59 || parts.second > 60) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(parts.year, parts.month - 1, parts.day);
  if (date.getUTCDate() !== parts.day) return undefined;
  const local = date.getTime() + hour * 3_600_000 + parts.minute * 60_000 + parts.second * 1000 + parts.ms;
  const minutes = zoneMinutes(parts.zone, local);
  if (minutes === undefined) return undefined;
  // The zone's offset is that of the moment itself, which the first guess may miss by a change of the clocks.
  const guess = local - minutes * 60_000;
  return local - (zoneMinutes(parts.zone, guess) ?? minutes) * 60_000;
}

function readPart(
  text: string,
  at: number,
  token: string,
  adjacent: boolean,
  parts: {
    year: number;
    month: number;
    day: number;
    hour: number;
    minute: number;
    second: number;
    ms: number;
    afternoon: boolean | undefined;
    zone: string;
  },
): number | undefined {
  const letter = token[0] as string;
  const rest = text.slice(at, at + 40);
  const word = (list: readonly string[]) => {
    const index = list.findIndex(
      (name) => rest.toLowerCase().startsWith(name.toLowerCase()) || rest.toLowerCase().startsWith(name.slice(0, 3).toLowerCase()),
    );
    if (index < 0) return undefined;
    return { index, length: rest.toLowerCase().startsWith((list[index] as string).toLowerCase()) ? (list[index] as string).length : 3 };
  };
  if ((letter === 'M' || letter === 'L') && token.length >= 3) {
    const found = word(MONTHS);
    if (!found) return undefined;
    parts.month = found.index + 1;
    return at + found.length;
  }
  if (letter === 'E') {
    const found = word(DAYS);
    return found ? at + found.length : undefined;
  }
  if (letter === 'a') {
    if (!/^[ap]m/i.test(rest)) return undefined;
    parts.afternoon = /^p/i.test(rest);
    return at + 2;
  }
  if ('XxZzVO'.includes(letter)) {
    const match = /^(?:Z|(?:UTC|GMT)?[+-]\d{1,2}:?(?:\d{2})?|[A-Za-z]+\/[A-Za-z_/]+|UTC|GMT)/.exec(rest);
    if (!match) return undefined;
    parts.zone = match[0];
    return at + match[0].length;
  }
  const width = adjacent || letter === 'S' ? `{1,${token.length}}` : '{1,9}';
  const match = new RegExp(`^\\d${width}`).exec(rest);
  if (!match) return undefined;
  const value = Number(match[0]);
  if (letter === 'y' || letter === 'u') parts.year = token.length === 2 ? 2000 + value : value;
  else if (letter === 'M' || letter === 'L') parts.month = value;
  else if (letter === 'd') parts.day = value;
  else if (letter === 'D')
    [parts.month, parts.day] = [
      new Date(Date.UTC(parts.year, 0, value)).getUTCMonth() + 1,
      new Date(Date.UTC(parts.year, 0, value)).getUTCDate(),
    ];
  else if (letter === 'H' || letter === 'k') parts.hour = value;
  else if (letter === 'h' || letter === 'K') parts.hour = value;
  else if (letter === 'm') parts.minute = value;
  else if (letter === 's') parts.second = value;
  else if (letter === 'S') parts.ms = Math.trunc(Number(`0.${match[0]}`) * 1000 + 1e-6);
  else return undefined;
  return at + match[0].length;
}

import { parseArgs } from 'node:util';
import type { TimeRange } from './local-run.ts';
import { readParameters, readPrice } from './values.ts';

/** What a call of `query` asks for. */
export interface QueryOptions {
  readonly name: string | undefined;
  readonly file: string | undefined;
  /** Files to ask; undefined when the query runs in the account. */
  readonly logs: readonly string[] | undefined;
  readonly logGroups: readonly string[];
  /** Stream that the plain lines of files are said to be of. */
  readonly logStream: string | undefined;
  readonly region: string | undefined;
  readonly range: TimeRange;
  readonly parameters: { readonly [name: string]: string };
  readonly output: 'table' | 'json' | 'csv';
  readonly tail: boolean;
  /** Show the saved queries (whose name holds `name`) instead of running one. */
  readonly list: boolean;
  /** Ask the log groups of the last local run. */
  readonly local: boolean;
  /** A config, whose `queries.folders` are looked into as well. */
  readonly config: string | undefined;
  /** Cluster whose saved query of the account is meant. */
  readonly cluster: string | undefined;
  readonly pricePerGb: number | undefined;
}

/** Reads the arguments; a text is what is wrong with them. */
export function readOptions(args: string[], nowMs: number): QueryOptions | string {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return (error as Error).message;
  }
  const { values, positionals } = parsed;
  const rest = [...positionals];
  const name = values.file === undefined ? rest.shift() : undefined;
  const list = values.list === true;
  if (list && (values.file !== undefined || values.logs !== undefined || values.tail === true))
    return '--list shows names; it runs nothing';
  if (!list && name === undefined && values.file === undefined) return 'name a saved query, or give --file F';
  if (rest.length > 0 && values.logs === undefined) return `"${rest[0]}" is one argument too many; files to ask follow --logs`;
  if (values.local === true && values.logs !== undefined) return '--local and --logs exclude each other';
  if (values.local === true && values.tail === true) return '--local asks a run that has ended; --tail follows files or log groups';
  if (values['log-stream'] !== undefined && values.logs === undefined) return '--log-stream names the stream of files: give --logs';
  if (values.json === true && values.csv === true) return '--json and --csv exclude each other';
  const range: { startMs?: number; endMs?: number } = {};
  for (const [key, text] of [
    ['startMs', values.start],
    ['endMs', values.end],
  ] as const) {
    if (text === undefined) continue;
    const ms = readTime(text, nowMs);
    if (ms === undefined) return `"${text}" is no time; write 2026-11-21T08:00:00Z, 1h (ago), or seconds or milliseconds since 1970`;
    range[key] = ms;
  }
  if (range.startMs !== undefined && range.endMs !== undefined && range.startMs >= range.endMs) return '--start lies after --end';
  const parameters = readParameters(values.param);
  if (typeof parameters === 'string') return parameters;
  const pricePerGb = readPrice('--price-per-gb', values['price-per-gb']);
  if (typeof pricePerGb === 'string') return pricePerGb;
  return {
    name,
    file: values.file,
    logs: values.logs === undefined ? undefined : [...values.logs, ...rest],
    logGroups: values['log-group'] ?? [],
    logStream: values['log-stream'],
    region: values.region,
    range,
    parameters,
    output: values.json === true ? 'json' : values.csv === true ? 'csv' : 'table',
    tail: values.tail === true,
    list,
    local: values.local === true,
    config: values.config,
    cluster: values.cluster,
    pricePerGb,
  };
}

function parse(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      file: { type: 'string', short: 'f' },
      logs: { type: 'string', multiple: true },
      'log-group': { type: 'string', multiple: true },
      'log-stream': { type: 'string' },
      region: { type: 'string' },
      start: { type: 'string' },
      end: { type: 'string' },
      param: { type: 'string', multiple: true },
      json: { type: 'boolean' },
      csv: { type: 'boolean' },
      tail: { type: 'boolean' },
      list: { type: 'boolean' },
      local: { type: 'boolean' },
      config: { type: 'string' },
      cluster: { type: 'string' },
      'price-per-gb': { type: 'string' },
    },
  });
}

const AGO_MS: { readonly [unit: string]: number } = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A time: RFC 3339 (UTC unless it says otherwise), a date, a span before now, seconds or milliseconds since 1970. */
export function readTime(text: string, nowMs: number): number | undefined {
  const ago = /^(\d{1,6})([smhdw])$/.exec(text);
  if (ago) return nowMs - Number(ago[1]) * (AGO_MS[ago[2] as string] as number);
  if (text === 'now') return nowMs;
  if (/^\d{9,11}$/.test(text)) return Number(text) * 1000;
  if (/^\d{12,14}$/.test(text)) return Number(text);
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?))?(Z|[+-]\d\d:?\d\d)?$/.exec(text);
  if (!match) return undefined;
  const ms = Date.parse(`${match[1]}T${match[2] ?? '00:00'}${match[3] ?? 'Z'}`);
  return Number.isNaN(ms) ? undefined : ms;
}

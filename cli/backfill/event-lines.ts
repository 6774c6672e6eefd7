import type { ReadEvent } from './positions.ts';

/** An event of a file, without its place. */
export type FileEvent = Omit<ReadEvent, 'at'>;

/** What a file's lines are. */
export type LineKind = 'json' | 'export';

/** Whose events are looked for in a file that may hold others too. */
export interface WantedSource {
  readonly name: string;
  readonly logGroup: string;
  readonly account: string;
}

/** A line of JSON: an event, one of another source, or none. */
export type JsonLine = FileEvent | 'of-another' | undefined;

/** The kind of a file by its first line; undefined where it is neither. */
export function lineKind(line: string): LineKind | undefined {
  if (line.startsWith('{')) return 'json';
  return EXPORTED.test(line) ? 'export' : undefined;
}

/**
 * Reads a line of the archive (`event_id`, `timestamp`, `log_group`, `message` …), or an event in the shape of FilterLogEvents (`eventId`, `logStreamName`).
 * Unknown members are left alone.
 */
export function readJsonLine(line: string, wanted: WantedSource): JsonLine {
  let value: { readonly [name: string]: unknown } | null;
  try {
    value = JSON.parse(line) as typeof value;
  } catch {
    return undefined;
  }
  if (value === null || typeof value !== 'object') return undefined;
  const text = (...names: readonly string[]): string | undefined => {
    for (const name of names) if (typeof value[name] === 'string') return value[name];
    return undefined;
  };
  const id = text('event_id', 'eventId', 'id');
  const message = text('message');
  const { timestamp } = value;
  if (id === undefined || id === '' || message === undefined || typeof timestamp !== 'number' || !Number.isFinite(timestamp))
    return undefined;
  const logGroup = text('log_group', 'logGroup') ?? wanted.logGroup;
  if (logGroup !== wanted.logGroup) return 'of-another';
  const account = text('account');
  const region = text('region');
  return {
    ...{ id, timestamp, message, logGroup },
    logStream: text('log_stream', 'logStreamName', 'logStream') ?? '',
    owner: account !== undefined && /^\d{12}$/.test(account) ? account : wanted.account,
    ...(region === undefined ? {} : { region }),
  };
}

/** A line of an export task: `2026-11-21T08:39:00.123Z text`. */
const EXPORTED = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z) (.*)$/s;

/** Reads the first line of an exported event; undefined for a further line of the event before. */
export function readExportLine(line: string): { readonly timestampMs: number; readonly text: string } | undefined {
  const found = EXPORTED.exec(line);
  const timestampMs = found === null ? Number.NaN : Date.parse(found[1] as string);
  return Number.isNaN(timestampMs) ? undefined : { timestampMs, text: found?.[2] ?? '' };
}

/** Log stream of an exported file: the folder that it lies in. */
export function exportedStream(key: string): string {
  return key.split('/').at(-2) ?? '';
}

/** Gives exported events ids, which the export leaves out: by stream, time and text, and the number of equal ones before. */
export class ExportIds {
  readonly #hash: (text: string) => string;
  readonly #counts = new Map<string, number>();
  #timeMs = Number.NaN;

  constructor(hash: (text: string) => string) {
    this.#hash = hash;
  }

  of({ logGroup, logStream, timestamp, message }: Omit<FileEvent, 'id'>): string {
    // Equal events have equal times, and those stand together.
    if (timestamp !== this.#timeMs) this.#counts.clear();
    this.#timeMs = timestamp;
    const hash = this.#hash(`${logGroup}\n${logStream}\n${timestamp}\n${message}`);
    const before = this.#counts.get(hash) ?? 0;
    this.#counts.set(hash, before + 1);
    return `x${hash}${before === 0 ? '' : `-${before}`}`;
  }
}

import type { SourceEvent } from '../index/types.ts';

/**
 * One line of a dead-letter object: an event that cannot be indexed, its reason and its original.
 * Enough to make the same document again: same events, same place, hence the same `_id` and index.
 */
export interface DeadLetter {
  readonly version: 1;
  /** A word that can be counted, such as `mapper-parsing`. */
  readonly reason: string;
  /** The engine's or the parser's own words; may quote the event. */
  readonly detail?: string;
  readonly source: string;
  readonly function: string;
  /** Where the event came from: this account and Region, or the ones that a central log group collects from. */
  readonly account: string;
  readonly region: string;
  readonly logGroup: string;
  readonly logStream: string;
  /** CloudWatch's event id. */
  readonly id: string;
  /** CloudWatch time in ms since the epoch. */
  readonly timestamp: number;
  /** The original text, unredacted. */
  readonly message: string;
  /** Further events that were joined to it. */
  readonly joined?: readonly SourceEvent[];
  readonly index?: string;
  readonly documentId?: string;
  /** Instead of an event: a record that could not be opened at all, base64 as it came. */
  readonly payload?: string;
  /** Processing time in ms since the epoch. */
  readonly deadLetteredAt: number;
}

/** Prefix of our own dead letters in the bucket. */
export const DEAD_LETTER_PREFIX = 'dead-letters/';
/** Prefix that replayed objects are moved to. */
export const REPLAYED_PREFIX = 'replayed/';

/** What the key of a dead-letter object is made of. */
export interface DeadLetterKeyParts {
  readonly source: string;
  readonly function: string;
  /** Time of the payload itself (its first event, or its arrival), never of the processing: a redelivery must find the same key. */
  readonly timeMs: number;
  /** Hex hash of what identifies the payload. */
  readonly payloadHash: string;
}

/** End of the year 9999: later dates have six digits. */
const MAX_TIME_MS = 253_402_300_799_999;
const HASH_LENGTH = 24;
/** S3 keys hold at most 1,024 bytes; names longer than this are cut. */
const NAME_LENGTH = 200;

function keyPart(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, NAME_LENGTH);
}

/** The same payload always gets the same key, so a redelivery overwrites its dead letters instead of doubling them. */
export function deadLetterKey(parts: DeadLetterKeyParts): string {
  const timeMs = Number.isFinite(parts.timeMs) ? Math.min(Math.max(parts.timeMs, 0), MAX_TIME_MS) : 0;
  const time = new Date(timeMs).toISOString();
  const sortable = time.replace(/[-:.]/g, '');
  const hash = parts.payloadHash.slice(0, HASH_LENGTH);
  return (
    `${DEAD_LETTER_PREFIX}source=${keyPart(parts.source)}/dt=${time.slice(0, 10)}/hr=${time.slice(11, 13)}/` +
    `${keyPart(parts.function)}-${sortable}-${hash}.ndjson.gz`
  );
}

/** Source and hour of a dead-letter key; undefined for another key. */
export function parseDeadLetterKey(key: string): { readonly source: string; readonly hourMs: number } | undefined {
  const match = /^(?:replayed\/)?dead-letters\/source=([^/]+)\/dt=(\d{4}-\d{2}-\d{2})\/hr=(\d{2})\/[^/]+\.ndjson\.gz$/.exec(key);
  if (!match) return undefined;
  const [, source = '', day, hour] = match;
  return { source, hourMs: Date.parse(`${day}T${hour}:00:00Z`) };
}

/** One JSON line per letter, each ended by a newline. */
export function formatDeadLetters(letters: readonly DeadLetter[]): string {
  let text = '';
  for (const letter of letters) text += `${JSON.stringify(letter)}\n`;
  return text;
}

/** A letter, or what keeps a line from being one. */
export type ReadLetter = { readonly ok: true; readonly letter: DeadLetter } | { readonly ok: false; readonly detail: string };

/** Reads one line of a dead-letter object. Never throws: an odd line must not hide the ones behind it. */
export function readDeadLetter(line: string): ReadLetter {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { ok: false, detail: 'not JSON' };
  }
  if (typeof value !== 'object' || value === null) return { ok: false, detail: 'not an object' };
  const raw = value as { readonly [member in keyof DeadLetter]?: unknown };
  if (raw.version !== 1) return { ok: false, detail: 'version is not 1' };
  const odd = oddMember(raw);
  if (odd !== undefined) return { ok: false, detail: odd };
  const letter = value as DeadLetter;
  // JSON has no NaN: a time that an event lacked came as null.
  if (raw.timestamp === null) return { ok: true, letter: { ...letter, timestamp: Number.NaN } };
  return { ok: true, letter };
}

const TEXTS = ['reason', 'source', 'function', 'account', 'region', 'logGroup', 'logStream', 'id', 'message'] as const;
const OPTIONAL_TEXTS = ['detail', 'index', 'documentId', 'payload'] as const;
/** Largest distance of a Date from the epoch, in ms. */
const MAX_DATE_MS = 8.64e15;

function oddMember(raw: { readonly [member in keyof DeadLetter]?: unknown }): string | undefined {
  const text =
    TEXTS.find((member) => typeof raw[member] !== 'string') ??
    OPTIONAL_TEXTS.find((member) => raw[member] !== undefined && typeof raw[member] !== 'string');
  if (text !== undefined) return `${text} is no text`;
  if (!isEventTime(raw.timestamp)) return 'timestamp is no number';
  if (typeof raw.deadLetteredAt !== 'number' || !(Math.abs(raw.deadLetteredAt) <= MAX_DATE_MS)) return 'deadLetteredAt is no time';
  if (raw.joined === undefined) return undefined;
  if (!Array.isArray(raw.joined)) return 'joined is no list';
  const at = raw.joined.findIndex((event) => !isJoinedEvent(event));
  return at < 0 ? undefined : `joined[${at}] is no event`;
}

function isEventTime(value: unknown): boolean {
  return typeof value === 'number' || value === null;
}

function isJoinedEvent(event: unknown): boolean {
  if (typeof event !== 'object' || event === null) return false;
  const { id, timestamp, message, account, region } = event as { readonly [member in keyof SourceEvent]?: unknown };
  const isPlace = (value: unknown): boolean => value === undefined || typeof value === 'string';
  return typeof id === 'string' && isEventTime(timestamp) && typeof message === 'string' && isPlace(account) && isPlace(region);
}

/** Reads what `formatDeadLetters` wrote; a line that is none is given as undefined in its place. */
export function parseDeadLetters(text: string): (DeadLetter | undefined)[] {
  return letterLines(text).map((line) => {
    const read = readDeadLetter(line);
    return read.ok ? read.letter : undefined;
  });
}

/** The lines of a dead-letter object that hold something. */
export function letterLines(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

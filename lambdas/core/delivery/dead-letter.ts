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

/** Reads what `formatDeadLetters` wrote; a line that is none is given as undefined in its place. */
export function parseDeadLetters(text: string): (DeadLetter | undefined)[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      try {
        const value = JSON.parse(line) as Partial<DeadLetter> | null;
        return value?.version === 1 && typeof value.reason === 'string' && typeof value.message === 'string'
          ? (value as DeadLetter)
          : undefined;
      } catch {
        return undefined;
      }
    });
}

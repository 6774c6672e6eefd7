import type { EventPage, EventReader, Position, ReadEvent } from './positions.ts';
import type { TimeRange } from './time-range.ts';

/** Events as FilterLogEvents gives them: by their times, those of all streams among each other. */
export interface FilteredPage {
  readonly events: readonly { readonly id: string; readonly timestampMs: number; readonly logStream: string; readonly message: string }[];
  /** Absent on the last page. A page may be empty and have one. */
  readonly nextToken?: string;
}

/** One request of FilterLogEvents. */
export type FilterEvents = (request: {
  readonly logGroup: string;
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
  readonly nextToken?: string;
}) => Promise<FilteredPage>;

/** Bytes that CloudWatch counts for an event besides its text. */
const EVENT_BYTES = 26;

/** Reads a log group. A place is a time: the events of the last ms of a page wait for the next page, so that a ms is read whole or not at all. */
export function logGroupReader(logGroup: string, owner: string, { fromMs, toMs }: TimeRange, filter: FilterEvents): EventReader {
  const eventOf = ({ id, timestampMs, logStream, message }: FilteredPage['events'][number]): ReadEvent => ({
    ...{ id, timestamp: timestampMs, message, owner, logGroup, logStream },
    at: { key: '', line: timestampMs },
  });
  return {
    async *pages(from: Position | undefined): AsyncGenerator<EventPage> {
      const startMs = Math.max(fromMs, from?.line ?? fromMs);
      let held: ReadEvent[] = [];
      let nextToken: string | undefined;
      do {
        const page = await filter({ logGroup, fromMs: startMs, toMs, ...(nextToken === undefined ? {} : { nextToken }) });
        nextToken = page.nextToken;
        if (page.events.length === 0) continue;
        const events = [...held, ...page.events.map(eventOf)];
        const lastMs = events.reduce((last, { timestamp }) => Math.max(last, timestamp), startMs);
        held = events.filter(({ timestamp }) => timestamp === lastMs);
        const bytes = page.events.reduce((sum, { message }) => sum + Buffer.byteLength(message) + EVENT_BYTES, 0);
        yield { events: events.filter(({ timestamp }) => timestamp < lastMs), next: { key: '', line: lastMs }, unreadable: 0, bytes };
      } while (nextToken !== undefined);
      yield { events: held, next: { key: '', line: toMs }, unreadable: 0, bytes: 0 };
    },
  };
}

import { eventTimeMs } from '../index/batch.ts';
import type { BulkBatch, SourceBatch, SourceEvent } from '../index/types.ts';
import { addCounts, type Counts, emptyCounts } from './counts.ts';
import type { DeadLetter } from './dead-letter.ts';
import type { Outcome } from './outcome.ts';

/** Where a payload came from, as its dead letters will say. */
export interface Origin {
  readonly source: string;
  readonly function: string;
  readonly account: string;
  readonly region: string;
  readonly nowMs: number;
}

/** What one payload came to. */
export interface Settled {
  readonly counts: Counts;
  readonly letters: readonly DeadLetter[];
  /** Documents to be sent again, by the last reason. */
  readonly returned: { readonly [reason: string]: number };
  /** Of the indexed documents: event time to now, in ms. */
  readonly delay: Delay;
  /** Events that dry-run exclusions would have dropped, by rule. */
  readonly wouldExclude: Tally;
}

/** How often something happened, by name. */
export interface Tally {
  [name: string]: number;
}

/** Adds `from` to `into`, in place. */
export function addTally(into: Tally, from: { readonly [name: string]: number }): void {
  for (const [name, count] of Object.entries(from)) into[name] = (into[name] ?? 0) + count;
}

/** Sum, greatest and number of delays, in ms. */
export interface Delay {
  sumMs: number;
  maxMs: number;
  documents: number;
}

/** No delays yet. */
export function noDelay(): Delay {
  return { sumMs: 0, maxMs: 0, documents: 0 };
}

/** Adds `from` to `into`, in place. */
export function addDelay(into: Delay, from: Delay): void {
  into.sumMs += from.sumMs;
  into.maxMs = Math.max(into.maxMs, from.maxMs);
  into.documents += from.documents;
}

function joinedOf(batch: SourceBatch, event: number, joined: number, positions: readonly number[] | undefined): SourceEvent[] {
  const all = positions ?? Array.from({ length: joined }, (_, step) => event + 1 + step);
  return all.flatMap((position) => batch.events[position] ?? []);
}

/** Turns the outcomes of one payload's documents (same order as `bulk.documents`) into counts and dead letters. */
export function settle(batch: SourceBatch, bulk: BulkBatch, outcomes: readonly Outcome[], origin: Origin): Settled {
  const counts = emptyCounts();
  addCounts(counts, bulk.counts);
  const letters: DeadLetter[] = [];
  const returned: { [reason: string]: number } = {};
  const delay = noDelay();
  const letter = (
    event: number,
    joined: readonly SourceEvent[],
    rest: Pick<DeadLetter, 'reason' | 'detail' | 'index' | 'documentId'>,
  ): void => {
    const first: SourceEvent = batch.events[event] ?? { id: '', timestamp: 0, message: '' };
    letters.push({
      version: 1,
      reason: rest.reason,
      ...(rest.detail === undefined ? {} : { detail: rest.detail }),
      source: origin.source,
      function: origin.function,
      account: first.account ?? (/^\d{12}$/.test(batch.owner) ? batch.owner : origin.account),
      region: first.region ?? origin.region,
      logGroup: batch.logGroup,
      logStream: batch.logStream,
      id: first.id,
      // An event without a time has NaN, which JSON cannot hold.
      timestamp: Number.isFinite(first.timestamp) ? first.timestamp : 0,
      message: first.message,
      ...(joined.length === 0 ? {} : { joined }),
      ...(rest.index === undefined ? {} : { index: rest.index }),
      ...(rest.documentId === undefined ? {} : { documentId: rest.documentId }),
      deadLetteredAt: origin.nowMs,
    });
    counts.deadLettered++;
  };
  bulk.documents.forEach((document, position) => {
    const outcome = outcomes[position] ?? { kind: 'retry', reason: 'no-outcome' };
    if (outcome.kind === 'indexed') {
      counts.indexed++;
      const late = origin.nowMs - (eventTimeMs(batch, document.event) ?? origin.nowMs);
      delay.sumMs += late;
      delay.maxMs = Math.max(delay.maxMs, late);
      delay.documents++;
    } else if (outcome.kind === 'duplicate') counts.duplicate++;
    else if (outcome.kind === 'retry') {
      counts.returned++;
      returned[outcome.reason] = (returned[outcome.reason] ?? 0) + 1;
    } else {
      letter(document.event, joinedOf(batch, document.event, document.joined, document.joinedEvents), {
        reason: outcome.reason,
        ...(outcome.detail === undefined ? {} : { detail: outcome.detail }),
        index: document.index,
        documentId: document.id,
      });
    }
  });
  for (const rejected of bulk.rejected) {
    letter(rejected.event, joinedOf(batch, rejected.event, 0, rejected.joinedEvents), {
      reason: rejected.reason,
      ...(rejected.detail === undefined ? {} : { detail: rejected.detail }),
      ...(rejected.index === undefined ? {} : { index: rejected.index }),
      ...(rejected.id === undefined ? {} : { documentId: rejected.id }),
    });
  }
  return { counts, letters, returned, delay, wouldExclude: { ...bulk.wouldExclude } };
}

/** The same payload when its dead letters could not be written: they count as returned, because the payload comes again. */
export function returnLetters(settled: Settled, reason: string): Settled {
  const count = settled.letters.length;
  return {
    ...settled,
    counts: { ...settled.counts, deadLettered: settled.counts.deadLettered - count, returned: settled.counts.returned + count },
    letters: [],
    returned: { ...settled.returned, [reason]: (settled.returned[reason] ?? 0) + count },
  };
}

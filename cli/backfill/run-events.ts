import type { Outcome } from '../../lambdas/core/delivery/outcome.ts';
import { addTally, type Tally } from '../../lambdas/core/delivery/settle.ts';
import type { BulkBatch, SourceBatch } from '../../lambdas/core/index/types.ts';
import type { CompiledSource } from '../../lambdas/core/rules/compile.ts';
import { type Checkpoint, comparePositions, type EventPage, type EventReader, type ReadEvent, undone } from './positions.ts';
import { ahead } from './read-ahead.ts';
import { RecordBatches } from './record-batches.ts';
import type { RunEnd, RunPorts } from './run.ts';
import type { TimeRange } from './time-range.ts';
import { newTotals, type Totals } from './totals.ts';

/** What is read and how it is transformed. */
export interface EventRun {
  readonly reader: EventReader;
  readonly source: CompiledSource;
  readonly range: TimeRange;
  readonly transform: (batch: SourceBatch) => BulkBatch;
  readonly checkpoint: Checkpoint | undefined;
}

/**
 * Sends page after page. What is done is saved behind each page: whoever is stopped in between sends one page again, and what of it is there already is a
 * duplicate.
 */
export async function runEvents({ reader, source, range, transform, checkpoint }: EventRun, ports: RunPorts): Promise<RunEnd> {
  const records = new RecordBatches(source, range);
  const pages = ahead(reader.pages(checkpoint?.carry?.from ?? checkpoint?.next));
  // Events that waited for their next lines when the run before ended, read again on the way to the place where it did.
  let waited: readonly ReadEvent[] = [];
  try {
    for (let page = await pages.next(); ; page = await pages.next()) {
      const taken: Pick<EventPage, 'events' | 'unreadable' | 'bytes'> = page.done ? NOTHING : undone(page.value, checkpoint);
      if (!page.done && checkpoint !== undefined && comparePositions(page.value.next, checkpoint.next) <= 0) {
        waited = [...waited, ...taken.events];
        continue;
      }
      const { batches, carry } = records.add({ events: [...waited, ...taken.events] }, page.done === true);
      waited = [];
      const bulks = batches.map(transform);
      const { totals, returned } = settle(bulks, await ports.send(bulks), ports);
      if (Object.keys(returned).length > 0) return { kind: 'stopped', returned };
      if (taken.unreadable > 0) totals.unreadable['not-an-event'] = taken.unreadable;
      totals.bytes = taken.bytes;
      await ports.done(totals, page.done ? undefined : { next: page.value.next, ...(carry === undefined ? {} : { carry }) });
      if (page.done) return { kind: 'done' };
      if (ports.signal.aborted) return { kind: 'interrupted' };
    }
  } finally {
    await pages.return();
  }
}

const NOTHING = { events: [], unreadable: 0, bytes: 0 };

/** What became of the documents of some batches. */
export function settle(
  bulks: readonly BulkBatch[],
  outcomes: readonly (readonly Outcome[])[],
  ports: Pick<RunPorts, 'refused' | 'overwrite'>,
): { readonly totals: Totals; readonly returned: Tally } {
  const totals = newTotals();
  const returned: Tally = {};
  for (const [position, { documents, rejected, counts, body }] of bulks.entries()) {
    totals.read += counts.received;
    totals.joined += counts.joined;
    addTally(totals.excluded, counts.excluded);
    totals.unparsed += countOf(body, PARSE_ERROR);
    for (const [at, { index, id }] of documents.entries()) {
      const outcome: Outcome = outcomes[position]?.[at] ?? { kind: 'retry', reason: 'no-outcome' };
      if (outcome.kind === 'indexed') totals.indexed++;
      else if (outcome.kind === 'duplicate') totals[ports.overwrite && outcome.reason === 'extended' ? 'overwritten' : 'duplicate']++;
      else if (outcome.kind === 'retry') addTally(returned, { [outcome.reason]: 1 });
      else {
        addTally(totals.refused, { [outcome.reason]: 1 });
        if (outcome.reason === 'index-read-only') addTally(totals.readOnly, { [index]: 1 });
        ports.refused({ index, id, reason: outcome.reason });
      }
    }
    for (const { reason, index, id } of rejected) {
      addTally(totals.refused, { [reason]: 1 });
      ports.refused({ reason, ...(index === undefined ? {} : { index }), ...(id === undefined ? {} : { id }) });
    }
  }
  return { totals, returned };
}

/** How the envelope tells of a line that no parser understood; inside of a text its quotes would be escaped. */
const PARSE_ERROR = Buffer.from('"parse":{"format":"text","error":');

function countOf(body: Uint8Array, text: Buffer): number {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
  let count = 0;
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + text.length)) count++;
  return count;
}

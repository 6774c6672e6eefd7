import { REPLAYED_PREFIX } from '../../lambdas/core/delivery/dead-letter.ts';
import type { Outcome } from '../../lambdas/core/delivery/outcome.ts';
import type { BulkBatch, SourceBatch } from '../../lambdas/core/index/types.ts';
import type { Io } from '../io.ts';
import type { Again, Failure, SourceNames } from './failure.ts';
import { type FailedObject, type FailureFilter, failedObjects, isMeant, readFailedObject } from './failures.ts';
import type { ObjectStore } from './object-store.ts';

/** What a replay needs of the rest. */
export interface ReplayPorts {
  /** The deployed transform, with the time bounds of the day on which the event failed; undefined where no source owns the log group. */
  readonly transform: (batch: SourceBatch, failedMs: number) => BulkBatch | undefined;
  /** Outcomes by batch and document. */
  readonly send: (batches: readonly BulkBatch[]) => Promise<readonly (readonly Outcome[])[]>;
  /** Puts records into their delivery streams; says of each whether it was accepted. Absent where there are no such streams: a local run is over. */
  readonly putAgain?: (records: readonly Again[]) => Promise<readonly boolean[]>;
  readonly onProgress: (done: number, all: number, failures: number) => void;
}

/** What became of one failure. `moved` says whether its object is done with. */
interface Replayed {
  readonly id: string;
  readonly outcome: 'put-again' | 'would-put' | 'indexed' | 'duplicate' | 'excluded' | 'failed' | 'would-index';
  readonly reason?: string;
  readonly index?: string;
  readonly documentId?: string;
}

/** Totals of a replay. */
export interface ReplayTotals {
  indexed: number;
  putAgain: number;
  wouldPut: number;
  duplicate: number;
  excluded: number;
  failed: number;
  wouldIndex: number;
  objectsDone: number;
  objectsLeft: number;
  /** Of those left: done, but the bucket refused the move. */
  notMoved: number;
}

const DONE = new Set<Replayed['outcome']>(['indexed', 'duplicate', 'excluded', 'put-again']);

function outcomesOf(failure: Failure, bulk: BulkBatch | undefined, outcomes: readonly Outcome[] | undefined): Replayed[] {
  const { id } = failure;
  if (!failure.batch) return [{ id, outcome: 'failed', reason: failure.reason }];
  if (!bulk) return [{ id, outcome: 'failed', reason: 'unknown-log-group' }];
  const lines: Replayed[] = bulk.documents.map(({ index, id: documentId }, position) => {
    const where = { id, index, documentId };
    const outcome = outcomes?.[position];
    if (!outcome) return { ...where, outcome: 'would-index' };
    if (outcome.kind === 'indexed' || outcome.kind === 'duplicate') return { ...where, outcome: outcome.kind };
    return { ...where, outcome: 'failed', reason: outcome.reason };
  });
  for (const { reason, index, id: documentId } of bulk.rejected) {
    lines.push({
      id,
      outcome: 'failed',
      reason,
      ...(index === undefined ? {} : { index }),
      ...(documentId === undefined ? {} : { documentId }),
    });
  }
  for (const [reason, count] of Object.entries(bulk.counts.excluded))
    for (let n = 0; n < count; n++) lines.push({ id, outcome: 'excluded', reason });
  return lines;
}

/** What was on its way to the archive goes into its delivery stream again: an index has no use for it. */
async function putAgain(meant: readonly Failure[], dryRun: boolean, { putAgain: put }: ReplayPorts): Promise<Replayed[]> {
  const ready = meant.flatMap(({ again }) => (again === undefined ? [] : [again]));
  const accepted = dryRun || put === undefined ? [] : await put(ready);
  return meant.map(({ again, id }): Replayed => {
    if (again === undefined) return { id, outcome: 'failed', reason: 'no-record-of-a-stream' };
    if (dryRun) return { id, outcome: 'would-put' };
    if (put === undefined) return { id, outcome: 'failed', reason: 'no-delivery-stream-here' };
    return accepted[ready.indexOf(again)] === true ? { id, outcome: 'put-again' } : { id, outcome: 'failed', reason: 'not-accepted' };
  });
}

async function replayObject(
  object: FailedObject,
  filter: FailureFilter,
  dryRun: boolean,
  ports: ReplayPorts,
): Promise<{ lines: Replayed[]; isDone: boolean }> {
  const meant = object.failures.filter((failure) => isMeant(failure, filter));
  if (object.kind === 'archive') {
    const archived = await putAgain(meant, dryRun, ports);
    return {
      lines: archived,
      isDone: !dryRun && meant.length === object.failures.length && archived.every(({ outcome }) => DONE.has(outcome)),
    };
  }
  const bulks = meant.map(({ batch, failedMs }) => (batch ? ports.transform(batch, failedMs) : undefined));
  const toSend = bulks.filter((bulk): bulk is BulkBatch => bulk !== undefined);
  const sent = dryRun ? [] : await ports.send(toSend);
  const lines = meant.flatMap((failure, position) => {
    const bulk = bulks[position];
    return outcomesOf(failure, bulk, bulk && !dryRun ? (sent[toSend.indexOf(bulk)] ?? []) : undefined);
  });
  return { lines, isDone: !dryRun && meant.length === object.failures.length && lines.every(({ outcome }) => DONE.has(outcome)) };
}

/**
 * Replays failures through the deployed transform: same `_id`, same index, redacted as ever, so that repeating a replay changes nothing.
 * An object moves to `replayed/` only when everything in it is done. Answers 1 where something failed again.
 */
export async function replay(
  stores: readonly ObjectStore[],
  filter: FailureFilter,
  names: SourceNames,
  ports: ReplayPorts,
  io: Pick<Io, 'stdout' | 'stderr'> & { readonly json: boolean; readonly dryRun: boolean },
): Promise<number> {
  const totals: ReplayTotals = {
    indexed: 0,
    putAgain: 0,
    wouldPut: 0,
    duplicate: 0,
    excluded: 0,
    failed: 0,
    wouldIndex: 0,
    objectsDone: 0,
    objectsLeft: 0,
    notMoved: 0,
  };
  const reasons = new Map<string, number>();
  const missing = new Set(filter.only);
  const work: { readonly store: ObjectStore; readonly key: string }[] = [];
  // Listed first: moving while listing would skip objects, and a bar needs its end.
  for (const store of stores) for await (const { key } of failedObjects(store, filter, names)) work.push({ store, key });
  for (const [position, { store, key }] of work.entries()) {
    const bytes = await store.get(key);
    if (!bytes) continue;
    const { lines, isDone } = await replayObject(readFailedObject(key, bytes, names), filter, io.dryRun, ports);
    missing.delete(key);
    for (const line of lines) {
      missing.delete(line.id);
      if (line.outcome === 'would-index') totals.wouldIndex++;
      else if (line.outcome === 'put-again') totals.putAgain++;
      else if (line.outcome === 'would-put') totals.wouldPut++;
      else totals[line.outcome]++;
      if (line.outcome === 'failed') reasons.set(line.reason ?? 'unknown', (reasons.get(line.reason ?? 'unknown') ?? 0) + 1);
      if (io.json) io.stdout.write(`${JSON.stringify(line)}\n`);
    }
    if (isDone && (await moveAway(store, key, io, totals))) totals.objectsDone++;
    else totals.objectsLeft++;
    ports.onProgress(position + 1, work.length, totals.failed);
  }
  for (const name of missing) io.stderr.write(`dead-letters: there is no ${name}\n`);
  if (!io.json) io.stdout.write(summaryOf(totals, reasons, io.dryRun));
  return totals.failed > 0 || totals.notMoved > 0 || missing.size > 0 ? 1 : 0;
}

/** Indexed but not moved is no loss, since a replay again finds duplicates; but it is said, and the answer is 1. */
async function moveAway(store: ObjectStore, key: string, io: Pick<Io, 'stderr'>, totals: ReplayTotals): Promise<boolean> {
  try {
    await store.move(key, `${REPLAYED_PREFIX}${key}`);
    return true;
  } catch (error) {
    totals.notMoved++;
    io.stderr.write(`dead-letters: ${key} is done but could not be moved: ${error instanceof Error ? error.message : String(error)}\n`);
    return false;
  }
}

function summaryOf(totals: ReplayTotals, reasons: ReadonlyMap<string, number>, dryRun: boolean): string {
  const { indexed, duplicate, excluded, failed, putAgain: put, wouldIndex, wouldPut, objectsDone, objectsLeft } = totals;
  const why = [...reasons].map(([reason, count]) => `${count} ${reason}`).join(', ');
  const again = failed > 0 ? `, ${failed} failed again (${why})` : '';
  const wouldGo = wouldPut > 0 ? `would put ${wouldPut} records into their delivery streams again, ` : '';
  if (dryRun) return `${wouldGo}would index ${wouldIndex} documents, ${excluded} are excluded now${again}; nothing was sent or moved\n`;
  const left = objectsLeft > 0 ? `, ${objectsLeft} left where they were` : '';
  const files = [...reasons.keys()].some((reason) => reason.startsWith('file-'))
    ? 'a file-… is a whole access log file: put a good one in its place, or read it again with `eks-telemetry backfill`\n'
    : '';
  const went = put > 0 ? `put ${put} records into their delivery streams again, ` : '';
  return `${went}indexed ${indexed}, were there already ${duplicate}, excluded ${excluded}${again}; objects moved to ${REPLAYED_PREFIX}: ${objectsDone}${left}\n${files}`;
}

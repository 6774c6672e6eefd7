import { emptyCounts } from '../delivery/counts.ts';
import { UNKNOWN_SOURCE } from '../delivery/deliver.ts';
import type { BulkBatch, SourceBatch } from '../index/types.ts';
import { type ArchiveRecordPorts, planArchive } from './archive-record.ts';
import type { ArchiveSets, SpanBatch } from './archive-sets.ts';
import type { RecordIn } from './invocation.ts';
import { looksMarked, type Marked, type MarkHeader } from './mark.ts';
import { emptyPlan, failedPlan, MAX_BODY_BYTES, type RecordPlan, requeuedPlan } from './record-plan.ts';
import { type FamilyStream, planSearch } from './search-record.ts';

/** A payload, opened. */
export type OpenedRecord =
  | { readonly kind: 'data'; readonly batch: SourceBatch }
  | { readonly kind: 'spans'; readonly batch: SpanBatch }
  | { readonly kind: 'control' }
  | { readonly kind: 'bad'; readonly reason: string; readonly detail: string };

/** What a mode makes of a batch. */
export type PlanBatch = (
  batch: SourceBatch | SpanBatch,
  context: { readonly stream: string; readonly arrivedMs: number; readonly hasRoom: (bytes: number) => boolean },
) => RecordPlan;

/** The steps of one record. */
export interface PlanPorts {
  /** Opens gzip. */
  readonly open: (data: Uint8Array) => OpenedRecord;
  /** Opens what an agent put into the stream itself; undefined where no source reads such records. */
  readonly openPlain: (data: Uint8Array, arrivedMs: number) => SourceBatch | undefined;
  readonly openMark: (data: Uint8Array, stream: string) => Marked | undefined;
  /** Undoes the gzip of a marked body; undefined where it is none. */
  readonly unpack: (body: Uint8Array) => Uint8Array | undefined;
  readonly planBatch: PlanBatch;
}

/**
 * Decides about one record of a delivery stream: one that this function put there itself passes as it is, CloudWatch's test messages are dropped, and
 * everything else goes by the mode. Bad data fails alone, with its reason.
 */
export function planRecord(record: RecordIn, stream: string, ports: PlanPorts, hasRoom: (bytes: number) => boolean): RecordPlan {
  const { data, arrivedMs } = record;
  if (data.length === 0) return failedPlan('empty');
  if (looksMarked(data)) return planMarked(data, stream, ports, hasRoom);
  const context = { stream, arrivedMs, hasRoom };
  if (data[0] !== 0x1f || data[1] !== 0x8b) {
    const batch = ports.openPlain(data, arrivedMs);
    if (batch === undefined) return failedPlan('no-source-of-records');
    return batch.events.length === 0 ? failedPlan('empty') : ports.planBatch(batch, context);
  }
  const opened = ports.open(data);
  if (opened.kind === 'bad') return failedPlan(opened.reason, { detail: opened.detail });
  if (opened.kind === 'control') return { ...emptyPlan(UNKNOWN_SOURCE), counts: { ...emptyCounts(), controlMessages: 1 } };
  return ports.planBatch(opened.batch, context);
}

function planMarked(data: Uint8Array, stream: string, ports: PlanPorts, hasRoom: (bytes: number) => boolean): RecordPlan {
  const marked = ports.openMark(data, stream);
  if (marked === undefined) return failedPlan('bad-mark');
  const { header, isGzip } = marked;
  const body = isGzip ? ports.unpack(marked.body) : marked.body;
  if (body === undefined || body.length > MAX_BODY_BYTES) return failedPlan('bad-mark');
  if (!hasRoom(body.length)) return requeuedPlan(stream, data, 'answer-full');
  // Its events were counted when it was made.
  return { ...emptyPlan(), answer: { data: body, events: 0, ...(header.partition === undefined ? {} : { partition: header.partition }) } };
}

/** `streams.json` beside the bundle. */
export interface StreamRules {
  /** Delivery stream of each index family, in search mode. */
  readonly families: readonly FamilyStream[];
  /** Whether the archive's keys hold the application. */
  readonly byApplication: boolean;
}

/** Wraps a body into a marked record. */
export type MakeMark = (header: MarkHeader, body: Uint8Array) => Uint8Array;

/** Where events are counted, and what search mode does with a batch. */
export interface SearchMode {
  readonly function: string;
  readonly account: string;
  readonly region: string;
  readonly nowMs: number;
  readonly families: readonly FamilyStream[];
  readonly sourceOf: (logGroup: string) => string;
  readonly transform: (batch: SourceBatch) => BulkBatch;
  readonly mark: MakeMark;
}

/** The mode of streams that go to OpenSearch. */
export function searchMode({ sourceOf, transform, mark, ...origin }: SearchMode): PlanBatch {
  return (batch, { stream, hasRoom }) => {
    // Spans are the archive's only.
    if ('spans' in batch) return failedPlan('bad-envelope');
    const settings = { ...origin, source: sourceOf(batch.logGroup), stream };
    return planSearch(batch, settings, { transform, hasRoom, mark: (body, to, source) => mark({ stream: to, source, events: 1 }, body) });
  };
}

/** The mode of streams that go to the archive. */
export function archiveMode(sets: ArchiveSets, nowMs: number, mark: MakeMark): PlanBatch {
  return (batch, { stream, arrivedMs, hasRoom }) => {
    const source = sets.sourceOf(batch.logGroup)?.name;
    const made = sets.of(batch, { arrivedMs, nowMs });
    if (source === undefined || made === undefined) {
      const events = 'spans' in batch ? batch.spans.count : batch.events.length;
      return failedPlan('unknown-log-group', { detail: batch.logGroup, events });
    }
    const ports: ArchiveRecordPorts = {
      hasRoom,
      mark: (lines, { partition, events }) => mark({ stream, source, events, partition }, lines),
    };
    return planArchive(made, source, stream, ports);
  };
}

import { eventTimeMs } from '../index/batch.ts';
import type { BulkBatch, SourceBatch } from '../index/types.ts';
import { addCounts, type Counts, emptyCounts } from './counts.ts';
import { type DeadLetter, deadLetterKey } from './dead-letter.ts';
import type { Outcome } from './outcome.ts';
import { addDelay, addTally, type Delay, noDelay, type Origin, returnLetters, type Settled, settle, type Tally } from './settle.ts';

/** One subscription payload: the whole of a direct invocation, or one record of a stream. */
export interface Payload {
  /** Base64 as it came. */
  readonly data: string;
  /** What a redelivery of it has in common with it, such as the record's sequence number; goes into the dead letters' key. */
  readonly identity: string;
  /** When it arrived, in ms; the key's time where no event can be read. */
  readonly arrivedMs: number;
}

/** A payload that was opened. */
export type Opened =
  | { readonly kind: 'data'; readonly batch: SourceBatch }
  | { readonly kind: 'control' }
  | { readonly kind: 'bad'; readonly reason: string; readonly detail?: string };

/** The steps, in the order in which they are called. */
export interface DeliveryPorts {
  readonly open: (data: string) => Opened;
  readonly transform: (batch: SourceBatch) => BulkBatch;
  /** Outcomes by batch and document; never throws for what the engine does. */
  readonly send: (batches: readonly BulkBatch[]) => Promise<readonly (readonly Outcome[])[]>;
  /** Writes an object; rejects where it is not certain that it was written. */
  readonly keep: (key: string, letters: readonly DeadLetter[]) => Promise<void>;
  /** Name of the source that owns a log group. */
  readonly sourceOf: (logGroup: string) => string;
  readonly hash: (text: string) => string;
  /** Whether there is time for another slice. */
  readonly hasTime: () => boolean;
}

/** Settings of a delivery. */
export interface DeliverySettings {
  readonly function: string;
  readonly account: string;
  readonly region: string;
  /** Processing time in ms since the epoch. */
  readonly nowMs: number;
  /** Bulk bytes that are collected before they are sent: bounds the memory of a batch of many records. */
  readonly sliceBytes: number;
}

/** What happened, by source. */
export interface SourceReport {
  readonly counts: Counts;
  readonly delay: Delay;
  /** Events that dry-run exclusions would have dropped, by rule. */
  readonly wouldExclude: Tally;
  /** Dead letters by reason. */
  readonly deadLettered: Tally;
  /** Documents that must come again, by reason. A payload that was not opened has no source yet: only the whole report tells of it. */
  readonly returned: Tally;
}

/** What became of the payloads. */
export interface DeliveryReport {
  readonly sources: ReadonlyMap<string, SourceReport>;
  /** Positions of payloads that must come again, in order. */
  readonly failed: readonly number[];
  /** Why, by reason; documents, and payloads that were not opened (`out-of-time`). */
  readonly returned: { readonly [reason: string]: number };
}

/** Source of a record that could not be opened, so that its log group is not known. */
export const UNKNOWN_SOURCE = 'unknown';

interface Prepared {
  readonly position: number;
  readonly payload: Payload;
  readonly batch: SourceBatch;
  readonly bulk: BulkBatch;
}

/** Transforms a batch; where that throws, halves of it, until the event that breaks the transform is alone and rejected. */
export function splitTransform(
  batch: SourceBatch,
  transform: (batch: SourceBatch) => BulkBatch,
): { batch: SourceBatch; bulk: BulkBatch }[] {
  try {
    return [{ batch, bulk: transform(batch) }];
  } catch (error) {
    const { owner, logGroup, logStream, events } = batch;
    // Whatever it was that the reading of bytes did not expect.
    if (batch.bytes !== undefined) return splitTransform({ owner, logGroup, logStream, events }, transform);
    if (events.length > 1) {
      // One event that breaks the transform must not take its neighbours with it: halve until it is alone.
      const middle = Math.ceil(events.length / 2);
      return [events.slice(0, middle), events.slice(middle)].flatMap((half) =>
        splitTransform({ owner, logGroup, logStream, events: half }, transform),
      );
    }
    const detail = error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 1000) : 'unknown';
    const counts = { ...emptyCounts(), received: events.length };
    const rejected = events.map((_, event) => ({ event, reason: 'transform-failed', detail }));
    return [{ batch, bulk: { body: new Uint8Array(0), documents: [], rejected, counts } }];
  }
}

class Delivery {
  readonly sources = new Map<string, SourceReport>();
  readonly failed = new Set<number>();
  readonly returned: { [reason: string]: number } = {};
  private readonly ports: DeliveryPorts;
  private readonly settings: DeliverySettings;

  constructor(ports: DeliveryPorts, settings: DeliverySettings) {
    this.ports = ports;
    this.settings = settings;
  }

  async run(payloads: readonly Payload[]): Promise<DeliveryReport> {
    let slice: Prepared[] = [];
    let bytes = 0;
    for (const [position, payload] of payloads.entries()) {
      if (!this.ports.hasTime()) {
        this.giveBack(position, 'out-of-time', 1);
        continue;
      }
      for (const prepared of await this.prepare(position, payload)) {
        slice.push(prepared);
        bytes += prepared.bulk.body.length;
      }
      if (bytes >= this.settings.sliceBytes) {
        await this.send(slice);
        slice = [];
        bytes = 0;
      }
    }
    await this.send(slice);
    return { sources: this.sources, failed: [...this.failed].sort((a, b) => a - b), returned: this.returned };
  }

  private async prepare(position: number, payload: Payload): Promise<Prepared[]> {
    const opened = this.ports.open(payload.data);
    if (opened.kind === 'control') {
      this.report(UNKNOWN_SOURCE).counts.controlMessages++;
      return [];
    }
    if (opened.kind === 'bad') {
      await this.keepUnopened(position, payload, opened);
      return [];
    }
    return splitTransform(opened.batch, this.ports.transform).map((part) => ({ position, payload, ...part }));
  }

  private async keepUnopened(position: number, payload: Payload, opened: Extract<Opened, { kind: 'bad' }>): Promise<void> {
    const { function: name, account, region, nowMs } = this.settings;
    const letter: DeadLetter = {
      version: 1,
      reason: opened.reason,
      ...(opened.detail === undefined ? {} : { detail: opened.detail }),
      source: UNKNOWN_SOURCE,
      function: name,
      account,
      region,
      logGroup: '',
      logStream: '',
      id: payload.identity,
      timestamp: payload.arrivedMs,
      message: '',
      payload: payload.data,
      deadLetteredAt: nowMs,
    };
    // How many events it held is not known: it counts as one.
    const counts = { ...emptyCounts(), received: 1, deadLettered: 1 };
    await this.conclude(position, payload, payload.arrivedMs, UNKNOWN_SOURCE, {
      counts,
      letters: [letter],
      returned: {},
      delay: noDelay(),
      wouldExclude: {},
    });
  }

  private async send(slice: readonly Prepared[]): Promise<void> {
    if (slice.length === 0) return;
    const outcomes = await this.ports.send(slice.map(({ bulk }) => bulk));
    const { function: name, account, region, nowMs } = this.settings;
    // Parts of one payload share a key, hence one object.
    const byPosition = new Map<number, { prepared: Prepared; source: string; parts: Settled[] }>();
    slice.forEach((prepared, index) => {
      const source = this.ports.sourceOf(prepared.batch.logGroup);
      const origin: Origin = { source, function: name, account, region, nowMs };
      const settled = settle(prepared.batch, prepared.bulk, outcomes[index] ?? [], origin);
      const entry = byPosition.get(prepared.position);
      if (entry) entry.parts.push(settled);
      else byPosition.set(prepared.position, { prepared, source, parts: [settled] });
    });
    await Promise.all(
      [...byPosition.values()].map(({ prepared, source, parts }) => {
        const eventMs = eventTimeMs(prepared.batch, 0);
        const firstMs = eventMs !== undefined && Number.isFinite(eventMs) ? eventMs : prepared.payload.arrivedMs;
        return this.conclude(prepared.position, prepared.payload, firstMs, source, merge(parts));
      }),
    );
  }

  /** Last step of a payload: dead letters are kept before anything is reported, and one that cannot be kept makes the payload come again. */
  private async conclude(position: number, payload: Payload, timeMs: number, source: string, settled: Settled): Promise<void> {
    let final = settled;
    if (settled.letters.length > 0) {
      const key = deadLetterKey({ source, function: this.settings.function, timeMs, payloadHash: this.ports.hash(payload.identity) });
      try {
        await this.ports.keep(key, settled.letters);
      } catch {
        final = returnLetters(settled, 'dead-letter-not-written');
      }
    }
    const report = this.report(source);
    addCounts(report.counts, final.counts);
    addDelay(report.delay, final.delay);
    addTally(report.wouldExclude, final.wouldExclude);
    for (const { reason } of final.letters) addTally(report.deadLettered, { [reason]: 1 });
    addTally(report.returned, final.returned);
    for (const [reason, count] of Object.entries(final.returned)) this.giveBack(position, reason, count);
  }

  private report(source: string): SourceReport {
    const existing = this.sources.get(source);
    if (existing) return existing;
    const made = { counts: emptyCounts(), delay: noDelay(), wouldExclude: {}, deadLettered: {}, returned: {} };
    this.sources.set(source, made);
    return made;
  }

  private giveBack(position: number, reason: string, count: number): void {
    this.failed.add(position);
    this.returned[reason] = (this.returned[reason] ?? 0) + count;
  }
}

function merge(parts: readonly Settled[]): Settled {
  const counts = emptyCounts();
  const delay = noDelay();
  const returned: Tally = {};
  const wouldExclude: Tally = {};
  for (const part of parts) {
    addCounts(counts, part.counts);
    addDelay(delay, part.delay);
    addTally(returned, part.returned);
    addTally(wouldExclude, part.wouldExclude);
  }
  return { counts, letters: parts.flatMap(({ letters }) => letters), returned, delay, wouldExclude };
}

/**
 * Delivers payloads: open, transform, send, keep what is final, count. Bad input never throws and never fails its neighbours;
 * what a broken world left undone is in `failed`, and it is the route's matter how to give it back.
 */
export async function deliver(payloads: readonly Payload[], ports: DeliveryPorts, settings: DeliverySettings): Promise<DeliveryReport> {
  return new Delivery(ports, settings).run(payloads);
}

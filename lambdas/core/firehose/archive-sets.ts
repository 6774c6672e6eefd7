import type { Allocate, WriteUtf8 } from '../index/body-writer.ts';
import type { SourceBatch } from '../index/types.ts';
import { OVERSHOOT, type Piece } from '../lines/piece.ts';
import type { ApplicationRule, Rules, SourceRule, TimeBounds } from '../rules/rules.ts';
import { sourceOf } from '../rules/source-of.ts';
import { type ArchiveOrigin, ArchiveWriter, archiveLine, isDate, originMembers } from './archive-lines.ts';
import { createOwnerOf, ESCAPED_KUBERNETES, KnownOwners } from './archive-owner.ts';
import type { EventSpans } from './event-spans.ts';
import { archiveKind, hourEnd, hourOf, isPartitionTime, NO_APPLICATION, type PartitionKeys, partitionKeys } from './partition.ts';

/** A payload whose events are spans of its bytes. */
export interface SpanBatch {
  readonly owner: string;
  readonly logGroup: string;
  readonly logStream: string;
  readonly payload: Uint8Array;
  readonly spans: EventSpans;
}

/** Lines of one partition. */
export interface ArchiveSet {
  readonly partition: PartitionKeys;
  readonly lines: Uint8Array;
  /** Position behind each line: one line for each event. */
  readonly ends: readonly number[];
}

/** What the archive needs of the config. */
export interface ArchiveRules extends Pick<Rules, 'account' | 'region' | 'sources' | 'timeBounds'> {
  readonly applications: readonly ApplicationRule[];
  /** Whether the application is a part of the key. */
  readonly byApplication: boolean;
}

/** What the archive needs of the world. */
export interface ArchivePorts {
  readonly write: WriteUtf8;
  /** Memory that need not be cleared. */
  readonly allocate: Allocate;
  /** A digest of text in letters and digits. */
  readonly hash: (text: string) => string;
  /** The text of bytes, one character a byte. */
  readonly readLatin1: (bytes: Uint8Array, start: number, end: number) => string;
  /** The text of UTF-8. */
  readonly readUtf8: (bytes: Uint8Array, start: number, end: number) => string;
}

/** When a payload came, and when it is read, in ms since the epoch. */
export interface ArchiveMoment {
  readonly arrivedMs: number;
  readonly nowMs: number;
}

/** Line bytes beyond the message: the envelope of a line, roughly. */
const ENVELOPE_BYTES = 520;

/** Writes payloads as lines of the archive, by partition. Nothing is dropped, whatever an event holds: where it lacks a time or an id, it gets one. */
export class ArchiveSets {
  readonly #rules: ArchiveRules;
  readonly #ports: ArchivePorts;
  readonly #owners = new Map<string, { readonly bytes: KnownOwners; readonly text: KnownOwners } | undefined>();

  constructor(rules: ArchiveRules, ports: ArchivePorts) {
    this.#rules = rules;
    this.#ports = ports;
  }

  /** The source of a log group; undefined where no source of these rules has it. */
  sourceOf(logGroup: string): SourceRule | undefined {
    return sourceOf(this.#rules, logGroup);
  }

  /** Sets in the order of their first events; undefined for a log group that no source names. */
  of(batch: SpanBatch | SourceBatch, moment: ArchiveMoment): ArchiveSet[] | undefined {
    const source = this.sourceOf(batch.logGroup);
    if (source === undefined) return undefined;
    const kind = archiveKind(source, batch.logStream);
    const writer = new SetWriter(kind, source.cluster, this.#rules, this.#ports, moment);
    const account = /^\d{12}$/.test(batch.owner) ? batch.owner : this.#rules.account;
    const { logGroup, logStream } = batch;
    const origin = { account, region: this.#rules.region, cluster: source.cluster, kind, source: source.name, logGroup, logStream };
    if ('spans' in batch) writer.addSpans(batch, origin, this.#ownersOf(source)?.bytes);
    else writer.addEvents(batch, origin, this.#ownersOf(source)?.text);
    return writer.finish();
  }

  #ownersOf(source: SourceRule): { readonly bytes: KnownOwners; readonly text: KnownOwners } | undefined {
    if (this.#owners.has(source.name)) return this.#owners.get(source.name);
    const ownerOf = createOwnerOf(source, this.#rules.applications);
    const owners = ownerOf && { bytes: new KnownOwners(ownerOf, ESCAPED_KUBERNETES), text: new KnownOwners(ownerOf) };
    this.#owners.set(source.name, owners);
    return owners;
  }
}

/** A partition under way. */
interface OpenSet {
  readonly partition: PartitionKeys;
  readonly writer: ArchiveWriter;
}

class SetWriter {
  readonly #kind: string;
  readonly #cluster: string;
  readonly #byApplication: boolean;
  readonly #timeBounds: TimeBounds;
  readonly #ports: ArchivePorts;
  readonly #moment: ArchiveMoment;
  readonly #sets = new Map<string, OpenSet>();
  #capacity = 0;

  constructor(
    kind: string,
    cluster: string,
    { byApplication, timeBounds }: Pick<ArchiveRules, 'byApplication' | 'timeBounds'>,
    ports: ArchivePorts,
    moment: ArchiveMoment,
  ) {
    this.#kind = kind;
    this.#cluster = cluster;
    this.#byApplication = byApplication;
    this.#timeBounds = timeBounds;
    this.#ports = ports;
    this.#moment = moment;
  }

  addSpans({ payload, spans }: SpanBatch, origin: ArchiveOrigin, owners: KnownOwners | undefined): void {
    const { readLatin1, readUtf8 } = this.#ports;
    const members = this.#membersOf(origin);
    this.#capacity = payload.length + spans.count * ENVELOPE_BYTES;
    const read = (start: number, end: number): string => JSON.parse(`"${readUtf8(payload, start, end)}"`) as string;
    let set: OpenSet | undefined;
    let startMs = Number.NaN;
    let endMs = Number.NaN;
    let before: string | undefined;
    for (let event = 0; event < spans.count; event++) {
      const timeMs = spans.timestamps[event] as number;
      let application = '';
      if (owners !== undefined) {
        const start = spans.messages[event] as number;
        const end = spans.messageEnds[event] as number;
        application = owners.of(readLatin1(payload, start, end), () => read(start, end));
      }
      // Nearly all events of a payload are of one hour.
      if (set === undefined || !(timeMs >= startMs && timeMs < endMs) || (this.#byApplication && application !== before)) {
        startMs = this.#hourOf(timeMs);
        endMs = hourEnd(startMs);
        before = application;
        set = this.#setOf(startMs, application);
      }
      set.writer.addSpan(payload, spans, event, members(application));
    }
  }

  addEvents({ events }: SourceBatch, origin: ArchiveOrigin, owners: KnownOwners | undefined): void {
    this.#capacity = events.reduce((sum, { message }) => sum + message.length, 0) + events.length * ENVELOPE_BYTES;
    for (const { id, timestamp, message, account, region } of events) {
      const application = owners?.of(message, () => message) ?? '';
      const timeMs = isDate(timestamp) ? Math.trunc(timestamp) : this.#moment.arrivedMs;
      const own = { ...origin, ...(account === undefined ? {} : { account }), ...(region === undefined ? {} : { region }) };
      const event = { id: id === '' ? `h${this.#ports.hash(message)}` : id, timestamp: timeMs, message };
      this.#setOf(this.#hourOf(timeMs), application).writer.addText(archiveLine(event, own, application));
    }
  }

  finish(): ArchiveSet[] {
    return [...this.#sets.values()].map(({ partition, writer }) => ({ partition, lines: writer.bytes, ends: writer.ends }));
  }

  /** The hour whose partition takes an event: its own, or that of the arrival where its time cannot be right. */
  #hourOf(timeMs: number): number {
    const { arrivedMs, nowMs } = this.#moment;
    return hourOf(isPartitionTime(timeMs, nowMs, this.#timeBounds) ? timeMs : arrivedMs);
  }

  #setOf(hourMs: number, application: string): OpenSet {
    const key = this.#byApplication ? `${hourMs} ${application}` : String(hourMs);
    const known = this.#sets.get(key);
    if (known !== undefined) return known;
    const part = this.#byApplication ? application || NO_APPLICATION : undefined;
    const capacity = this.#sets.size === 0 ? this.#capacity : Math.ceil(this.#capacity / 4);
    const set = {
      partition: partitionKeys(this.#kind, this.#cluster, hourMs, part),
      writer: new ArchiveWriter(this.#ports.write, this.#ports.allocate, capacity),
    };
    this.#sets.set(key, set);
    return set;
  }

  #membersOf(origin: ArchiveOrigin): (application: string) => Piece {
    const made = new Map<string, Piece>();
    return (application) => {
      const known = made.get(application);
      if (known !== undefined) return known;
      const text = originMembers(origin, application);
      const bytes = new Uint8Array(text.length * 3 + OVERSHOOT);
      const size = this.#ports.write(text, bytes, 0);
      const piece: Piece = { bytes: bytes.subarray(0, size), view: new DataView(bytes.buffer), size, tailMask: 0 };
      made.set(application, piece);
      return piece;
    };
  }
}

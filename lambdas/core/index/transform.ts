import { emptyCounts } from '../delivery/counts.ts';
import { LineDocuments, lineFormatOf } from '../lines/line-documents.ts';
import type { LineFormat } from '../lines/line-format.ts';
import { readEventVersion } from '../parse/kubernetes-event.ts';
import { parseOrText } from '../parse/registry.ts';
import { controlPlaneKind } from '../parse/stream-kind.ts';
import type { CompiledRules, CompiledSource, Reader } from '../rules/compile.ts';
import { admit } from './admission.ts';
import { eventAt, eventCount } from './batch.ts';
import { type Allocate, BodyWriter, type WriteUtf8 } from './body-writer.ts';
import { bulkAction } from './bulk-action.ts';
import { eventDocumentId, eventIdStart, isPlainId, kubernetesEventId, recordDocumentId } from './document-id.ts';
import { DocumentWriter } from './document-writer.ts';
import { documentText, type Frame, frameOf, originText } from './envelope.ts';
import { exclude } from './exclude.ts';
import { following, type Grouped, groupContainers, groupLines, withoutLineEnd } from './group.ts';
import { type AddLine, groupBytes } from './group-bytes.ts';
import { IndexNames, type NamedPeriod } from './index-names.ts';
import { LineDocument } from './line-document.ts';
import { recordTimeText } from './record-time.ts';
import { type Room, roomOf } from './room.ts';
import { timeText } from './time-text.ts';
import type { BatchBytes, BulkBatch, BulkDocument, RejectedEvent, SourceBatch, SourceEvent } from './types.ts';

/** What the transform needs of the world. */
export interface TransformPorts {
  /** Processing time in ms since the epoch: `event.ingested`, and the middle of the time bounds. */
  readonly nowMs: number;
  /** A digest of text that is valid in an `_id`, such as SHA-256 in hex. */
  readonly hash: (text: string) => string;
  readonly write: WriteUtf8;
  /** Memory for the body. @default cleared memory, which costs as much as writing a part of it */
  readonly allocate?: Allocate;
}

/** Why events of a log group that no source names are excluded or rejected. */
const UNKNOWN_LOG_GROUP = 'unknown-log-group';

/**
 * Turns the events of one payload into a `_bulk` body: lines are joined to records, records parsed, secrets replaced, exclusions applied, and every
 * document gets an index and an `_id` that are functions of the event. Nothing throws for what an event holds.
 */
export function transformBatch(batch: SourceBatch, rules: CompiledRules, ports: TransformPorts): BulkBatch {
  const source = rules.sourceOf(batch.logGroup);
  const counts = emptyCounts();
  counts.received = eventCount(batch);
  if (!source) {
    if (rules.excludesUnknownLogGroups) {
      if (counts.received > 0) counts.excluded[UNKNOWN_LOG_GROUP] = counts.received;
      return { body: new Uint8Array(0), documents: [], rejected: [], counts };
    }
    const rejected = batch.events.map((_, event) => ({ event, reason: UNKNOWN_LOG_GROUP, detail: batch.logGroup }));
    return { body: new Uint8Array(0), documents: [], rejected, counts };
  }
  const transform = new Transform(batch, source, rules, ports, counts);
  return transform.run();
}

class Transform {
  readonly #batch: SourceBatch;
  readonly #source: CompiledSource;
  readonly #rules: CompiledRules;
  readonly #ports: TransformPorts;
  readonly #counts: ReturnType<typeof emptyCounts>;
  readonly #room: Room;
  readonly #writer: BodyWriter;
  readonly #documentWriter: DocumentWriter;
  readonly #names: IndexNames;
  readonly #documents: PlacedDocument[] = [];
  readonly #rejected: RejectedEvent[] = [];
  readonly #wouldExclude: { [rule: string]: number } = {};
  readonly #ingested: string;
  readonly #account: string;
  readonly #origin: string;
  readonly #idStart: string;
  #frame: Frame | undefined;
  #frameIndex = '';
  #frameReader: Reader | undefined;

  constructor(
    batch: SourceBatch,
    source: CompiledSource,
    rules: CompiledRules,
    ports: TransformPorts,
    counts: ReturnType<typeof emptyCounts>,
  ) {
    this.#batch = batch;
    this.#source = source;
    this.#rules = rules;
    this.#ports = ports;
    this.#counts = counts;
    this.#room = roomOf(source);
    this.#writer = new BodyWriter(ports.write, this.#room.forBatch(batch), counts.received, ports.allocate);
    this.#documentWriter = new DocumentWriter(ports.write);
    this.#names = new IndexNames(source.rule.clusterIndexName);
    this.#ingested = timeText(ports.nowMs);
    this.#account = /^\d{12}$/.test(batch.owner) ? batch.owner : rules.account;
    this.#origin = this.#originOf(this.#account, rules.region);
    this.#idStart = eventIdStart(this.#account, rules.region);
  }

  run(): BulkBatch {
    const kind = this.#source.rule.kind === 'controlPlane' ? controlPlaneKind(this.#batch.logStream) : undefined;
    const reader = (kind && this.#source.controlPlane[kind]) ?? this.#source.reader;
    const take = (group: Grouped): void => this.#add(group);
    const format = lineFormatOf(reader.join.format);
    const { bytes: asBytes } = this.#batch;
    if (this.#source.rule.kind === 'controlPlane') {
      if (asBytes !== undefined && format !== undefined && reader.exclusions.length === 0)
        groupBytes(asBytes, reader, format, { addLine: this.#lineAdder(asBytes, reader, format), take, write: this.#ports.write });
      else groupLines(this.#batch, reader, take);
    } else groupContainers(this.#batch, this.#source, take);
    const wouldExclude = this.#wouldExclude;
    const { bytes, ends } = this.#writer.finish();
    let start = 0;
    for (let position = 0; position < this.#documents.length; position++) {
      const document = this.#documents[position] as PlacedDocument;
      document.start = start;
      document.end = start = ends[position] as number;
    }
    this.#room.learn(this.#counts.received, bytes.length);
    return {
      body: bytes,
      documents: this.#documents,
      rejected: this.#rejected,
      counts: this.#counts,
      ...(Object.keys(wouldExclude).length > 0 ? { wouldExclude } : {}),
    };
  }

  #add(group: Grouped): void {
    const event = eventAt(this.#batch, group.event);
    const admission = admit(event.timestamp, this.#ports.nowMs, this.#rules.timeBounds, group.reader.family);
    if (event.id === '') this.#reject(group, 'no-event-id');
    else if (admission === 'time-out-of-bounds') this.#reject(group, admission, timeDetail(event.timestamp));
    else if (admission !== 'admitted') this.#exclude(group, admission);
    else this.#index(group, event);
  }

  #index(group: Grouped, event: SourceEvent): void {
    const { reader } = group;
    const index = this.#names.nameOf(reader, event.timestamp);
    const frame = this.#frameOf(index, reader, event);
    const isPlain = isPlainId(event.id);
    const clean = reader.redactor.text(group.text);
    const id = this.#idOf(event, group, isPlain, clean);
    const parsed = parseOrText(reader.parse, reader.join.format, clean, { eventTimeMs: event.timestamp });
    const parts = {
      eventId: isPlain ? event.id : JSON.stringify(event.id.slice(0, 512)).slice(1, -1),
      eventTimeMs: event.timestamp,
      recordTime: recordTimeText(group.record?.time),
      parsed,
      members: reader.redactor.fields(parsed.members, group.text),
      isContinuation: group.isHeadless,
      context: group.context,
    };
    if (isPlain && group.joined === 0 && reader.exclusions.length === 0 && this.#documentWriter.add(this.#writer, frame, id, parts)) {
      this.#documents.push(bulkDocument(index, id, group));
      return;
    }
    const document = documentText(parts, frame);
    if (reader.exclusions.length > 0) {
      const { excludedBy, wouldExclude } = exclude(reader.exclusions, { document, message: group.text });
      for (const rule of wouldExclude) this.#wouldExclude[rule] = (this.#wouldExclude[rule] ?? 0) + 1 + group.joined;
      if (excludedBy !== undefined) {
        this.#exclude(group, excludedBy);
        return;
      }
    }
    this.#writer.append(`${bulkAction(frame.action, id, group.joined)}\n${document}\n`);
    this.#documents.push(bulkDocument(index, id, group));
    this.#counts.joined += group.joined;
  }

  /** Adds records of one plain line without making texts of their documents. */
  #lineAdder({ events }: BatchBytes, reader: Reader, format: LineFormat): AddLine {
    const lines = new LineDocuments(format);
    const idStart = this.#idStart;
    let period: NamedPeriod = { startMs: 0, endMs: 0, name: '' };
    let frame: Frame | undefined;
    return (event, start, end) => {
      const timeMs = events.timestamps[event] as number;
      if (admit(timeMs, this.#ports.nowMs, this.#rules.timeBounds, reader.family) !== 'admitted') return false;
      if (frame === undefined || timeMs < period.startMs || timeMs >= period.endMs) {
        period = this.#names.periodOf(reader, timeMs);
        frame = this.#frameFor(period.name, reader);
      }
      if (!lines.add(this.#writer, events, event, start, end, frame, idStart)) return false;
      this.#documents.push(new LineDocument(period.name, event, idStart, events));
      return true;
    };
  }

  #idOf(event: SourceEvent, { record, joined, reader, text: raw }: Grouped, isPlain: boolean, clean: string): string {
    if (record?.containerId !== undefined && record.time !== undefined) {
      const { containerId, time, stream = '' } = record;
      // The first line alone: what was joined to it depends on where a payload ends. Without its secrets: who may search could guess short ones from a hash.
      const text = joined === 0 ? clean : reader.redactor.text(withoutLineEnd(record.log));
      return recordDocumentId({ cluster: this.#source.rule.cluster, containerId, stream, time, text }, this.#ports.hash);
    }
    if (this.#source.rule.kind === 'events' && joined === 0) {
      const version = readEventVersion(raw);
      if (version !== undefined) return kubernetesEventId(this.#source.rule.cluster, version, this.#ports.hash);
    }
    if (isPlain && event.account === undefined && event.region === undefined) return this.#idStart + event.id;
    return eventDocumentId(event.account ?? this.#account, event.region ?? this.#rules.region, event.id, this.#ports.hash);
  }

  #frameOf(index: string, reader: Reader, event: SourceEvent): Frame {
    if (event.account !== undefined || event.region !== undefined) {
      const origin = this.#originOf(event.account ?? this.#account, event.region ?? this.#rules.region);
      return frameOf(index, this.#ingested, reader.dataset, origin);
    }
    return this.#frameFor(index, reader);
  }

  #frameFor(index: string, reader: Reader): Frame {
    if (this.#frame === undefined || index !== this.#frameIndex || reader !== this.#frameReader) {
      this.#frame = frameOf(index, this.#ingested, reader.dataset, this.#origin);
      this.#frameIndex = index;
      this.#frameReader = reader;
    }
    return this.#frame;
  }

  #originOf(account: string, region: string): string {
    const { logGroup, logStream } = this.#batch;
    return originText({ account, region, cluster: this.#source.rule.cluster, logGroup, logStream });
  }

  #reject(group: Grouped, reason: string, detail?: string): void {
    const joined = group.joined === 0 ? {} : { joinedEvents: group.joinedEvents ?? following(group.event, group.joined) };
    this.#rejected.push({ event: group.event, reason, ...(detail === undefined ? {} : { detail }), ...joined });
    this.#counts.joined += group.joined;
  }

  #exclude(group: Grouped, rule: string): void {
    this.#counts.excluded[rule] = (this.#counts.excluded[rule] ?? 0) + 1 + group.joined;
  }
}

/** A document whose place in the body is filled in at the end: several are encoded at once. */
type PlacedDocument = { -readonly [key in keyof BulkDocument]: BulkDocument[key] };

function bulkDocument(index: string, id: string, { event, joined, joinedEvents }: Grouped): PlacedDocument {
  const document = { start: 0, end: 0, index, id, event, joined };
  return joinedEvents === undefined ? document : { ...document, joinedEvents };
}

function timeDetail(timeMs: number): string {
  return Math.abs(timeMs) <= 8.64e15 ? new Date(timeMs).toISOString() : String(timeMs);
}

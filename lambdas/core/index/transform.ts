import { emptyCounts } from '../delivery/counts.ts';
import { parseOrText } from '../parse/registry.ts';
import { controlPlaneKind } from '../parse/stream-kind.ts';
import type { ParsedLine } from '../parse/types.ts';
import type { CompiledRules, CompiledSource } from '../rules/compile.ts';
import { admit } from './admission.ts';
import { BodyWriter, type WriteUtf8 } from './body-writer.ts';
import { eventDocumentId, isPlainId, recordDocumentId } from './document-id.ts';
import { documentText, originText } from './envelope.ts';
import { exclude } from './exclude.ts';
import { following, type Grouped, groupContainers, groupLines } from './group.ts';
import { IndexNames } from './index-names.ts';
import { recordTimeText } from './record-time.ts';
import { timeText } from './time-text.ts';
import type { BulkBatch, BulkDocument, RejectedEvent, SourceBatch, SourceEvent } from './types.ts';

/** What the transform needs of the world. */
export interface TransformPorts {
  /** Processing time in ms since the epoch: `event.ingested`, and the middle of the time bounds. */
  readonly nowMs: number;
  /** A digest of text that is valid in an `_id`, such as SHA-256 in hex. */
  readonly hash: (text: string) => string;
  readonly write: WriteUtf8;
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
  counts.received = batch.events.length;
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
  readonly #writer: BodyWriter;
  readonly #names: IndexNames;
  readonly #documents: BulkDocument[] = [];
  readonly #rejected: RejectedEvent[] = [];
  readonly #wouldExclude: { [rule: string]: number } = {};
  readonly #ingested: string;
  readonly #account: string;
  readonly #origin: string;

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
    this.#writer = new BodyWriter(ports.write, capacity(batch));
    this.#names = new IndexNames(source.rule.clusterIndexName);
    this.#ingested = timeText(ports.nowMs);
    this.#account = /^\d{12}$/.test(batch.owner) ? batch.owner : rules.account;
    this.#origin = this.#originOf(this.#account, rules.region);
  }

  run(): BulkBatch {
    const kind = this.#source.rule.kind === 'controlPlane' ? controlPlaneKind(this.#batch.logStream) : undefined;
    const reader = (kind && this.#source.controlPlane[kind]) ?? this.#source.reader;
    const groups = this.#source.rule.kind === 'controlPlane' ? groupLines(this.#batch, reader) : groupContainers(this.#batch, this.#source);
    for (const group of groups) this.#add(group);
    const wouldExclude = this.#wouldExclude;
    return {
      body: this.#writer.finish(),
      documents: this.#documents,
      rejected: this.#rejected,
      counts: this.#counts,
      ...(Object.keys(wouldExclude).length > 0 ? { wouldExclude } : {}),
    };
  }

  #add(group: Grouped): void {
    const event = this.#batch.events[group.event] as SourceEvent;
    const admission = admit(event.timestamp, this.#ports.nowMs, this.#rules.timeBounds, group.reader.family);
    if (event.id === '') this.#reject(group, 'no-event-id');
    else if (admission === 'time-out-of-bounds') this.#reject(group, admission, timeDetail(event.timestamp));
    else if (admission !== 'admitted') this.#exclude(group, admission);
    else this.#index(group, event);
  }

  #index(group: Grouped, event: SourceEvent): void {
    const { reader } = group;
    const index = this.#names.nameOf(reader, event.timestamp);
    const id = this.#idOf(event, group);
    const text = reader.redactor.text(group.text);
    const parsed = parseOrText(reader.parse, reader.join.format, text, { eventTimeMs: event.timestamp });
    const document = this.#documentOf(event, group, parsed);
    if (reader.exclusions.length > 0) {
      const { excludedBy, wouldExclude } = exclude(reader.exclusions, { document, message: group.text });
      for (const rule of wouldExclude) this.#wouldExclude[rule] = (this.#wouldExclude[rule] ?? 0) + 1 + group.joined;
      if (excludedBy !== undefined) {
        this.#exclude(group, excludedBy);
        return;
      }
    }
    const start = this.#writer.length;
    this.#writer.append(`{"create":{"_index":"${index}","_id":"${id}"}}\n${document}\n`);
    this.#documents.push(bulkDocument(start, this.#writer.length, index, id, group));
    this.#counts.joined += group.joined;
  }

  #idOf(event: SourceEvent, group: Grouped): string {
    const { record } = group;
    if (record?.containerId !== undefined && record.time !== undefined) {
      const { containerId, time, stream = '' } = record;
      // The first line alone: what was joined to it depends on where a payload ends.
      return recordDocumentId({ cluster: this.#source.rule.cluster, containerId, stream, time, text: record.log }, this.#ports.hash);
    }
    return eventDocumentId(event.account ?? this.#account, event.region ?? this.#rules.region, event.id, this.#ports.hash);
  }

  #documentOf(event: SourceEvent, group: Grouped, parsed: ParsedLine): string {
    const { reader, record } = group;
    const isElsewhere = event.account !== undefined || event.region !== undefined;
    return documentText(
      {
        eventId: isPlainId(event.id) ? event.id : JSON.stringify(event.id.slice(0, 512)).slice(1, -1),
        eventTimeMs: event.timestamp,
        recordTime: recordTimeText(record?.time),
        parsed,
        members: reader.redactor.fields(parsed.members, group.text),
        isContinuation: group.isHeadless,
        context: group.context,
      },
      this.#ingested,
      reader.dataset,
      isElsewhere ? this.#originOf(event.account ?? this.#account, event.region ?? this.#rules.region) : this.#origin,
    );
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

function bulkDocument(start: number, end: number, index: string, id: string, { event, joined, joinedEvents }: Grouped): BulkDocument {
  return joinedEvents === undefined ? { start, end, index, id, event, joined } : { start, end, index, id, event, joined, joinedEvents };
}

/**
 * Room for the body: a message may double (its fields are kept besides its text), and an envelope has about 700 bytes. What is not written to is never
 * touched and costs nothing, but growing copies everything.
 */
function capacity(batch: SourceBatch): number {
  let characters = 0;
  let longest = 0;
  for (const { message } of batch.events) {
    characters += message.length;
    if (message.length > longest) longest = message.length;
  }
  return characters * 2 + batch.events.length * 1_000 + longest * 6 + 65_536;
}

function timeDetail(timeMs: number): string {
  return Math.abs(timeMs) <= 8.64e15 ? new Date(timeMs).toISOString() : String(timeMs);
}

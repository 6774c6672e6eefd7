import { addCounts, type Counts, emptyCounts } from '../delivery/counts.ts';
import { type DeadLetter, deadLetterKey } from '../delivery/dead-letter.ts';
import type { Outcome } from '../delivery/outcome.ts';
import { addDelay, addTally, noDelay, type Tally } from '../delivery/settle.ts';
import { admit } from '../index/admission.ts';
import { indexName } from '../index/index-name.ts';
import type { BulkBatch } from '../index/types.ts';
import { type FileFormat, fileFormat, isNoLog, readFileName } from './file-name.ts';
import type { FilePart } from './file-part.ts';
import { letter, letterOf, lineOf, type RecordOrigin } from './file-records.ts';
import type { CompiledAccessLogRules } from './file-rules.ts';
import type { FileDeliverySettings, FilePorts, FileReport, FileTask, OpenedFile, OutgoingLine, ReadEnd } from './file-task.ts';
import { FileTransform } from './file-transform.ts';
import type { AccessLogSource } from './rules.ts';

/** Source of a file that no source names. */
const UNKNOWN_SOURCE = 'unknown';

class FileDelivery {
  readonly report: { -readonly [K in keyof FileReport]: FileReport[K] };
  readonly #task: FileTask;
  readonly #rules: CompiledAccessLogRules;
  readonly #ports: FilePorts;
  readonly #settings: FileDeliverySettings;

  constructor(task: FileTask, rules: CompiledAccessLogRules, ports: FilePorts, settings: FileDeliverySettings) {
    this.#task = task;
    this.#rules = rules;
    this.#ports = ports;
    this.#settings = settings;
    this.report = {
      source: UNKNOWN_SOURCE,
      counts: emptyCounts(),
      delay: noDelay(),
      wouldExclude: {},
      deadLettered: {},
      returned: {},
      failed: 0,
    };
  }

  async run(): Promise<FileReport> {
    const { bucket, key, offset } = this.#task;
    if (isNoLog(key)) {
      this.report.counts.controlMessages++;
      return this.report;
    }
    const source = this.#rules.sourceOf(bucket, key);
    if (source === undefined) {
      this.#exclude('unknown-file');
      return this.report;
    }
    this.report.source = source.name;
    const format = fileFormat(source.kind, key);
    const name = readFileName(key);
    const timeMs = name.timeMs ?? this.#task.eventMs ?? this.#settings.nowMs;
    const { name: familyName, family } = this.#rules.familyOf(source, format);
    const admission = admit(timeMs, this.#settings.nowMs, this.#rules.timeBounds, family);
    if (admission === 'older-than-retention') {
      this.#exclude(admission);
      return this.report;
    }
    if (admission !== 'admitted') {
      await this.#keepFile(timeMs, admission, new Date(timeMs).toISOString(), '');
      return this.report;
    }
    const opened = await this.#ports.open(this.#task);
    if ('kind' in opened) {
      await this.#end(opened, timeMs, '', 0);
      return this.report;
    }
    const index = indexName(familyName, source.clusterIndexName, family.period, timeMs);
    const transform = this.#transformOf(source, format, index, name.base, timeMs);
    try {
      await this.#readAll(opened, transform, { source, index, timeMs, format, offset });
    } finally {
      await opened.close();
    }
    return this.report;
  }

  #transformOf(source: AccessLogSource, format: FileFormat, index: string, base: string, timeMs: number): FileTransform {
    const { account, region, redactor } = this.#rules;
    const { bucket, key } = this.#task;
    const { nowMs, groups, enrichment } = this.#settings;
    return new FileTransform(
      {
        ...{ format, index, account, region, cluster: source.cluster, bucket, key, base, timeMs, nowMs, redactor },
        exclusions: source.exclusions,
        enrichment: enrichment(source),
        ...(source.metrics ? { groups } : {}),
      },
      this.#ports.text,
    );
  }

  /** Part by part: while one is sent, the next one is unpacked and transformed. */
  async #readAll(opened: OpenedFile, transform: FileTransform, file: FileContext): Promise<void> {
    let sending: Promise<void> = Promise.resolve();
    let lines = 0;
    for (;;) {
      const next = await opened.next();
      if ('kind' in next) {
        await sending;
        if (next.kind !== 'end') await this.#end(next, file.timeMs, opened.etag, lines);
        else if (lines === 0 && file.offset === 0) this.#tell('the file holds no line', {});
        return;
      }
      const end = next.offset + next.length;
      next.body.clear();
      const before = transform.counts.lines;
      transform.transform(next.bytes, 0, next.length, next.body, Math.max(0, Math.min(next.length, file.offset - next.offset)));
      lines += transform.counts.lines - before;
      await sending;
      this.#count(transform);
      if (this.#mustComeAgain()) return;
      sending = this.#sendPart(next, opened.etag, file);
      // Heard of when it is waited for.
      sending.catch(() => undefined);
      if (this.#ports.hasTime()) continue;
      await sending;
      if (!this.#mustComeAgain()) await this.#goOn(end);
      return;
    }
  }

  #mustComeAgain(): boolean {
    return Object.keys(this.report.returned).length > 0;
  }

  /** A file too large for one invocation goes on in another one. */
  async #goOn(offset: number): Promise<void> {
    try {
      await this.#ports.goOn(this.#task, offset);
      this.#tell('the rest of the file follows in another invocation', { offset });
    } catch (error) {
      addTally(this.report.returned, { 'not-continued': 1 });
      this.#tell('the rest of the file could not be asked for', { offset, error: error instanceof Error ? error.message : 'unknown' });
    }
  }

  /** Takes over what the transform has excluded and could not read since the part before. */
  #count(transform: FileTransform): void {
    const { counts } = transform;
    for (const [rule, count] of Object.entries(counts.excluded)) {
      this.report.counts.received += count;
      this.report.counts.excluded[rule] = (this.report.counts.excluded[rule] ?? 0) + count;
    }
    addTally(this.report.wouldExclude, counts.wouldExclude);
    this.report.failed += counts.failed;
    counts.failed = 0;
    for (const rule of Object.keys(counts.excluded)) delete counts.excluded[rule];
    for (const rule of Object.keys(counts.wouldExclude)) delete counts.wouldExclude[rule];
  }

  async #sendPart(part: FilePart, etag: string, file: FileContext): Promise<void> {
    const { body } = part;
    if (body.count === 0) return;
    const { source, index } = file;
    const documents = Array.from({ length: body.count }, (_, event) => ({
      ...{ start: body.startOf(event), end: body.endOf(event), index, id: '', event, joined: 0 },
    }));
    const counts = { ...emptyCounts(), received: body.count };
    const batch: BulkBatch = { body: body.bytes, documents, rejected: [], counts };
    const outcomes = source.search ? ((await this.#ports.send([batch]))[0] ?? []) : undefined;
    await this.#settle(part, outcomes, etag, file);
  }

  async #settle(part: FilePart, outcomes: readonly Outcome[] | undefined, etag: string, file: FileContext): Promise<void> {
    const { body } = part;
    const { nowMs, groups } = this.#settings;
    const counts = { ...emptyCounts(), received: body.count };
    const letters: DeadLetter[] = [];
    const returned: Tally = {};
    const lines: OutgoingLine[] = [];
    const late = nowMs - file.timeMs;
    const origin = this.#originOf(file, etag);
    for (let document = 0; document < body.count; document++) {
      const outcome: Outcome = outcomes === undefined ? STORED : (outcomes[document] ?? NO_OUTCOME);
      if (outcome.kind === 'indexed') {
        counts.indexed++;
        const { group, durationNs } = body.originOf(document);
        if (group >= 0) groups.add(group, durationNs);
        if (file.source.logGroup !== undefined) lines.push(lineOf(part, document, origin));
      } else if (outcome.kind === 'duplicate') counts.duplicate++;
      else if (outcome.kind === 'final') letters.push(letterOf(part, document, outcome, origin));
      else {
        counts.returned++;
        addTally(returned, { [outcome.reason]: 1 });
      }
    }
    addDelay(this.report.delay, { sumMs: late * counts.indexed, maxMs: counts.indexed > 0 ? late : 0, documents: counts.indexed });
    await this.#keep(letters, `${etag}/${part.offset}`, file.timeMs, counts, returned);
    if (lines.length > 0) await this.#put(lines, file);
    addCounts(this.report.counts, counts);
    addTally(this.report.returned, returned);
  }

  /** Lines of a log group are put once, after their documents: a reason is told, and nothing comes again for them (docs/decisions/0008). */
  async #put(lines: readonly OutgoingLine[], { source }: FileContext): Promise<void> {
    const { logGroup } = source;
    if (logGroup === undefined) return;
    const base = readFileName(this.#task.key).base;
    const failure = await this.#ports.putLines(logGroup.name, base.replace(/[:*]/g, '_').slice(0, 512), lines);
    if (failure !== undefined)
      this.#tell('lines were not put into the log group', { logGroup: logGroup.name, lines: lines.length, failure });
  }

  #originOf({ timeMs, source, index }: Pick<FileContext, 'timeMs'> & Partial<FileContext>, etag: string): RecordOrigin {
    const { account, region, redactor } = this.#rules;
    const { bucket, key } = this.#task;
    const { function: name, nowMs } = this.#settings;
    const { text } = this.#ports;
    const isJson = source?.logGroup?.format === 'json';
    return { source: this.report.source, function: name, account, region, bucket, key, timeMs, nowMs, etag, index, isJson, redactor, text };
  }

  async #end(end: Exclude<ReadEnd, { kind: 'end' }>, timeMs: number, etag: string, lines: number): Promise<void> {
    if (end.kind === 'later') {
      addTally(this.report.returned, { [end.reason]: 1 });
      return;
    }
    await this.#keepFile(timeMs, end.reason, `${end.detail}; ${lines} whole lines before it were read`, etag);
  }

  /** A record of the file itself: how many lines it held beyond those that were read is not known, so it counts as one. */
  async #keepFile(timeMs: number, reason: string, detail: string, etag: string): Promise<void> {
    this.#tell('the file could not be read to its end', { reason, detail });
    const counts = { ...emptyCounts(), received: 1 };
    await this.#keep([letter({ reason, detail }, this.#originOf({ timeMs }, etag))], `${etag}/${reason}`, timeMs, counts, {});
    addCounts(this.report.counts, counts);
  }

  /** Dead letters are kept before anything is reported, and those that cannot be kept make the file come again. */
  async #keep(letters: readonly DeadLetter[], identity: string, timeMs: number, counts: Counts, returned: Tally): Promise<void> {
    if (letters.length === 0) return;
    const { bucket, key } = this.#task;
    const payloadHash = this.#ports.hash(`${bucket}/${key}/${identity}`);
    try {
      await this.#ports.keep(
        deadLetterKey({ source: this.report.source, function: this.#settings.function, timeMs, payloadHash }),
        letters,
      );
      counts.deadLettered += letters.length;
      for (const { reason } of letters) addTally(this.report.deadLettered, { [reason]: 1 });
    } catch {
      counts.returned += letters.length;
      addTally(returned, { 'dead-letter-not-written': letters.length });
      addTally(this.report.returned, { 'dead-letter-not-written': letters.length });
    }
  }

  #exclude(reason: string): void {
    this.report.counts.received++;
    this.report.counts.excluded[reason] = 1;
    this.#tell('the file was left out', { reason });
  }

  #tell(message: string, more: { readonly [name: string]: string | number }): void {
    const { bucket, key } = this.#task;
    this.#ports.tell({ message, source: this.report.source, bucket, key, ...more });
  }
}

interface FileContext {
  readonly source: AccessLogSource;
  readonly index: string;
  readonly timeMs: number;
  readonly format: FileFormat;
  readonly offset: number;
}

/** Nothing to send: every line is done. */
const STORED: Outcome = { kind: 'indexed', reason: 'not-searched' };
const NO_OUTCOME: Outcome = { kind: 'retry', reason: 'no-outcome' };

/**
 * Delivers one file: reads it part by part, sends its lines, keeps what is final, counts. A bad file never throws; what a broken world left undone is in
 * `returned`, and then the whole file comes again: lines that are there already are duplicates.
 */
export async function deliverFile(
  task: FileTask,
  rules: CompiledAccessLogRules,
  ports: FilePorts,
  settings: FileDeliverySettings,
): Promise<FileReport> {
  return new FileDelivery(task, rules, ports, settings).run();
}

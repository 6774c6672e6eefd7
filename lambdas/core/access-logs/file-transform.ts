import type { WriteUtf8 } from '../index/body-writer.ts';
import { documentText, frameOf } from '../index/envelope.ts';
import { exclude } from '../index/exclude.ts';
import { textHash } from '../index/text-hash.ts';
import { timeText } from '../index/time-text.ts';
import { put, putFrom, putLong } from '../lines/output.ts';
import { isAscii, piece } from '../lines/piece.ts';
import type { LineEnrichment } from '../parse/access-fields.ts';
import { parseText } from '../parse/text.ts';
import type { ParsedLine } from '../parse/types.ts';
import type { Redactor } from '../redact/redactor.ts';
import type { ExclusionRule } from '../rules/rules.ts';
import { scanAlbBytes, starts } from './alb-bytes.ts';
import { checkAlb } from './alb-check.ts';
import { albFound } from './alb-fields.ts';
import { NAME_BYTES, putAlb } from './alb-put.ts';
import type { FileBody } from './file-body.ts';
import type { FileFormat } from './file-name.ts';
import { FreeText, MAX_LINES } from './free-text.ts';
import { hexText, line, putHex, readLine, SLACK } from './line-bytes.ts';
import { LineNotes, type ReadLatin1 } from './line-notes.ts';
import { createLineReader, type LineReader } from './line-readers.ts';
import type { MetricGroups } from './metric-groups.ts';
import { Repeats } from './repeats.ts';

/** Text and bytes: what the transform needs of the world. */
export interface FileTransformPorts {
  readonly write: WriteUtf8;
  readonly readLatin1: ReadLatin1;
  /** UTF-8; what is none becomes U+FFFD. */
  readonly readUtf8: (bytes: Uint8Array, start: number, end: number) => string;
}

/** What all lines of a file have in common. */
export interface FileSettings {
  readonly format: FileFormat;
  readonly index: string;
  readonly account: string;
  readonly region: string;
  readonly cluster: string;
  readonly bucket: string;
  readonly key: string;
  /** Behind the key's last slash: with a line's text it makes the `_id`. */
  readonly base: string;
  /** Of the file, by its name: `event.created`. */
  readonly timeMs: number;
  /** Processing time: `event.ingested`. */
  readonly nowMs: number;
  readonly redactor: Redactor;
  readonly exclusions: readonly ExclusionRule[];
  readonly enrichment: LineEnrichment;
  /** Groups of metrics, where durations are measured. */
  readonly groups?: MetricGroups;
}

/** How many lines became what, since the file's start. */
export interface FileCounts {
  /** Lines that hold something. */
  lines: number;
  /** Lines that no parser understood; indexed as they are. */
  failed: number;
  /** By rule. */
  readonly excluded: { [rule: string]: number };
  readonly wouldExclude: { [rule: string]: number };
}

const AFTER_ACTION = piece('"}}\n{"@timestamp":"');
const DURATION = piece(',"duration":');
/** Hash and number of a repetition, twice. */
const ID_BYTES = 64;

/** Turns the lines of one file into documents: whole lines of bytes in, bulk bytes out. Nothing throws for what a line holds. */
export class FileTransform {
  readonly counts: FileCounts = { lines: 0, failed: 0, excluded: {}, wouldExclude: {} };
  readonly #settings: FileSettings;
  readonly #ports: FileTransformPorts;
  readonly #reader: LineReader;
  readonly #notes: LineNotes;
  readonly #freeText: FreeText;
  readonly #repeats = new Repeats();
  readonly #idStart: string;
  readonly #frame: ReturnType<typeof frameOf>;
  /** Undefined where the file's lines cannot be copied. */
  readonly #pieces: ReturnType<typeof piecesOf>;
  /** Documents whose free text is still to be searched. */
  readonly #unsearched = new Int32Array(MAX_LINES);
  #unsearchedCount = 0;
  #scratch = new Uint8Array(4_096);

  constructor(settings: FileSettings, ports: FileTransformPorts) {
    const { format, redactor, exclusions } = settings;
    this.#settings = settings;
    this.#ports = ports;
    this.#reader = createLineReader(format, settings.enrichment);
    this.#notes = new LineNotes(ports.readLatin1, settings.enrichment);
    this.#freeText = new FreeText(redactor, ports.readLatin1);
    this.#idStart = `f${textHash(settings.base)}-`;
    this.#frame = frameOf(settings.index, timeText(settings.nowMs), `aws.${format}`, originText(settings));
    // Exclusions ask each document as a text anyway.
    const isCopied = format === 'alb' && redactor.block !== undefined && exclusions.length === 0;
    this.#pieces = isCopied ? piecesOf(this.#frame, this.#idStart, timeText(settings.timeMs)) : undefined;
  }

  /**
   * Adds the documents of the lines between the positions to the body; the last line ends in a line break, and `SLACK` bytes behind it may be read.
   * Lines before `skipTo` were sent by an earlier invocation: they are read, because repetitions are counted, and not written.
   */
  transform(bytes: Uint8Array, from: number, to: number, body: FileBody, skipTo = from): void {
    if (bytes.length < to + SLACK) throw new Error(`a part needs ${SLACK} bytes behind its lines`);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#notes.bytes = bytes;
    this.#notes.view = view;
    let next = from;
    for (let at = from; at < to; at = next) {
      readLine(bytes, view, at);
      next = line.next;
      if (line.end === at) continue;
      if (at < skipTo) {
        this.#skip(bytes, at);
        continue;
      }
      this.counts.lines++;
      if (line.isPlain && this.#addBytes(bytes, view, at, body)) {
        if (this.#freeText.isFull) this.#searchFreeText(bytes, body);
      } else this.#addText(bytes, at, line.end, body);
    }
    this.#searchFreeText(bytes, body);
  }

  #skip(bytes: Uint8Array, at: number): void {
    const text = this.#textOf(bytes, at, line.end);
    const clean = this.#settings.redactor.text(text);
    if (clean !== text) this.#rehash(clean);
    if (this.#reader.isHeader(bytes[at] as number)) this.#reader.read(clean);
    this.#repeats.before(line.hashA, line.hashB);
  }

  #addBytes(bytes: Uint8Array, view: DataView, at: number, body: FileBody): boolean {
    const pieces = this.#pieces;
    const notes = this.#notes;
    const { end, hashA, hashB } = line;
    if (pieces === undefined || bytes[at] === 123 || !scanAlbBytes(bytes, view, at, end) || !checkAlb(bytes, view, notes)) return false;
    if (!this.#freeText.add(bytes, view, end)) return false;
    const { durationNs } = albFound;
    body.reserve(pieces.size + NAME_BYTES + ID_BYTES + (end - at) * 4 + notes.memberBytes);
    const out = body.view;
    const repeats = this.#repeats.before(hashA, hashB);
    const { bytes: written } = body;
    const id = putLong(written, body.length, pieces.action);
    let to = putHex(out, putHex(out, id, hashA), hashB);
    if (repeats > 0) to = putRepeats(out, to, repeats);
    const idEnd = to;
    to = put(out, to, AFTER_ACTION);
    to = notes.putTime(out, to, starts[1] as number);
    to = putFrom(out, put(out, to, pieces.event), out, id, idEnd);
    to = putLong(written, to, pieces.created);
    if (durationNs >= 0) to = putNumber(out, put(out, to, DURATION), durationNs);
    to = putAlb(out, putLong(written, to, pieces.origin), notes);
    out.setUint8(to, 125);
    out.setUint8(to + 1, 10);
    const { groups } = this.#settings;
    this.#unsearched[this.#unsearchedCount++] = body.count;
    body.add(to + 2, at, end, groups === undefined ? -1 : groups.ofBytes(bytes), durationNs);
    return true;
  }

  /** Writes the documents anew whose lines held a secret after all. */
  #searchFreeText(bytes: Uint8Array, body: FileBody): void {
    this.#freeText.search((position) => {
      const document = this.#unsearched[position] as number;
      const { lineStart, lineEnd } = body.originOf(document);
      const text = this.#textOf(bytes, lineStart, lineEnd);
      const clean = this.#settings.redactor.text(text);
      if (clean === text) return;
      this.#rehash(clean);
      this.#write(text, clean, lineStart, lineEnd, body);
      body.replace(document);
    });
    this.#unsearchedCount = 0;
  }

  /** Any other line: as text, with all that parsers and the redaction can do. */
  #addText(bytes: Uint8Array, at: number, end: number, body: FileBody): void {
    const text = this.#textOf(bytes, at, end);
    const clean = this.#settings.redactor.text(text);
    if (clean !== text) this.#rehash(clean);
    const isWritten = this.#write(text, clean, at, end, body);
    if (isWritten && this.#settings.exclusions.length > 0) this.#excludeLast(text, body);
  }

  /** False for a line that says what others hold. */
  #write(text: string, clean: string, at: number, end: number, body: FileBody): boolean {
    const { redactor, groups, format, timeMs } = this.#settings;
    const { hashA, hashB } = line;
    const parsed = this.#reader.read(clean);
    if (parsed === 'header') {
      this.counts.lines--;
      return false;
    }
    const repeats = this.#repeats.before(hashA, hashB);
    const id = `${this.#idStart}${hexText(hashA)}${hexText(hashB)}${repeats > 0 ? `-${repeats}` : ''}`;
    if (parsed === undefined) this.counts.failed++;
    const record: ParsedLine = parsed ?? parseText(clean, `not ${format}`);
    const members = redactor.fields(record.members, text);
    const document = documentText(
      { eventId: id, eventTimeMs: timeMs, recordTime: undefined, parsed: record, members, isContinuation: false, context: '' },
      this.#frame,
    );
    const whole = `${this.#frame.action}${id}"}}\n${document}\n`;
    body.reserve(whole.length * 3);
    const written = this.#ports.write(whole, body.bytes, body.length);
    const isMeasured = groups !== undefined;
    body.add(body.length + written, at, end, isMeasured ? groups.ofLine(record) : -1, isMeasured ? durationOf(record) : -1);
    return true;
  }

  /** Asks the exclusions about the document that was written last, and takes it back where one says so. */
  #excludeLast(message: string, body: FileBody): void {
    const last = body.count - 1;
    const written = this.#ports.readUtf8(body.bytes, body.startOf(last), body.endOf(last));
    const document = written.slice(written.indexOf('\n') + 1, -1);
    const { excludedBy, wouldExclude } = exclude(this.#settings.exclusions, { document, message });
    for (const rule of wouldExclude) this.counts.wouldExclude[rule] = (this.counts.wouldExclude[rule] ?? 0) + 1;
    if (excludedBy === undefined) return;
    this.counts.excluded[excludedBy] = (this.counts.excluded[excludedBy] ?? 0) + 1;
    body.drop();
  }

  #textOf(bytes: Uint8Array, at: number, end: number): string {
    return this.#ports.readUtf8(bytes, at, end);
  }

  /** A line's hash is made without its secrets: who may search could guess short ones from it. */
  #rehash(clean: string): void {
    if (clean.length * 3 + SLACK > this.#scratch.length) this.#scratch = new Uint8Array(clean.length * 3 + SLACK);
    const scratch = this.#scratch;
    scratch[this.#ports.write(clean, scratch, 0)] = 10;
    readLine(scratch, new DataView(scratch.buffer), 0);
  }
}

/** `"cloud":{…},"orchestrator":{…},"aws":{"s3":{…}}` */
function originText({ account, region, cluster, bucket, key }: FileSettings): string {
  const q = JSON.stringify;
  return (
    `"cloud":{"account":{"id":${q(account)}},"region":${q(region)}},"orchestrator":{"cluster":{"name":${q(cluster)}}},` +
    `"aws":{"s3":{"bucket":${q(bucket)},"key":${q(key)}}}`
  );
}

/** The frame and the file's time as pieces; undefined where they hold more than ASCII. */
function piecesOf(frame: ReturnType<typeof frameOf>, idStart: string, created: string) {
  if (!isAscii(frame.action + frame.ingested + frame.origin)) return undefined;
  const action = piece(frame.action + idStart);
  const event = piece(`","event":{"id":"${idStart}`);
  const createdPiece = piece(`","created":"${created}${frame.ingested}`);
  const origin = piece(`${frame.origin},"parse":{"format":"alb"},`);
  const size = action.size + event.size + createdPiece.size + origin.size;
  // With the slack of copying eight bytes at once.
  return { action, event, created: createdPiece, origin, size: size + 64 };
}

function putRepeats(out: DataView, at: number, repeats: number): number {
  out.setUint8(at, 45);
  return putNumber(out, at + 1, repeats);
}

/** Writes a whole number from 0 up to 10^16. */
function putNumber(out: DataView, at: number, value: number): number {
  let size = 1;
  for (let limit = 10; limit <= value; limit *= 10) size++;
  let rest = value;
  for (let i = at + size - 1; i >= at; i--) {
    const tens = Math.floor(rest / 10);
    out.setUint8(i, 48 + rest - tens * 10);
    rest = tens;
  }
  return at + size;
}

/** What `event.duration` says, in ns; -1 without one. */
function durationOf({ eventMembers }: ParsedLine): number {
  const found = eventMembers === undefined ? null : /"duration":(\d+)/.exec(eventMembers);
  return found === null ? -1 : Number(found[1]);
}

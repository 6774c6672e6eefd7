import { FileError, fileParts } from '../../lambdas/clients/file-parts.ts';
import { ReadError } from '../../lambdas/clients/s3-reader.ts';
import { ExportIds, exportedStream, type LineKind, lineKind, readExportLine, readJsonLine, type WantedSource } from './event-lines.ts';
import type { FileStore, ListedFile } from './file-store.ts';
import type { EventPage, EventReader, Position, ReadEvent } from './positions.ts';
import { type WalkLimits, walkFiles } from './walk.ts';

/** Events of one page, and bytes of lines that are read at once: a line of 1 MB with every character escaped fits in. */
const PAGE_EVENTS = 5_000;
const PART_BYTES = 8 * 1024 * 1024;
const LINE_FEED = 10;

/** Something that cannot be read, and why. */
export type TellFile = (key: string, reason: string, detail: string) => void;

/** What reading files needs. */
export interface FileReaderPorts {
  readonly hash: (text: string) => string;
  readonly tell: TellFile;
  /** Called for a file of an export task, whose events have no ids; may throw. */
  readonly foundExport: () => void;
}

/** Reads the events of archive objects, of an export task's files, or of events as JSON lines; each file says by its first line what it is. */
export class FileReader implements EventReader {
  readonly #store: FileStore;
  readonly #prefix: string;
  readonly #limits: WalkLimits;
  readonly #wanted: WantedSource;
  readonly #ports: FileReaderPorts;

  constructor(store: FileStore, prefix: string, limits: WalkLimits, wanted: WantedSource, ports: FileReaderPorts) {
    this.#store = store;
    this.#prefix = prefix;
    this.#limits = limits;
    this.#wanted = wanted;
    this.#ports = ports;
  }

  async *pages(from: Position | undefined): AsyncGenerator<EventPage> {
    for await (const file of walkFiles(this.#store, this.#prefix, this.#limits)) {
      if (from !== undefined && Buffer.compare(Buffer.from(file.key), Buffer.from(from.key)) < 0) continue;
      yield* this.#pagesOf(file, file.key === from?.key ? from.line : 0);
    }
  }

  /** The pages of one file. What makes it unreadable is told, and the files behind it are read. */
  async *#pagesOf(file: ListedFile, fromLine: number): AsyncGenerator<EventPage> {
    const { key, bytes } = file;
    // What CreateExportTask and Firehose write to see whether they may.
    if (bytes === 0 || key.endsWith('aws-logs-write-test')) return;
    const lines = new EventLines(key, this.#wanted, this.#ports.hash);
    let unreadable = 0;
    try {
      const { chunks } = await this.#store.open(key);
      for await (const part of fileParts(chunks, key, PART_BYTES)) {
        for (let at = 0; at < part.length; ) {
          const end = part.bytes.indexOf(LINE_FEED, at);
          lines.add(Buffer.prototype.utf8Slice.call(part.bytes, at, end));
          at = end + 1;
          if (lines.isUnknown) throw new UnknownLinesError();
          if (lines.kind === 'export') this.#ports.foundExport();
          if (lines.events.length >= PAGE_EVENTS) yield lines.take(fromLine);
        }
      }
    } catch (error) {
      const reason = reasonOf(error);
      if (reason === undefined) throw error;
      unreadable = 1;
      this.#ports.tell(key, reason, (error as Error).message);
    }
    const last = lines.end(fromLine);
    yield { ...last, unreadable: last.unreadable + unreadable, bytes };
  }
}

/** The file holds something else. */
class UnknownLinesError extends Error {
  constructor() {
    super('its lines are neither JSON with event_id, timestamp and message, nor those of an export task');
  }
}

/** Why a file will never be read; undefined for what may be over later. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof UnknownLinesError) return 'file-unknown';
  if (error instanceof FileError) return error.reason;
  return error instanceof ReadError && error.reason === 'gone' ? 'file-gone' : undefined;
}

/** Makes events of a file's lines. */
class EventLines {
  kind: LineKind | undefined;
  /** Whether the first line is of no kind. */
  isUnknown = false;
  /** Lines that were added. */
  count = 0;
  events: ReadEvent[] = [];
  #unreadable = 0;
  #open: { timestampMs: number; text: string; line: number } | undefined;
  readonly #key: string;
  readonly #wanted: WantedSource;
  readonly #ids: ExportIds;

  constructor(key: string, wanted: WantedSource, hash: (text: string) => string) {
    this.#key = key;
    this.#wanted = wanted;
    this.#ids = new ExportIds(hash);
  }

  add(text: string): void {
    const line = this.count++;
    const clean = text.endsWith('\r') ? text.slice(0, -1) : text;
    if (this.kind === undefined && clean !== '') this.kind = lineKind(clean);
    if (this.kind === 'export') this.#addExported(clean, line);
    else if (clean === '') return;
    else if (this.kind === 'json') this.#addJson(clean, line);
    else this.isUnknown = true;
  }

  #addJson(text: string, line: number): void {
    const event = readJsonLine(text, this.#wanted);
    if (event === undefined) this.#unreadable++;
    else if (event !== 'of-another') this.events.push({ ...event, at: { key: this.#key, line } });
  }

  #addExported(text: string, line: number): void {
    const first = readExportLine(text);
    if (first === undefined) {
      if (this.#open !== undefined) this.#open.text += `\n${text}`;
      return;
    }
    this.#close();
    this.#open = { ...first, line };
  }

  #close(): void {
    if (this.#open === undefined) return;
    const { timestampMs, text, line } = this.#open;
    const { account, logGroup } = this.#wanted;
    const event = { timestamp: timestampMs, message: text, owner: account, logGroup, logStream: exportedStream(this.#key) };
    this.events.push({ ...event, id: this.#ids.of(event), at: { key: this.#key, line } });
    this.#open = undefined;
  }

  /** A page of what was gathered, without what an earlier run read. */
  take(fromLine: number): EventPage {
    const next = { key: this.#key, line: this.#open?.line ?? this.count };
    const page = { events: this.events.filter(({ at }) => at.line >= fromLine), next, unreadable: this.#unreadable, bytes: 0 };
    this.events = [];
    this.#unreadable = 0;
    return page;
  }

  /** The rest; the place behind it is behind all of the file. */
  end(fromLine: number): EventPage {
    this.#close();
    return { ...this.take(fromLine), next: { key: this.#key, line: Number.MAX_SAFE_INTEGER } };
  }
}

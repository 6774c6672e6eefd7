import type { DeadLetter } from '../delivery/dead-letter.ts';
import type { Outcome } from '../delivery/outcome.ts';
import type { Redactor } from '../redact/redactor.ts';
import type { FilePart } from './file-part.ts';
import type { OutgoingLine } from './file-task.ts';
import type { FileTransformPorts } from './file-transform.ts';

/** What records of a file's lines are made of, besides the lines. */
export interface RecordOrigin {
  readonly source: string;
  readonly function: string;
  readonly account: string;
  readonly region: string;
  readonly bucket: string;
  readonly key: string;
  /** Of the file, in ms. */
  readonly timeMs: number;
  readonly nowMs: number;
  /** '' where the file could not be opened. */
  readonly etag: string;
  /** Undefined for a record of the file itself. */
  readonly index: string | undefined;
  /** Whether a log group gets documents instead of lines. */
  readonly isJson: boolean;
  readonly redactor: Redactor;
  readonly text: Pick<FileTransformPorts, 'readUtf8'>;
}

/** Longest action line. */
const MAX_ACTION_BYTES = 1_024;

/** A line that was stored, as an event of a log group. */
export function lineOf({ body, bytes }: FilePart, document: number, { text, isJson, redactor, timeMs }: RecordOrigin): OutgoingLine {
  const written = text.readUtf8(body.bytes, body.startOf(document), body.endOf(document));
  const json = written.slice(written.indexOf('\n') + 1, -1);
  const time = Date.parse(/^\{"@timestamp":"([^"]+)"/.exec(json)?.[1] ?? '');
  const { lineStart, lineEnd } = body.originOf(document);
  const line = isJson ? json : redactor.text(text.readUtf8(bytes, lineStart, lineEnd));
  return { timeMs: Number.isFinite(time) ? time : timeMs, text: line };
}

/** The dead letter of a line, with its original. */
export function letterOf({ body, bytes }: FilePart, document: number, outcome: Outcome, origin: RecordOrigin): DeadLetter {
  const { text, index } = origin;
  const { lineStart, lineEnd } = body.originOf(document);
  const start = body.startOf(document);
  const action = text.readUtf8(body.bytes, start, Math.min(body.endOf(document), start + MAX_ACTION_BYTES));
  const documentId = /"_id":"([^"]+)"/.exec(action)?.[1];
  return {
    ...letter(outcome, origin),
    message: text.readUtf8(bytes, lineStart, lineEnd),
    ...(index === undefined ? {} : { index }),
    ...(documentId === undefined ? {} : { documentId, id: documentId }),
  };
}

/** What all dead letters of a file have in common, and all of one that is about the file itself. The bucket stands for the log group, the key for the stream. */
export function letter(
  { reason, detail }: { readonly reason: string; readonly detail?: string },
  { source, function: name, account, region, bucket, key, etag, timeMs, nowMs }: RecordOrigin,
): DeadLetter {
  return {
    version: 1,
    reason,
    ...(detail === undefined ? {} : { detail }),
    ...{ source, function: name, account, region },
    logGroup: `s3://${bucket}`,
    logStream: key,
    id: etag,
    timestamp: timeMs,
    message: '',
    deadLetteredAt: nowMs,
  };
}

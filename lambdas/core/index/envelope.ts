import type { ParsedLine } from '../parse/types.ts';
import { timeText } from './time-text.ts';

/** Top-level keys that only the envelope writes: no parser's member may have one of these names. `log` and `event` take members of a parser inside. */
export const ENVELOPE_KEYS = [
  '@timestamp',
  'event',
  'cloud',
  'orchestrator',
  'log',
  'aws',
  'parse',
  'application',
  'service',
  'kubernetes',
  'stream',
] as const;

/** Where a batch comes from. */
export interface Origin {
  readonly account: string;
  readonly region: string;
  readonly cluster: string;
  readonly logGroup: string;
  readonly logStream: string;
}

/** `"cloud":{…},"orchestrator":{…},"aws":{…}`: what all documents of a batch have in common. */
export function originText({ account, region, cluster, logGroup, logStream }: Origin): string {
  const q = JSON.stringify;
  return (
    `"cloud":{"account":{"id":${q(account)}},"region":${q(region)}},"orchestrator":{"cluster":{"name":${q(cluster)}}},` +
    `"aws":{"cloudwatch":{"log_group":${q(logGroup)},"log_stream":${q(logStream)}}}`
  );
}

/** The parts of a document that differ from event to event. */
export interface DocumentParts {
  /** CloudWatch's event id as JSON text without its quotes. */
  readonly eventId: string;
  /** CloudWatch time in ms. */
  readonly eventTimeMs: number;
  /** Of the record where the line itself has no time: RFC 3339 text. */
  readonly recordTime: string | undefined;
  readonly parsed: ParsedLine;
  /** The members after redaction. */
  readonly members: string;
  readonly isContinuation: boolean;
  /** Further members with a leading comma: `,"stream":…,"kubernetes":{…}`. */
  readonly context: string;
}

/** JSON text of a document, on one line. */
export function documentText(parts: DocumentParts, ingested: string, dataset: string, origin: string): string {
  const { parsed } = parts;
  const created = timeText(parts.eventTimeMs);
  const eventMembers = parsed.eventMembers === undefined ? '' : `,${parsed.eventMembers}`;
  return (
    `{"@timestamp":"${parsed.timestamp ?? parts.recordTime ?? created}","event":{"id":"${parts.eventId}","created":"${created}",` +
    `"ingested":"${ingested}","dataset":"${dataset}"${eventMembers}},${origin}${logText(parsed)},${parseText(parsed, parts.isContinuation)}` +
    `${parts.context}${parts.members === '' ? '' : `,${parts.members}`}}`
  );
}

function logText({ level, logMembers }: ParsedLine): string {
  if (level === undefined) return logMembers === undefined ? '' : `,"log":{${logMembers}}`;
  return logMembers === undefined ? `,"log":{"level":"${level}"}` : `,"log":{"level":"${level}",${logMembers}}`;
}

function parseText({ format, error, truncated }: ParsedLine, isContinuation: boolean): string {
  if (error === undefined && truncated !== true && !isContinuation) return `"parse":{"format":"${format}"}`;
  const errorText = error === undefined ? '' : `,"error":${JSON.stringify(error)}`;
  return `"parse":{"format":"${format}"${errorText}${isContinuation ? ',"continuation":true' : ''}${truncated === true ? ',"truncated":true' : ''}}`;
}

import { FORMATS, type Format, type LogLevel, type ParsedLine } from '../parse/types.ts';
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

/** What is the same in the documents of a batch that go to one index by one reader; made once, because every join costs a little in every document. */
export interface Frame {
  /** `{"create":{"_index":"…","_id":"` */
  readonly action: string;
  /** `","ingested":"…","dataset":"…"`, what comes behind the event's CloudWatch time. */
  readonly ingested: string;
  /** `},"cloud":…,"orchestrator":…,"aws":…`, what comes behind the event's own members. */
  readonly origin: string;
}

/** Makes a frame; `origin` is from `originText`. */
export function frameOf(index: string, ingested: string, dataset: string, origin: string): Frame {
  return {
    action: `{"create":{"_index":"${index}","_id":"`,
    ingested: `","ingested":"${ingested}","dataset":"${dataset}"`,
    origin: `},${origin}`,
  };
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
export function documentText(parts: DocumentParts, frame: Frame): string {
  const { parsed, members } = parts;
  const created = timeText(parts.eventTimeMs);
  const timestamp = parsed.timestamp ?? parts.recordTime ?? created;
  let text = `{"@timestamp":"${timestamp}","event":{"id":"${parts.eventId}","created":"${created}${frame.ingested}`;
  if (parsed.eventMembers !== undefined) text += `,${parsed.eventMembers}`;
  text += frame.origin + parseText(parsed, parts.isContinuation) + logText(parsed) + parts.context;
  return members === '' ? `${text}}` : `${text},${members}}`;
}

function logText({ level, logMembers }: ParsedLine): string {
  if (level === undefined) return logMembers === undefined ? '' : `,"log":{${logMembers}}`;
  const head = LEVEL_TEXTS[level];
  return logMembers === undefined ? `${head}}` : `${head},${logMembers}}`;
}

/** How `log` starts, by level. */
export const LEVEL_TEXTS: { readonly [level in LogLevel]: string } = {
  trace: ',"log":{"level":"trace"',
  debug: ',"log":{"level":"debug"',
  info: ',"log":{"level":"info"',
  notice: ',"log":{"level":"notice"',
  warning: ',"log":{"level":"warning"',
  error: ',"log":{"level":"error"',
  fatal: ',"log":{"level":"fatal"',
};

const PLAIN_PARSE: ReadonlyMap<Format, string> = new Map(FORMATS.map((format) => [format, `,"parse":{"format":"${format}"}`]));

function parseText({ format, error, truncated }: ParsedLine, isContinuation: boolean): string {
  if (error === undefined && truncated !== true && !isContinuation) return PLAIN_PARSE.get(format) as string;
  const errorText = error === undefined ? '' : `,"error":${JSON.stringify(error)}`;
  return `,"parse":{"format":"${format}"${errorText}${isContinuation ? ',"continuation":true' : ''}${truncated === true ? ',"truncated":true' : ''}}`;
}

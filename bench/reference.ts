import { gunzipSync } from 'node:zlib';

/** What a subscription filter sends, as far as it is read here. */
export interface Envelope {
  readonly owner: string;
  readonly logGroup: string;
  readonly logStream: string;
  readonly logEvents: readonly LogEvent[];
}

/** One event of it. */
export interface LogEvent {
  readonly id: string;
  readonly timestamp: number;
  readonly message: string;
}

const INDEX = 'eks-reference-2026.11.21';

/**
 * The ordinary design that the numbers of docs/performance.md are ratios of: unpack, `JSON.parse` each message (and a container record's `log` where it
 * holds JSON), `JSON.stringify` the action and the document, encode the body as UTF-8. A line that is no JSON is only wrapped. It does no more than that:
 * five fields of the envelope, times as the numbers that they are, one index.
 */
export function reference(data: string): { readonly bulk: Uint8Array; readonly count: number } {
  const envelope = openEnvelope(data);
  let body = '';
  for (const event of envelope.logEvents) {
    body += `${JSON.stringify({ create: { _index: INDEX, _id: event.id } })}\n${JSON.stringify(documentOf(envelope, event))}\n`;
  }
  return { bulk: Buffer.from(body, 'utf8'), count: envelope.logEvents.length };
}

/** Base64 and gzip undone, and the envelope parsed. */
export function openEnvelope(data: string): Envelope {
  return JSON.parse(gunzipSync(Buffer.from(data, 'base64')).toString('utf8')) as Envelope;
}

function documentOf(envelope: Envelope, event: LogEvent): { readonly [field: string]: unknown } {
  return {
    ...fieldsOf(event.message),
    '@timestamp': event.timestamp,
    '@id': event.id,
    '@log_group': envelope.logGroup,
    '@log_stream': envelope.logStream,
    '@owner': envelope.owner,
  };
}

function fieldsOf(message: string): { [field: string]: unknown } {
  const record = message.startsWith('{') ? parseJson(message) : undefined;
  if (record === undefined) return { message };
  const { log } = record;
  if (typeof log === 'string' && log.startsWith('{')) record['log'] = parseJson(log) ?? log;
  return record;
}

function parseJson(text: string): { [field: string]: unknown } | undefined {
  try {
    return JSON.parse(text) as { [field: string]: unknown };
  } catch {
    return undefined;
  }
}

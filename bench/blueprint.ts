import { gunzipSync } from 'node:zlib';

interface Envelope {
  readonly owner: string;
  readonly logGroup: string;
  readonly logStream: string;
  readonly logEvents: readonly { readonly id: string; readonly timestamp: number; readonly message: string }[];
}

/**
 * What AWS's function blueprint LogsToElasticsearch is described to do, written anew: a message that is JSON is parsed once to see whether it is and once
 * for its fields, and goes into the document both as fields and whole, with `@id`, `@timestamp`, `@owner`, `@log_group` and `@log_stream`; the operation
 * is `index`, the index `cwl-` and the day.
 */
export function blueprint(data: string): { readonly bulk: Uint8Array; readonly count: number } {
  const envelope = JSON.parse(gunzipSync(Buffer.from(data, 'base64')).toString('utf8')) as Envelope;
  let body = '';
  for (const { id, timestamp, message } of envelope.logEvents) {
    const time = new Date(timestamp);
    const day = time.toISOString().slice(0, 10).replaceAll('-', '.');
    const document: { [field: string]: unknown } = isJson(message) ? JSON.parse(message) : {};
    document['@id'] = id;
    document['@timestamp'] = time.toISOString();
    document['@message'] = message;
    document['@owner'] = envelope.owner;
    document['@log_group'] = envelope.logGroup;
    document['@log_stream'] = envelope.logStream;
    body += `${[JSON.stringify({ index: { _index: `cwl-${day}`, _id: id } }), JSON.stringify(document)].join('\n')}\n`;
  }
  return { bulk: Buffer.from(body, 'utf8'), count: envelope.logEvents.length };
}

function isJson(message: string): boolean {
  if (!message.startsWith('{')) return false;
  try {
    JSON.parse(message);
    return true;
  } catch {
    return false;
  }
}

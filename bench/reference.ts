import { gunzipSync } from 'node:zlib';

interface Envelope {
  readonly owner: string;
  readonly logGroup: string;
  readonly logStream: string;
  readonly logEvents: readonly { readonly id: string; readonly timestamp: number; readonly message: string }[];
}

/**
 * The ordinary design that the numbers of docs/performance.md are ratios of: unpack, JSON.parse each message (a line that is no JSON becomes `message`),
 * build the document, JSON.stringify it, and encode the whole body as UTF-8.
 */
export function reference(data: string): { readonly bulk: Uint8Array; readonly count: number } {
  const packed = Buffer.from(data, 'base64');
  const envelope = JSON.parse(gunzipSync(packed, { chunkSize: packed.readUInt32LE(packed.length - 4) + 1 }).toString('utf8')) as Envelope;
  let body = '';
  for (const { id, timestamp, message } of envelope.logEvents) {
    const time = new Date(timestamp).toISOString();
    const parsed = message.startsWith('{') ? (JSON.parse(message) as { [key: string]: unknown }) : { message };
    const document = {
      '@timestamp': time,
      event: { id, created: time },
      cloud: { account: { id: envelope.owner }, region: 'us-east-1' },
      aws: { cloudwatch: { log_group: envelope.logGroup, log_stream: envelope.logStream } },
      ...parsed,
    };
    body += `${JSON.stringify({ create: { _index: `eks-bench-${time.slice(0, 10).replaceAll('-', '.')}`, _id: id } })}\n${JSON.stringify(document)}\n`;
  }
  return { bulk: Buffer.from(body, 'utf8'), count: envelope.logEvents.length };
}

import { gzipSync } from 'node:zlib';
import { openEnvelope } from '../reference.ts';
import { transform } from '../transform.ts';

/** The payload with our finished documents as messages and `<index>/<_id>` as ids: what the ordinary senders are given. */
export function finishedPayload(base64: string): string {
  const lines = Buffer.from(transform(base64).bulk).toString('utf8').split('\n');
  const logEvents = [];
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const { create } = JSON.parse(lines[at] as string) as { create: { _index: string; _id: string } };
    logEvents.push({ id: `${create._index}/${create._id}`, timestamp: 0, message: lines[at + 1] as string });
  }
  return gzipSync(JSON.stringify({ ...openEnvelope(base64), logEvents }), { level: 1 }).toString('base64');
}

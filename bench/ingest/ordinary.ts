import { Client } from '@opensearch-project/opensearch';
import { type LogEvent, openEnvelope } from '../reference.ts';
import type { IngestTask, Sender, Sent } from './sender.ts';

/**
 * Two ordinary ways, as one writes them. Their payloads hold finished documents as messages (the very ones that log-indexer makes), so that
 * the engine has the same work with each sender: they unpack, `JSON.parse` each message, serialise it again and send.
 */
const actionOf = ({ id }: LogEvent): { readonly create: { readonly _index: string; readonly _id: string } } => {
  const slash = id.indexOf('/');
  return { create: { _index: id.slice(0, slash), _id: id.slice(slash + 1) } };
};

/** The OpenSearch client's bulk helper. */
export function bulkHelper({ url, bodyBytes, connections }: IngestTask): Sender {
  const client = new Client({ node: url });
  return async (payloads) => {
    const { successful, failed } = await client.helpers.bulk<LogEvent>({
      datasource: eventsOf(payloads),
      onDocument: (event) => [actionOf(event), JSON.parse(event.message)],
      flushBytes: bodyBytes,
      concurrency: connections,
    });
    return { created: successful, other: failed };
  };
}

async function* eventsOf(payloads: readonly string[]): AsyncGenerator<LogEvent> {
  for (const payload of payloads) yield* openEnvelope(payload).logEvents;
}

/** JSON.stringify and fetch: what one writes without a library. */
export function byHand({ url, bodyBytes, connections }: IngestTask): Sender {
  return async (payloads) => {
    const bodies = bodiesOf(payloads, bodyBytes);
    const sent: Sent = { created: 0, other: 0 };
    const lane = async (): Promise<void> => {
      for (const body of bodies) {
        const answer = await fetch(`${url}/_bulk`, { method: 'POST', headers: { 'content-type': 'application/x-ndjson' }, body });
        if (!answer.ok) throw new Error(`_bulk: HTTP ${answer.status}`);
        for (const { create } of ((await answer.json()) as BulkAnswer).items) {
          if (create.status === 201) sent.created++;
          else sent.other++;
        }
      }
    };
    await Promise.all(Array.from({ length: connections }, lane));
    return sent;
  };
}

interface BulkAnswer {
  readonly items: readonly { readonly create: { readonly status: number } }[];
}

function* bodiesOf(payloads: readonly string[], bodyBytes: number): Generator<string> {
  let body = '';
  for (const payload of payloads) {
    for (const event of openEnvelope(payload).logEvents) {
      body += `${JSON.stringify(actionOf(event))}\n${JSON.stringify(JSON.parse(event.message))}\n`;
      if (body.length < bodyBytes) continue;
      yield body;
      body = '';
    }
  }
  if (body !== '') yield body;
}

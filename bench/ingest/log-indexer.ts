import { createRequire } from 'node:module';
import { join } from 'node:path';
import { indexerEnvironment } from '../bundles.ts';
import type { IngestTask, Sender } from './sender.ts';

const INVOCATION_MS = 600_000;

type Handler = (event: object, context: { getRemainingTimeInMillis(): number }) => Promise<{ batchItemFailures: readonly unknown[] }>;
interface Metrics {
  readonly Received: number;
  readonly Indexed: number;
  readonly Joined: number;
}

/** The bundled function, invoked with batches of a stream; its own metrics say what became of the documents. */
export function logIndexer({ root, url, bodyBytes, gzip, batch }: IngestTask): Sender {
  Object.assign(process.env, indexerEnvironment({ root, endpoint: url, route: 'stream', bulkBytes: bodyBytes, gzip }));
  const { handler } = createRequire(import.meta.url)(join(root, 'index.js')) as { handler: Handler };
  return async (payloads) => {
    const sent = { created: 0, other: 0 };
    console.log = (line: string): void => {
      const { Received, Indexed, Joined } = JSON.parse(line) as Metrics;
      sent.created += Indexed;
      sent.other += Received - Indexed - Joined;
    };
    for (let start = 0; start < payloads.length; start += batch) {
      const Records = payloads
        .slice(start, start + batch)
        .map((data, position) => ({ kinesis: { data, sequenceNumber: String(start + position) } }));
      const { batchItemFailures } = await handler({ Records }, { getRemainingTimeInMillis: () => INVOCATION_MS });
      if (batchItemFailures.length > 0) throw new Error(`${batchItemFailures.length} records of a batch failed`);
    }
    return sent;
  };
}

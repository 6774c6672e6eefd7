import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { bundleFunction } from '../bundles.ts';
import { runIngest } from '../ingest/run-ingest.ts';
import { makePayload, PAYLOAD_KINDS } from '../payloads.ts';
import { type Part, type Row, rounded } from './part.ts';

const PAYLOAD_BYTES = 1024 * 1024;
const NEWLINE = 10;

/** Invocations of a process that is used again, as Lambda does it. */
const INVOCATIONS = 10;

/** Largest resident set of a process that runs the bundled log-indexer on payloads of 1 MB gzip: after the first invocation, and after ten. */
export const measureMemory: Part = async ({ folder, signal, tell }) => {
  const { root } = bundleFunction('log-indexer', folder);
  const sink = await startSink();
  try {
    const rows: Row[] = [];
    for (const kind of PAYLOAD_KINDS) {
      tell(kind);
      const { base64, unpackedBytes, events } = makePayload(kind, PAYLOAD_BYTES);
      const payload = join(folder, `large-${kind}`);
      writeFileSync(payload, base64);
      const largestMb = async (invocations: number): Promise<number> => {
        const task = { sender: 'log-indexer', url: sink.url, root, bodyBytes: 5 << 20, connections: 2, gzip: false, batch: 1 } as const;
        const { maxRssMb } = await runIngest({ ...task, payloads: new Array<string>(invocations).fill(payload), warmUps: 0 }, { signal });
        return rounded(maxRssMb);
      };
      const row = { payload: kind, events, 'MB of text': rounded(unpackedBytes / 1e6, 1), 'first invocation MB': await largestMb(1) };
      rows.push({ ...row, [`after ${INVOCATIONS} MB`]: await largestMb(INVOCATIONS) });
    }
    return { title: 'Memory for a payload of 1 MB gzip, sending included: largest resident set of the whole process', rows };
  } finally {
    sink.close();
  }
};

/** Takes every document, so that an engine's pace does not decide how much waits in memory. */
async function startSink(): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((request, response) => {
    let lines = 0;
    request.on('data', (chunk: Buffer) => {
      for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) lines++;
    });
    request.on('end', () => {
      const items = Array.from({ length: lines / 2 }, () => ({ create: { status: 201 } }));
      response.end(JSON.stringify({ errors: false, items }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { heapOptions } from '../../local/lambda/heap-options.ts';
import { bundleFunction } from '../bundles.ts';
import { runIngest } from '../ingest/run-ingest.ts';
import { makePayload, PAYLOAD_KINDS } from '../payloads.ts';
import { type Part, type Row, rounded } from './part.ts';

const PAYLOAD_BYTES = 1024 * 1024;
const NEWLINE = 10;

/** Sizes of a function in MB whose heap limits are tried, the smallest one and half of the default, and how often the process is invoked. */
const RUNS = [
  [256, 1],
  [256, 5],
  [512, 5],
] as const;

/**
 * Largest resident set of a process that runs the bundled log-indexer on payloads of 1 MB gzip: after the first invocation, and after some
 * without a pause, which leaves V8 no idle moment to give memory back. Heap limits are Lambda's for the function's size: without them V8
 * lets garbage lie as long as the machine has room, and the figure says nothing about the function. An invocation that does not fit shows as such.
 */
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
      const largestMb = async (memoryMb: number, invocations: number): Promise<number | string> => {
        const task = { sender: 'log-indexer', url: sink.url, root, bodyBytes: 5 << 20, connections: 2, gzip: false, batch: 1 } as const;
        const payloads = new Array<string>(invocations).fill(payload);
        try {
          const run = { signal, nodeOptions: heapOptions(memoryMb) };
          return rounded((await runIngest({ ...task, payloads, warmUps: 0 }, run)).maxRssMb);
        } catch (error) {
          signal.throwIfAborted();
          if (String((error as { stderr?: string }).stderr).includes('heap out of memory')) return 'heap full';
          throw error;
        }
      };
      const row: { [column: string]: string | number } = { payload: kind, events, 'MB of text': rounded(unpackedBytes / 1e6, 1) };
      for (const [size, invocations] of RUNS) row[`after ${invocations}, of ${size} MB`] = await largestMb(size, invocations);
      rows.push(row);
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

import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Largest body that a local server reads: OpenSearch's own limit is 100 MiB. */
const MAX_BODY_BYTES = 110 * 1024 * 1024;

/** A server that listens on 127.0.0.1 until it is closed. */
export interface RunningServer {
  /** Without a trailing slash, such as `http://127.0.0.1:40123`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1 only; port 0 takes a free one. Rejects where the port is taken. */
export function listen(server: Server, port: number): Promise<RunningServer> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.removeListener('error', reject);
      const { port: actual } = server.address() as AddressInfo;
      resolve({ url: `http://127.0.0.1:${actual}`, close: () => close(server) });
    });
  });
}

/** Reads a request's body whole; rejects above 110 MiB. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error(`the request has more than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    // Kept-alive connections of children and browsers would hold the process otherwise.
    server.closeAllConnections();
  });
}

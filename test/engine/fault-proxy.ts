import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What happens to one `_bulk` request on its way. */
export type Fault =
  | 'pass'
  /** The connection is reset before the engine sees anything. */
  | 'reset-before'
  /** The engine does the work, and the answer is lost. */
  | 'reset-after'
  /** The engine does the work, and only half of its answer arrives. */
  | 'half-answer'
  | { readonly status: number; readonly body?: object; readonly retryAfterSeconds?: number }
  | { readonly delayMs: number };

/** A proxy on 127.0.0.1 in front of a real engine. */
export interface FaultProxy {
  readonly url: string;
  /** Faults of the next `_bulk` requests, in order; after the last everything passes. */
  readonly faults: Fault[];
  /** Bodies above this get a 413, as from a small data node. */
  maxBytes: number;
  /** Called with the number of each `_bulk` request, from 1, before it is forwarded. */
  onBulk: (number: number) => void;
  /** How often each fault was met, by kind. */
  readonly met: { [fault: string]: number };
  close(): Promise<void>;
}

const nameOf = (fault: Fault): string => (typeof fault === 'string' ? fault : 'status' in fault ? `status ${fault.status}` : 'delay');

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Starts a proxy to `target`, such as `http://127.0.0.1:9201`. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  let bulks = 0;
  const forward = (
    incoming: IncomingMessage,
    body: Buffer,
  ): Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer }> =>
    new Promise((resolve, reject) => {
      const { host: _host, connection: _connection, ...headers } = incoming.headers;
      const outgoing = request(`${target}${incoming.url}`, { method: incoming.method ?? 'GET', headers, agent: false }, (answer) => {
        bodyOf(answer).then((answered) => resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: answered }), reject);
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });

  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(incoming);
    const isBulk = incoming.url?.startsWith('/_bulk') === true;
    if (isBulk) proxy.onBulk(++bulks);
    const fault = isBulk ? (proxy.faults.shift() ?? 'pass') : 'pass';
    if (fault !== 'pass') proxy.met[nameOf(fault)] = (proxy.met[nameOf(fault)] ?? 0) + 1;
    if (fault === 'reset-before') return void incoming.socket.resetAndDestroy();
    if (typeof fault === 'object' && 'status' in fault) {
      if (fault.retryAfterSeconds !== undefined) response.setHeader('retry-after', String(fault.retryAfterSeconds));
      return void response.writeHead(fault.status, { 'content-type': 'application/json' }).end(JSON.stringify(fault.body ?? {}));
    }
    if (isBulk && body.length > proxy.maxBytes) {
      proxy.met['status 413'] = (proxy.met['status 413'] ?? 0) + 1;
      return void response.writeHead(413).end();
    }
    if (typeof fault === 'object') await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
    try {
      const answer = await forward(incoming, body);
      if (fault === 'reset-after') return void incoming.socket.resetAndDestroy();
      const { 'transfer-encoding': _chunked, 'content-length': _length, connection: _connection, ...headers } = answer.headers;
      response.writeHead(answer.status, { ...headers, 'content-length': String(answer.body.length) });
      if (fault === 'half-answer') {
        response.write(answer.body.subarray(0, answer.body.length >> 1));
        return void setTimeout(() => incoming.socket.destroy(), 10);
      }
      response.end(answer.body);
    } catch {
      // The engine is away: so is the way to it.
      incoming.socket.resetAndDestroy();
    }
  };

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults: [],
    maxBytes: Number.POSITIVE_INFINITY,
    onBulk: () => {},
    met: {},
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return proxy;
}

import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';

/** As much of a kubelet and of the Kubernetes API as Fluent Bit asks: the pods of a node, events of the cluster. */
export class Kubernetes {
  readonly paths: string[] = [];
  readonly #server: Server;

  constructor(certificate: string, key: string, pods: readonly object[], events: readonly object[]) {
    const list = (kind: string, items: readonly object[]) =>
      JSON.stringify({ kind, apiVersion: 'v1', metadata: { resourceVersion: '100' }, items });
    this.#server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (request, response) => {
      const path = request.url ?? '/';
      this.paths.push(path);
      if (path.startsWith('/api/v1/events') && path.includes('watch=1')) {
        // A watch stays open; nothing new happens.
        response.writeHead(200, { 'content-type': 'application/json', 'transfer-encoding': 'chunked' });
        response.flushHeaders();
        return;
      }
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(path.startsWith('/api/v1/events') ? list('EventList', events) : list('PodList', pods));
    });
  }

  async start(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

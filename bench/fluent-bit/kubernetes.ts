import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';

/** An event of the API, as core/v1 has it; members that a test needs. */
export interface ClusterEvent {
  readonly metadata: { readonly uid: string; readonly resourceVersion: string; readonly [member: string]: unknown };
  readonly [member: string]: unknown;
}

/** Where an API server's writer cuts a burst of events into chunks (Go's HTTP server): mostly in the middle of an event. */
const CHUNK_BYTES = 2048;

/** As much of a kubelet and of the Kubernetes API as Fluent Bit asks: the pods of a node; events of the cluster by list, in pages, and by watch. */
export class Kubernetes {
  readonly paths: string[] = [];
  /** Events of a page of a list. */
  pageSize = 50;
  readonly #server: Server;
  /** The newest state of each event, as a cluster keeps it. */
  readonly #events = new Map<string, ClusterEvent>();
  readonly #watches = new Set<ServerResponse>();

  constructor(certificate: string, key: string, pods: readonly object[], events: readonly ClusterEvent[]) {
    this.add(events);
    this.#server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (request, response) => {
      const path = request.url ?? '/';
      this.paths.push(path);
      response.writeHead(200, { 'content-type': 'application/json' });
      if (!path.startsWith('/api/v1/events'))
        response.end(JSON.stringify({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items: pods }));
      else if (path.includes('watch=1')) this.#watch(response);
      else response.end(this.#page(Number(/[?&]continue=(\d+)/.exec(path)?.[1] ?? 0)));
    });
  }

  /** How many watches are open. */
  get watches(): number {
    return this.#watches.size;
  }

  /** Adds events, or newer states of events; open watches are told at once. */
  add(events: readonly ClusterEvent[]): void {
    const changes = events.map((object) => {
      const type = this.#events.has(object.metadata.uid) ? 'MODIFIED' : 'ADDED';
      this.#events.set(object.metadata.uid, object);
      return `${JSON.stringify({ type, object: { kind: 'Event', apiVersion: 'v1', ...object } })}\n`;
    });
    const text = Buffer.from(changes.join(''));
    for (const response of this.#watches)
      for (let start = 0; start < text.length; start += CHUNK_BYTES) response.write(text.subarray(start, start + CHUNK_BYTES));
  }

  /** Ends every watch in order, as an API server does after half an hour or so. */
  closeWatches(): void {
    for (const response of this.#watches) response.end();
    this.#watches.clear();
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

  #watch(response: ServerResponse): void {
    response.flushHeaders();
    this.#watches.add(response);
    response.once('close', () => this.#watches.delete(response));
  }

  /** A page of the list; as in a cluster, items do not say what kind they are. */
  #page(start: number): string {
    const all = [...this.#events.values()];
    const end = start + this.pageSize;
    const resourceVersion = String(Math.max(1, ...all.map(({ metadata }) => Number(metadata.resourceVersion))));
    return JSON.stringify({
      kind: 'EventList',
      apiVersion: 'v1',
      metadata: { resourceVersion, ...(end < all.length ? { continue: String(end) } : {}) },
      items: all.slice(start, end),
    });
  }
}

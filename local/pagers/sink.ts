import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen, type RunningServer, readBody } from '../http/server.ts';

/** Keys that these pagers know. */
export const PAGER_KEYS = { pagerduty: '0123456789abcdef0123456789abcdef', opsgenie: '00000000-0000-4000-8000-000000000000' } as const;

/** An incident as a pager keeps it. */
export interface PagedIncident {
  readonly pager: keyof typeof PAGER_KEYS;
  readonly id: string;
  readonly summary: string;
  readonly severity: string;
  readonly openedMs: number;
  closedMs?: number;
  /** Times that it was told while it was open. */
  told: number;
}

/** What is answered instead: a status and headers. */
export interface PagerFault {
  readonly status: number;
  readonly headers?: { readonly [name: string]: string };
}

/** Answers like PagerDuty's Events API v2 and Opsgenie's Alert API, and puts what is told twice together by its key as they do. */
export class PagerSink {
  readonly incidents: PagedIncident[] = [];
  /** Bodies as they came. */
  readonly bodies: string[] = [];
  /** Asked before each request. */
  fault: (count: number) => PagerFault | undefined = () => undefined;
  readonly #now: () => number;
  #server: RunningServer | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Starts to listen on this machine. */
  async start(): Promise<this> {
    this.#server = await listen(
      createServer((request, response) => void this.#answer(request, response)),
      0,
    );
    return this;
  }

  /** For `PAGER_API_URL`. */
  get url(): string {
    return this.#server?.url ?? '';
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = (await readBody(request).catch(() => Buffer.alloc(0))).toString('utf8');
    this.bodies.push(text);
    const fault = this.fault(this.bodies.length);
    const status = fault?.status ?? this.#take(request, parse(text));
    response
      .writeHead(status, { 'content-type': 'application/json', ...fault?.headers })
      .end(JSON.stringify({ status: status === 202 ? 'success' : 'no' }));
  }

  /** Takes a request and gives the status of the answer. */
  #take({ headers, url = '' }: IncomingMessage, body: Json | undefined): number {
    if (body === undefined) return 400;
    if (url === '/v2/enqueue') return this.#event(body);
    if (headers.authorization !== `GenieKey ${PAGER_KEYS.opsgenie}`) return 401;
    if (url === '/v2/alerts') return this.#open('opsgenie', { id: body['alias'], summary: body['message'], severity: body['priority'] });
    const alias = /^\/v2\/alerts\/([^/?]+)\/close\?identifierType=alias$/.exec(url)?.[1];
    return alias === undefined ? 404 : this.#close('opsgenie', decodeURIComponent(alias));
  }

  #event({ dedup_key: id, event_action: action, payload, routing_key: key }: Json): number {
    if (key !== PAGER_KEYS.pagerduty || typeof id !== 'string') return 400;
    if (action === 'resolve') return this.#close('pagerduty', id);
    const { severity, source, summary } = (payload ?? {}) as Json;
    return action === 'trigger' && source !== undefined ? this.#open('pagerduty', { id, summary, severity }) : 400;
  }

  #open(
    pager: PagedIncident['pager'],
    { id, severity, summary }: { readonly id: unknown; readonly summary: unknown; readonly severity: unknown },
  ): number {
    if (typeof id !== 'string' || typeof summary !== 'string' || typeof severity !== 'string') return 422;
    const open = this.incidents.find((incident) => incident.pager === pager && incident.id === id && incident.closedMs === undefined);
    if (open) open.told++;
    else this.incidents.push({ pager, id, summary, severity, openedMs: this.#now(), told: 1 });
    return 202;
  }

  #close(pager: PagedIncident['pager'], id: string): number {
    for (const incident of this.incidents) if (incident.pager === pager && incident.id === id) incident.closedMs ??= this.#now();
    return 202;
  }
}

type Json = { readonly [name: string]: unknown };

function parse(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

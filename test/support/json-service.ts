import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as a service sees it. */
export interface ServiceCall {
  readonly method: string;
  /** Path with its parts decoded, such as `/clusters/prod`. */
  readonly path: string;
  /** Operation of an AWS JSON 1.1 service, such as `CreateLogGroup`; empty for a REST service. */
  readonly operation: string;
  readonly query: URLSearchParams;
  readonly body: { readonly [name: string]: unknown };
}

/** An error in the shape in which AWS services send it. */
export class ServiceError extends Error {
  readonly type: string;
  readonly status: number;

  constructor(type: string, message: string, status = 400) {
    super(message);
    this.type = type;
    this.status = status;
  }
}

/** A local HTTP server that speaks AWS' JSON protocols: `answer` returns the output, or throws a ServiceError. */
export class JsonService {
  readonly calls: ServiceCall[] = [];
  endpoint = '';
  private readonly server: Server;

  constructor(answer: (call: ServiceCall) => object) {
    this.server = createServer((request, response) => {
      void readCall(request).then((call) => {
        this.calls.push(call);
        try {
          const output = JSON.stringify(answer(call));
          response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(output);
        } catch (error) {
          if (!(error instanceof ServiceError)) throw error;
          const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': error.type };
          response.writeHead(error.status, headers).end(JSON.stringify({ __type: error.type, message: error.message }));
        }
      });
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.endpoint = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

async function readCall(request: IncomingMessage): Promise<ServiceCall> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? '/', 'http://service');
  const text = Buffer.concat(chunks).toString('utf8');
  const target = String(request.headers['x-amz-target'] ?? '');
  return {
    method: request.method ?? '',
    path: decodeURIComponent(url.pathname),
    operation: target.split('.').at(-1) ?? '',
    query: url.searchParams,
    body: text === '' ? {} : (JSON.parse(text) as { [name: string]: unknown }),
  };
}

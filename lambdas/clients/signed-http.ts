import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type Credentials, signRequest } from './aws-signature.ts';
import { createConnections, isLoopback } from './connections.ts';

/** One request. */
export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  /** Names in lower case. */
  readonly headers?: { readonly [name: string]: string };
  /** Parts of the body, sent one after the other without being copied together. */
  readonly body?: readonly Uint8Array[];
  /** From the start until the whole answer is there, in ms. */
  readonly timeoutMs: number;
}

/** One answer, whatever its status. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Sends a request and resolves with any answer; rejects with a `TransportError` where there is none. */
export type HttpClient = (request: HttpRequest) => Promise<HttpResponse>;

/** No answer: the connection was refused or reset, or the time was up. What was sent may have been done or not. */
export class TransportError extends Error {
  /** `timed-out`, or the system's code such as `ECONNREFUSED`. */
  readonly code: string;
  constructor(code: string, host: string) {
    super(`no answer from ${host}: ${code}`);
    this.name = 'TransportError';
    this.code = code;
  }
}

/** Settings of a client. */
export interface HttpClientOptions {
  /** `es` for OpenSearch, `s3` for S3. */
  readonly service: string;
  readonly region: string;
  /** Read for each request; undefined sends it unsigned, which only a local endpoint accepts. */
  readonly credentials: () => Credentials | undefined;
  readonly now: () => number;
  /** For services that are not AWS's: nothing is signed. @default false */
  readonly unsigned?: boolean;
  /** Connections to one host at most. @default 4 */
  readonly maxSockets?: number;
}

/** Answers longer than this are an error of the other side; a bulk answer has some 30 bytes per document. */
const MAX_ANSWER_BYTES = 64 << 20;
/** Under the 60 s after which load balancers in front of a domain drop an idle connection. */
const IDLE_SOCKET_MS = 50_000;

function read(answer: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    answer.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_ANSWER_BYTES) answer.destroy(new Error('answer too long'));
      else chunks.push(chunk);
    });
    answer.once('end', () => resolve(Buffer.concat(chunks, bytes)));
    answer.once('error', reject);
    // A connection that ends in the middle of an answer says `aborted` or only closes.
    answer.once('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
  });
}

/** Makes a client with kept-alive connections. Plain http is refused except on this machine. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const connect = createConnections({ keepAlive: true, maxSockets: options.maxSockets ?? 4, timeout: IDLE_SOCKET_MS });
  return async (request) => {
    const { url, method, timeoutMs } = request;
    const begin = await connect(url);
    const body = request.body ?? [];
    let length = 0;
    for (const chunk of body) length += chunk.length;
    const credentials = options.credentials();
    if (!credentials && options.unsigned !== true && !isLoopback(url)) throw new Error(`no credentials to sign a request to ${url.host}`);
    const plain = request.headers ?? {};
    const headers = credentials
      ? signRequest(
          { method, url, headers: plain, body },
          { service: options.service, region: options.region, credentials, nowMs: options.now() },
        )
      : { ...plain, host: url.host };
    headers['content-length'] = String(length);
    return new Promise<HttpResponse>((resolve, reject) => {
      const call = begin(url, { method, headers });
      const timer = setTimeout(() => call.destroy(Object.assign(new Error('timed out'), { code: 'timed-out' })), timeoutMs);
      const fail = (error: NodeJS.ErrnoException): void => {
        clearTimeout(timer);
        reject(new TransportError(error.code ?? error.name, url.host));
      };
      call.once('error', fail);
      call.once('response', (answer) => {
        read(answer).then((answerBody) => {
          clearTimeout(timer);
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: answerBody });
        }, fail);
      });
      for (const chunk of body) call.write(chunk);
      call.end();
    });
  };
}

import type { IncomingMessage } from 'node:http';
import { type Credentials, signRequest } from './aws-signature.ts';
import { createConnections } from './connections.ts';
import { objectUrl } from './dead-letter-store.ts';

/** Why an object cannot be read. `gone` and `changed` are final for this event; all others may be over later. */
export class ReadError extends Error {
  readonly reason: 'gone' | 'changed' | 'not-permitted' | 'no-answer';
  constructor(reason: ReadError['reason'], detail: string) {
    super(`${reason}: ${detail}`);
    this.name = 'ReadError';
    this.reason = reason;
  }
}

/** Where objects are. */
export interface ReaderPlace {
  readonly region: string;
  /** `AWS_ENDPOINT_URL_S3`: another S3, addressed with the bucket in the path. */
  readonly endpoint?: string;
}

/** The world as the reader sees it. */
export interface ReaderPorts {
  readonly credentials: () => Credentials | undefined;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** An object that is open. */
export interface OpenObject {
  /** Without quotes. */
  readonly etag: string;
  /** Bytes of the whole object. */
  readonly size: number;
  /** Its bytes in order. A connection that ends in the middle is opened again where it ended, for the same version of the object. */
  readonly chunks: AsyncIterable<Buffer>;
}

/** Opens an object; rejects with a `ReadError`. */
export type OpenS3 = (bucket: string, key: string) => Promise<OpenObject>;

const ATTEMPTS = 5;
const PAUSE_MS = 200;
/** Nothing for so long: the connection is dead. While we do not read, no time is counted. */
const IDLE_MS = 30_000;

/** Makes the function that opens objects as streams: a file of any size in the memory of some chunks. */
export function createS3Reader(place: ReaderPlace, ports: ReaderPorts): OpenS3 {
  const connect = createConnections({ keepAlive: true });
  const get = async (url: URL, headers: { readonly [name: string]: string }): Promise<IncomingMessage> => {
    const begin = await connect(url);
    const credentials = ports.credentials();
    const request = { method: 'GET', url, headers, body: [] };
    const signed = credentials
      ? signRequest(request, { service: 's3', region: place.region, credentials, nowMs: ports.now() })
      : { ...headers, host: url.host };
    return new Promise((resolve, reject) => {
      const call = begin(url, { method: 'GET', headers: signed, timeout: IDLE_MS });
      call.once('response', resolve);
      call.once('error', (error: NodeJS.ErrnoException) => reject(new ReadError('no-answer', error.code ?? error.name)));
      call.once('timeout', () => call.destroy(Object.assign(new Error('timed out'), { code: 'timed-out' })));
      call.end();
    });
  };

  /** One answer from `offset` on. */
  const open = async (url: URL, offset: number, etag: string | undefined): Promise<IncomingMessage> => {
    const headers = { ...(offset > 0 ? { range: `bytes=${offset}-` } : {}), ...(etag === undefined ? {} : { 'if-match': `"${etag}"` }) };
    for (let attempt = 1; ; attempt++) {
      let failure: ReadError;
      try {
        const answer = await get(url, headers);
        const { statusCode = 0 } = answer;
        if (statusCode === (offset > 0 ? 206 : 200)) return answer;
        answer.resume();
        // A missing object is a 403 for who may not list.
        if (statusCode === 404) throw new ReadError('gone', 'HTTP 404');
        if (statusCode === 412 || statusCode === 416 || statusCode === 200) throw new ReadError('changed', `HTTP ${statusCode}`);
        failure = new ReadError(statusCode === 403 || statusCode === 401 ? 'not-permitted' : 'no-answer', `HTTP ${statusCode}`);
      } catch (error) {
        if (!(error instanceof ReadError)) throw error;
        if (error.reason !== 'no-answer') throw error;
        failure = error;
      }
      if (attempt === ATTEMPTS || failure.reason === 'not-permitted') throw failure;
      await ports.sleep(PAUSE_MS * 2 ** (attempt - 1));
    }
  };

  return async (bucket, key) => {
    const url = objectUrl({ ...place, bucket }, key);
    const first = await open(url, 0, undefined);
    const etag = String(first.headers.etag ?? '').replace(/^(?:W\/)?"|"$/g, '');
    const size = Number(first.headers['content-length'] ?? Number.NaN);
    return { etag, size, chunks: chunksOf(first, size, (offset) => open(url, offset, etag === '' ? undefined : etag), ports) };
  };
}

async function* chunksOf(
  first: IncomingMessage,
  size: number,
  reopen: (offset: number) => Promise<IncomingMessage>,
  ports: ReaderPorts,
): AsyncGenerator<Buffer> {
  let answer = first;
  let offset = 0;
  let failures = 0;
  try {
    for (;;) {
      let cause = 'closed';
      try {
        for await (const chunk of answer) {
          offset += (chunk as Buffer).length;
          failures = 0;
          yield chunk as Buffer;
        }
        if (!(offset < size)) return;
      } catch (error) {
        cause = (error as NodeJS.ErrnoException).code ?? 'closed';
      }
      answer.destroy();
      if (offset >= size) return;
      if (++failures >= ATTEMPTS) throw new ReadError('no-answer', `${cause} after ${offset} bytes`);
      await ports.sleep(PAUSE_MS * failures);
      answer = await reopen(offset);
    }
  } finally {
    answer.destroy();
  }
}

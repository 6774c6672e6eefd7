import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen, type RunningServer, readBody } from '../http/server.ts';
import { unchunk } from './aws-chunked.ts';
import type { BucketStore } from './bucket-store.ts';
import { deletedXml, errorXml, keysToDelete, listXml } from './xml.ts';

/** An answer of S3. */
interface Answer {
  readonly status: number;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string | Buffer;
}

/** Serves buckets by S3's REST protocol, path style, on 127.0.0.1: put, get, head, list (v2), delete, copy, delete of many. */
export async function serveBuckets(store: BucketStore, port = 0): Promise<RunningServer> {
  const server = createServer((request, response) => {
    handle(store, request, response).catch((error: unknown) => {
      const text = errorXml('InternalError', error instanceof Error ? error.message : String(error));
      response.writeHead(500, { 'content-type': 'application/xml' }).end(text);
    });
  });
  return listen(server, port);
}

async function handle(store: BucketStore, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request);
  const answer = route(store, request, body);
  const isXml = typeof answer.body === 'string' && answer.body.startsWith('<?xml');
  const length = answer.headers?.['content-length'] ?? String(Buffer.byteLength(answer.body ?? ''));
  response.writeHead(answer.status, {
    ...(isXml ? { 'content-type': 'application/xml' } : {}),
    ...answer.headers,
    'content-length': length,
  });
  response.end(request.method === 'HEAD' ? undefined : answer.body);
}

function route(store: BucketStore, request: IncomingMessage, rawBody: Buffer): Answer {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const [bucket = '', ...rest] = url.pathname.slice(1).split('/').map(decodeURIComponent);
  const key = rest.join('/');
  const refusal = refuse(store, request, bucket, rawBody);
  if (refusal) return refusal;
  if (key === '') return routeBucket(store, request, url, bucket, rawBody);
  switch (request.method) {
    case 'PUT': {
      const source = request.headers['x-amz-copy-source'];
      if (typeof source === 'string') return copy(store, decodeURIComponent(source), bucket, key);
      const body = unchunk(rawBody, request.headers);
      store.put(bucket, key, body, headersOf(request));
      return { status: 200, headers: { etag: etag(body) } };
    }
    case 'GET':
    case 'HEAD': {
      const found = store.get(bucket, key);
      if (!found) return failure(404, 'NoSuchKey', key);
      const { contentType, contentEncoding } = found.headers;
      return {
        status: 200,
        headers: {
          etag: etag(found.body),
          'content-type': contentType ?? 'application/octet-stream',
          ...(contentEncoding === undefined ? {} : { 'content-encoding': contentEncoding }),
          'content-length': String(found.body.length),
        },
        body: found.body,
      };
    }
    case 'DELETE':
      store.delete(bucket, key);
      return { status: 204 };
    default:
      return failure(405, 'MethodNotAllowed', String(request.method));
  }
}

function routeBucket(store: BucketStore, request: IncomingMessage, url: URL, bucket: string, body: Buffer): Answer {
  if (request.method === 'HEAD') return { status: 200 };
  if (request.method === 'POST' && url.searchParams.has('delete')) {
    const keys = keysToDelete(body.toString('utf8'));
    for (const key of keys) store.delete(bucket, key);
    return { status: 200, body: deletedXml(keys) };
  }
  if (request.method !== 'GET') return failure(405, 'MethodNotAllowed', String(request.method));
  return { status: 200, body: listXml(bucket, store.list(bucket, url.searchParams.get('prefix') ?? ''), url.searchParams) };
}

/** What S3 would refuse before it looks at the object: an unsigned request, a body that is not the signed one, an unknown bucket. */
function refuse(store: BucketStore, request: IncomingMessage, bucket: string, body: Buffer): Answer | undefined {
  if (!request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ')) return failure(403, 'AccessDenied', 'the request is not signed');
  const signed = request.headers['x-amz-content-sha256'];
  if (typeof signed === 'string' && /^[0-9a-f]{64}$/.test(signed) && signed !== createHash('sha256').update(body).digest('hex')) {
    return failure(400, 'XAmzContentSHA256Mismatch', 'x-amz-content-sha256 is not the hash of the body');
  }
  return store.has(bucket) ? undefined : failure(404, 'NoSuchBucket', bucket);
}

function copy(store: BucketStore, source: string, bucket: string, key: string): Answer {
  const [fromBucket = '', ...fromKey] = source.replace(/^\//, '').split('/');
  const found = store.has(fromBucket) ? store.get(fromBucket, fromKey.join('/')) : undefined;
  if (!found) return failure(404, 'NoSuchKey', source);
  store.put(bucket, key, found.body, found.headers);
  return {
    status: 200,
    body: `<?xml version="1.0" encoding="UTF-8"?><CopyObjectResult><ETag>${etag(found.body)}</ETag></CopyObjectResult>`,
  };
}

function headersOf(request: IncomingMessage): { contentType?: string; contentEncoding?: string } {
  const { 'content-type': contentType, 'content-encoding': encoding } = request.headers;
  const contentEncoding = encoding
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== 'aws-chunked')
    .join(',');
  return { ...(contentType === undefined ? {} : { contentType }), ...(contentEncoding ? { contentEncoding } : {}) };
}

function failure(status: number, code: string, message: string): Answer {
  return { status, body: errorXml(code, message) };
}

function etag(body: Uint8Array): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}

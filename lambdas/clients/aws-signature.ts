// AWS Signature Version 4 by hand: the SDK's signer costs 13 ms more of every cold start (docs/performance.md). Tests compare it with the SDK's.
import { createHash, createHmac } from 'node:crypto';

/** Keys that sign a request. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The request as far as a signature covers it. */
export interface SignableRequest {
  readonly method: string;
  readonly url: URL;
  /** Names in lower case, without `host`. */
  readonly headers: { readonly [name: string]: string };
  readonly body: readonly Uint8Array[];
}

/** What the signature is made for. */
export interface SigningScope {
  /** `es` for an OpenSearch Service domain, `s3` for S3. */
  readonly service: string;
  readonly region: string;
  readonly credentials: Credentials;
  readonly nowMs: number;
}

const hmac = (key: string | Uint8Array, text: string): Buffer => createHmac('sha256', key).update(text, 'utf8').digest();

/** RFC 3986: what encodeURIComponent leaves alone although it is reserved is encoded too. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function canonicalPath(url: URL, service: string): string {
  // S3 takes the path as it is sent; every other service wants each segment encoded once more.
  if (service === 's3') return url.pathname;
  return url.pathname.split('/').map(encode).join('/');
}

function canonicalQuery(url: URL): string {
  const pairs = [...url.searchParams].map(([name, value]) => [encode(name), encode(value)] as const);
  pairs.sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0));
  return pairs.map(([name, value]) => `${name}=${value}`).join('&');
}

/** The day's key is the same for thousands of requests: four HMACs saved on each. */
let cachedKey: { readonly id: string; readonly key: Buffer } | undefined;

function signingKey(scope: SigningScope, day: string): Buffer {
  const id = `${scope.credentials.secretAccessKey}/${day}/${scope.region}/${scope.service}`;
  if (cachedKey?.id === id) return cachedKey.key;
  const key = hmac(hmac(hmac(hmac(`AWS4${scope.credentials.secretAccessKey}`, day), scope.region), scope.service), 'aws4_request');
  cachedKey = { id, key };
  return key;
}

/** All headers of the signed request: the given ones, `host`, `x-amz-date`, `x-amz-content-sha256`, the session token and `authorization`. */
export function signRequest(request: SignableRequest, scope: SigningScope): { [name: string]: string } {
  const { url, method } = request;
  const stamp = `${new Date(scope.nowMs).toISOString().replace(/[-:]/g, '').slice(0, 15)}Z`;
  const day = stamp.slice(0, 8);
  const digest = createHash('sha256');
  for (const chunk of request.body) digest.update(chunk);
  const payloadHash = digest.digest('hex');
  const headers: { [name: string]: string } = {
    ...request.headers,
    host: url.host,
    'x-amz-date': stamp,
    'x-amz-content-sha256': payloadHash,
  };
  if (scope.credentials.sessionToken !== undefined) headers['x-amz-security-token'] = scope.credentials.sessionToken;
  const names = Object.keys(headers).sort();
  const signedHeaders = names.join(';');
  const canonicalHeaders = names.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/\s+/g, ' ')}\n`).join('');
  const canonical = `${method}\n${canonicalPath(url, scope.service)}\n${canonicalQuery(url)}\n${canonicalHeaders}\n${signedHeaders}\n${payloadHash}`;
  const credentialScope = `${day}/${scope.region}/${scope.service}/aws4_request`;
  const toSign = `AWS4-HMAC-SHA256\n${stamp}\n${credentialScope}\n${createHash('sha256').update(canonical, 'utf8').digest('hex')}`;
  const signature = createHmac('sha256', signingKey(scope, day)).update(toSign, 'utf8').digest('hex');
  headers['authorization'] =
    `AWS4-HMAC-SHA256 Credential=${scope.credentials.accessKeyId}/${credentialScope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
  return headers;
}

/** Credentials as Lambda gives them. Undefined where there are none. */
export function credentialsFromEnvironment(env: { readonly [name: string]: string | undefined }): Credentials | undefined {
  const accessKeyId = env['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = env['AWS_SECRET_ACCESS_KEY'];
  if (!accessKeyId || !secretAccessKey) return undefined;
  const sessionToken = env['AWS_SESSION_TOKEN'];
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}

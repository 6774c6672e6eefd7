import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { credentialsFromEnvironment, signRequest } from '../../../lambdas/clients/aws-signature.ts';

/** Hash in the shape that the SDK's signer wants. */
class Sha256 {
  private readonly hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as string);
  }
  update(data: string | Uint8Array): void {
    this.hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }
  reset(): void {}
}

const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

async function signedBySdk(
  method: string,
  url: URL,
  headers: Record<string, string>,
  body: Buffer,
  service: string,
  region: string,
  nowMs: number,
  sessionToken?: string,
) {
  const signer = new SignatureV4({
    service,
    region,
    credentials: { ...CREDENTIALS, ...(sessionToken ? { sessionToken } : {}) },
    sha256: Sha256 as never,
    uriEscapePath: service !== 's3',
    applyChecksum: true,
  });
  const query: Record<string, string[]> = {};
  for (const [name, value] of url.searchParams) query[name] = [...(query[name] ?? []), value];
  const request = {
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    query,
    headers: { ...headers, host: url.host },
    body,
  };
  return ((await signer.sign(request as never, { signingDate: new Date(nowMs) })) as unknown as { headers: Record<string, string> })
    .headers;
}

const segment = fc.string({ unit: fc.constantFrom(..."abcXYZ019-_.~!*'() =&+,;:@$ü€%"), minLength: 1, maxLength: 12 });
const queryPart = fc.string({ unit: fc.constantFrom(..."abcXYZ019-_.~!*'() =&+,;:@$/?ü€"), maxLength: 10 });

test('agrees with the SDK on any path, query, header and body, for OpenSearch and S3', async () => {
  const anyRequest = fc.record({
    method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE'),
    segments: fc.array(segment, { minLength: 1, maxLength: 4 }),
    query: fc.uniqueArray(fc.tuple(fc.string({ unit: fc.constantFrom(...'abc_-.*'), minLength: 1, maxLength: 8 }), queryPart), {
      selector: ([name]) => name,
      maxLength: 4,
    }),
    contentType: fc.constantFrom('application/x-ndjson', '  spaced   out  '),
    body: fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 4 }),
    service: fc.constantFrom('es', 's3'),
    region: fc.constantFrom('us-east-1', 'ap-northeast-2'),
    nowMs: fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2040, 0) }),
    sessionToken: fc.option(fc.string({ unit: fc.constantFrom(...'abcXYZ+/='), minLength: 1 }), { nil: undefined }),
  });
  await fc.assert(
    fc.asyncProperty(anyRequest, async ({ method, segments, query, contentType, body, service, region, nowMs, sessionToken }) => {
      const path = segments.map(encodeURIComponent).join('/');
      const url = new URL(`https://search-logs.us-east-1.es.amazonaws.com/${path}`);
      for (const [name, value] of query) url.searchParams.append(name, value);
      const headers = { 'content-type': contentType };
      const ours = signRequest(
        { method, url, headers, body },
        { service, region, nowMs, credentials: { ...CREDENTIALS, ...(sessionToken === undefined ? {} : { sessionToken }) } },
      );
      const theirs = await signedBySdk(method, url, headers, Buffer.concat(body), service, region, nowMs, sessionToken);
      expect(ours['authorization']).toBe(theirs['authorization']);
      expect(ours['x-amz-date']).toBe(theirs['x-amz-date']);
    }),
    { numRuns: 300 },
  );
});

test('the key of a day is not kept for another region, service or secret', () => {
  const sign = (service: string, region: string, secretAccessKey: string): string | undefined =>
    signRequest(
      { method: 'GET', url: new URL('https://example.com/'), headers: {}, body: [] },
      { service, region, nowMs: 0, credentials: { accessKeyId: 'A', secretAccessKey } },
    )['authorization'];

  const first = sign('es', 'us-east-1', 'x');

  expect(new Set([first, sign('s3', 'us-east-1', 'x'), sign('es', 'eu-west-1', 'x'), sign('es', 'us-east-1', 'y')]).size).toBe(4);
  expect(sign('es', 'us-east-1', 'x')).toBe(first);
});

test('credentials come from the environment, or there are none', () => {
  expect(credentialsFromEnvironment({ AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_SESSION_TOKEN: 'c' })).toEqual({
    accessKeyId: 'a',
    secretAccessKey: 'b',
    sessionToken: 'c',
  });
  expect(credentialsFromEnvironment({ AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: '' })).toBeUndefined();
});

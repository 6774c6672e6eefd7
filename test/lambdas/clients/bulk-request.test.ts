import { gunzipSync } from 'node:zlib';
import { createPostBulk } from '../../../lambdas/clients/bulk-request.ts';
import type { HttpRequest } from '../../../lambdas/clients/signed-http.ts';

const BODY = [Buffer.from('{"create":{"_index":"i","_id":"1"}}\n'), Buffer.from('{"a":1}\n')];

function post(status: number, text: string, options: { gzip?: boolean; headers?: Record<string, string> } = {}) {
  const requests: HttpRequest[] = [];
  const client = async (request: HttpRequest) => {
    requests.push(request);
    return { status, headers: options.headers ?? {}, body: Buffer.from(text) };
  };
  const send = createPostBulk(client, { endpoint: 'https://search.example.com', gzip: options.gzip ?? false });
  return { requests, send: () => send({ body: BODY, documents: 1, timeoutMs: 1_000 }) };
}

test('posts to _bulk and asks only for what it reads', async () => {
  const { send, requests } = post(200, '{"errors":false,"items":[{"create":{"status":201}}]}');

  await expect(send()).resolves.toEqual({ kind: 'items', items: [{ status: 201 }] });
  expect(requests[0]?.url.href).toBe('https://search.example.com/_bulk?filter_path=errors,items.*.status,items.*.error');
  expect(requests[0]?.body).toBe(BODY);
});

test('gzips the body where it is told to', async () => {
  const { send, requests } = post(200, '{"errors":false,"items":[{"create":{"status":201}}]}', { gzip: true });

  await send();

  expect(requests[0]?.headers).toMatchObject({ 'content-encoding': 'gzip' });
  expect(gunzipSync(Buffer.concat(requests[0]?.body ?? [])).toString()).toBe(Buffer.concat(BODY).toString());
});

test('an answer with another number of items than documents is no answer', async () => {
  await expect(post(200, '{"errors":false,"items":[]}').send()).rejects.toThrow('0 items for 1 documents');
  await expect(post(200, '{"errors":fal').send()).rejects.toThrow();
  await expect(post(200, '{"errors":true,"items":[{"create":{}}]}').send()).rejects.toThrow();
});

test.each([
  [
    'an error object',
    400,
    '{"error":{"type":"illegal_argument_exception","reason":"no"},"status":400}',
    { error: { type: 'illegal_argument_exception', reason: 'no' } },
  ],
  ['an error text', 503, '{"error":"overloaded"}', { error: { reason: 'overloaded' } }],
  ['a page of a load balancer', 502, '<html>', {}],
])('a refusal with %s', async (_name, status, text, rest) => {
  await expect(post(status, text, { headers: { 'retry-after': '3' } }).send()).resolves.toEqual({
    kind: 'refused',
    status,
    retryAfter: '3',
    ...rest,
  });
});

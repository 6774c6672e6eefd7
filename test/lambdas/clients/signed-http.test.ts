import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttpClient, type HttpClient, TransportError } from '../../../lambdas/clients/signed-http.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const client = (credentials = true): HttpClient =>
  createHttpClient({
    service: 'es',
    region: 'us-east-1',
    credentials: () => (credentials ? { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' } : undefined),
    now: () => Date.UTC(2026, 10, 21),
  });

test('sends the parts of a body in order, signed, with their length', async () => {
  const seen: { headers: Record<string, unknown>; body: string }[] = [];
  const url = await serve((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      seen.push({ headers: request.headers, body });
      response.writeHead(201, { 'x-made': 'yes' }).end('done');
    });
  });

  const answer = await client()({ method: 'PUT', url: new URL(url), body: [Buffer.from('one '), Buffer.from('two')], timeoutMs: 5_000 });

  expect(answer).toMatchObject({ status: 201, headers: { 'x-made': 'yes' } });
  expect(answer.body.toString()).toBe('done');
  expect(seen[0]).toMatchObject({
    body: 'one two',
    headers: { 'content-length': '7', authorization: expect.stringContaining('AKIDEXAMPLE/20261121/us-east-1/es') },
  });
});

test('keeps connections for the next request', async () => {
  const sockets = new Set<unknown>();
  const url = await serve((request, response) => {
    sockets.add(request.socket);
    response.end('ok');
  });
  const http = client();

  for (let call = 0; call < 5; call++) await http({ method: 'GET', url: new URL(url), timeoutMs: 5_000 });

  expect(sockets.size).toBe(1);
});

test.each<[string, RequestListener, string]>([
  ['a server that never answers', () => {}, 'timed-out'],
  [
    'a server that stalls in the middle of its answer',
    (_request, response) => void response.writeHead(200, { 'content-length': '10' }).write('half'),
    'timed-out',
  ],
  ['a connection that is reset', (request) => void request.socket.resetAndDestroy(), 'ECONNRESET'],
  [
    'a connection that ends in the middle of an answer',
    (_request, response) => {
      response.writeHead(200, { 'content-length': '10' }).write('half');
      setTimeout(() => response.socket?.destroy(), 20);
    },
    'ECONNRESET',
  ],
])('%s is a transport error', async (_name, listener, code) => {
  const url = await serve(listener);

  const error = await client()({ method: 'GET', url: new URL(url), timeoutMs: 300 }).catch((reason: unknown) => reason);

  expect(error).toBeInstanceOf(TransportError);
  expect(error).toMatchObject({ code });
});

test('nobody listening is a transport error', async () => {
  const error = await client()({ method: 'GET', url: new URL('http://127.0.0.1:9'), timeoutMs: 2_000 }).catch((reason: unknown) => reason);

  expect(error).toMatchObject({ code: 'ECONNREFUSED' });
});

test('an answer with an error status is an answer', async () => {
  const url = await serve((_request, response) => response.writeHead(503, { 'retry-after': '7' }).end('busy'));

  await expect(client()({ method: 'GET', url: new URL(url), timeoutMs: 2_000 })).resolves.toMatchObject({
    status: 503,
    headers: { 'retry-after': '7' },
  });
});

test('plain http and unsigned requests stay on this machine', async () => {
  await expect(client()({ method: 'GET', url: new URL('http://example.com/'), timeoutMs: 100 })).rejects.toThrow(
    'http is only allowed on this machine',
  );
  await expect(client(false)({ method: 'GET', url: new URL('https://example.com/'), timeoutMs: 100 })).rejects.toThrow('no credentials');
});

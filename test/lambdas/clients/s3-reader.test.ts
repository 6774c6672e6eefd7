import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createS3Reader, ReadError } from '../../../lambdas/clients/s3-reader.ts';

const BODY = Buffer.from(Array.from({ length: 5_000 }, (_, at) => `line ${at}\n`).join(''));

let server: Server;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const ranges: (string | undefined)[] = [];
const pauses: number[] = [];

beforeEach(async () => {
  ranges.length = 0;
  pauses.length = 0;
  server = createServer((request, response) => {
    ranges.push(request.headers.range);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const open = () =>
  createS3Reader(
    { region: 'us-east-1', endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    { credentials: () => undefined, now: () => 0, sleep: async (ms) => void pauses.push(ms) },
  )('logs', 'a/b c.gz');

async function read(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of (await open()).chunks) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Sends what the range asks for, and ends the connection after so many bytes. */
function send(request: IncomingMessage, response: ServerResponse, breakAfter = Number.POSITIVE_INFINITY): void {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const rest = BODY.subarray(from);
  response.writeHead(from > 0 ? 206 : 200, { etag: '"e1"', 'content-length': rest.length });
  if (rest.length <= breakAfter) response.end(rest);
  else response.write(rest.subarray(0, breakAfter), () => setTimeout(() => response.destroy(), 5));
}

describe('an object', () => {
  test('is read in order, with its entity tag and size', async () => {
    answer = (request, response) => send(request, response);

    expect(await open()).toMatchObject({ etag: 'e1', size: BODY.length });
    expect((await read()).equals(BODY)).toBe(true);
  });

  test('goes on where the connection ended, for the same version of the object', async () => {
    const tags: (string | undefined)[] = [];
    answer = (request, response) => {
      tags.push(request.headers['if-match']);
      send(request, response, 20_000);
    };

    expect((await read()).equals(BODY)).toBe(true);
    expect(ranges.slice(0, 2)).toEqual([undefined, 'bytes=20000-']);
    expect(tags.slice(0, 2)).toEqual([undefined, '"e1"']);
  });

  test('is given up when nothing more comes', async () => {
    let calls = 0;
    answer = (request, response) => {
      if (calls++ === 0) send(request, response, 10_000);
      else {
        response.writeHead(503);
        response.end();
      }
    };

    await expect(read()).rejects.toMatchObject({ reason: 'no-answer' });
  });

  test.each<[number, string]>([
    [404, 'gone'],
    [403, 'not-permitted'],
  ])('that answers HTTP %d is %s at once', async (status, reason) => {
    answer = (_, response) => {
      response.writeHead(status);
      response.end();
    };

    await expect(open()).rejects.toMatchObject({ name: 'ReadError', reason });
    expect(ranges).toHaveLength(1);
  });

  test('that was replaced while it was read is changed', async () => {
    let calls = 0;
    answer = (request, response) => {
      if (calls++ === 0) send(request, response, 10_000);
      else {
        response.writeHead(412);
        response.end();
      }
    };

    await expect(read()).rejects.toEqual(new ReadError('changed', 'HTTP 412'));
  });

  test('is tried again while S3 is busy', async () => {
    let calls = 0;
    answer = (request, response) => {
      if (calls++ < 2) {
        response.writeHead(503);
        response.end();
      } else send(request, response);
    };

    expect((await read()).equals(BODY)).toBe(true);
    expect(pauses).toEqual([200, 400]);
  });
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { type DeadLetter, parseDeadLetters } from '../../lambdas/core/delivery/dead-letter.ts';

/** An S3 endpoint on 127.0.0.1 that takes objects, path style. */
export interface LetterBox {
  readonly url: string;
  /** Object by key, without the bucket. */
  readonly objects: Map<string, Buffer>;
  /** How many more requests it answers with 503. */
  refusals: number;
  letters(): DeadLetter[];
  close(): Promise<void>;
}

/** Starts one. */
export async function startLetterBox(): Promise<LetterBox> {
  const objects = new Map<string, Buffer>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.method !== 'PUT' || box.refusals-- > 0) return void response.writeHead(503).end();
      const [, , ...key] = decodeURIComponent(request.url ?? '').split('/');
      objects.set(key.join('/'), Buffer.concat(chunks));
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const box: LetterBox = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    refusals: 0,
    letters: () =>
      [...objects.values()].flatMap((bytes) =>
        parseDeadLetters(gunzipSync(bytes).toString('utf8')).filter((letter) => letter !== undefined),
      ),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return box;
}

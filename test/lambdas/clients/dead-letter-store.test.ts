import { gunzipSync } from 'node:zlib';
import { createDeadLetterStore, objectUrl } from '../../../lambdas/clients/dead-letter-store.ts';
import type { HttpRequest, HttpResponse } from '../../../lambdas/clients/signed-http.ts';
import { type DeadLetter, parseDeadLetters } from '../../../lambdas/core/delivery/dead-letter.ts';

const LETTER: DeadLetter = {
  version: 1,
  reason: 'mapper-parsing',
  source: 's',
  function: 'f',
  account: '111122223333',
  region: 'us-east-1',
  logGroup: '/g',
  logStream: 's',
  id: '1',
  timestamp: 0,
  message: 'original',
  deadLetteredAt: 0,
};
const PLACE = { bucket: 'eks-telemetry-dead-letters-111122223333', region: 'us-east-1' };

function store(statuses: (number | Error)[], remainingMs = 60_000) {
  const requests: HttpRequest[] = [];
  const pauses: number[] = [];
  const http = async (request: HttpRequest): Promise<HttpResponse> => {
    requests.push(request);
    const status = statuses[requests.length - 1] ?? 200;
    if (status instanceof Error) throw status;
    return { status, headers: {}, body: Buffer.alloc(0) };
  };
  const keep = createDeadLetterStore(PLACE, { http, sleep: async (ms) => void pauses.push(ms), remainingMs: () => remainingMs });
  return { keep, requests, pauses };
}

test('puts gzipped lines under the key', async () => {
  const { keep, requests } = store([200]);

  await keep('dead-letters/source=s/dt=2026-11-21/hr=08/f-1.ndjson.gz', [LETTER, LETTER]);

  expect(requests[0]).toMatchObject({ method: 'PUT' });
  expect(requests[0]?.url.href).toBe(
    'https://eks-telemetry-dead-letters-111122223333.s3.us-east-1.amazonaws.com/dead-letters/source%3Ds/dt%3D2026-11-21/hr%3D08/f-1.ndjson.gz',
  );
  expect(parseDeadLetters(gunzipSync(Buffer.concat(requests[0]?.body ?? [])).toString())).toEqual([LETTER, LETTER]);
});

test('tries again after a busy answer or a lost connection', async () => {
  const { keep, requests } = store([503, new Error('reset'), 200]);

  await keep('k', [LETTER]);

  expect(requests).toHaveLength(3);
});

test.each<[string, (number | Error)[], number, number]>([
  ['after three busy answers', [503, 503, 503], 60_000, 3],
  ['at once where it may not write', [403], 60_000, 1],
  ['without time', [200], 100, 0],
])('gives up %s, and says so', async (_name, statuses, remainingMs, sent) => {
  const { keep, requests } = store(statuses, remainingMs);

  await expect(keep('k', [LETTER])).rejects.toThrow('dead letters not written');
  expect(requests).toHaveLength(sent);
});

test.each([
  [
    'another endpoint, with the bucket in the path',
    { ...PLACE, endpoint: 'http://127.0.0.1:4566/' },
    'http://127.0.0.1:4566/eks-telemetry-dead-letters-111122223333/a/b%20c',
  ],
  ['a bucket with dots', { bucket: 'a.b', region: 'eu-west-1' }, 'https://s3.eu-west-1.amazonaws.com/a.b/a/b%20c'],
  ['China', { bucket: 'b', region: 'cn-north-1' }, 'https://b.s3.cn-north-1.amazonaws.com.cn/a/b%20c'],
])('addresses %s', (_name, place, href) => {
  expect(objectUrl(place, 'a/b c').href).toBe(href);
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Rules } from '../../lambdas/core/rules/rules.ts';

const NOW = Date.UTC(2026, 10, 21, 9);
const DAY = 86_400_000;
const RULES: Rules = {
  account: '111122223333',
  region: 'us-east-1',
  sources: [
    {
      name: 'batch',
      kind: 'logGroup',
      cluster: 'prod',
      clusterIndexName: 'prod',
      logGroups: ['/example/billing'],
      family: 'billing',
      format: 'text',
      exclusions: [{ name: 'noise', when: [{ field: '@message', contains: 'healthz' }] }],
    },
  ],
  applications: [],
  families: { billing: { period: 'day', retentionDays: 7, warmAfterDays: 3 } },
  redaction: { builtin: [], fields: [], patterns: [] },
  timeBounds: { backMs: 14 * DAY, aheadMs: 2 * 3_600_000 },
};

type Context = { getRemainingTimeInMillis(): number };
type Handler = (event: unknown, context: Context) => Promise<unknown>;

/** Answers of the engine by document's message, and an S3 that takes objects. */
class World {
  readonly objects = new Map<string, string>();
  readonly sent: string[] = [];
  readonly gzipped: boolean[] = [];
  s3Status = 200;
  bulkStatus = 200;
  answerOf = (_line: string): object => ({ status: 201 });
  private readonly servers: Server[] = [];

  async start(): Promise<{ search: string; s3: string }> {
    const search = await this.serve((_request, body, response) => {
      this.gzipped.push(body[0] === 0x1f);
      const lines = (body[0] === 0x1f ? gunzipSync(body) : body).toString('utf8').trimEnd().split('\n');
      const sources = lines.filter((_, position) => position % 2 === 1);
      this.sent.push(...sources);
      const items = sources.map((line) => ({ create: this.answerOf(line) }));
      response.writeHead(this.bulkStatus).end(JSON.stringify({ errors: true, items }));
    });
    const s3 = await this.serve((request, body, response) => {
      if (this.s3Status === 200) this.objects.set(decodeURIComponent(request.url ?? ''), gunzipSync(body).toString('utf8'));
      response.writeHead(this.s3Status).end();
    });
    return { search, s3 };
  }

  async stop(): Promise<void> {
    for (const server of this.servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  private async serve(answer: (request: IncomingMessage, body: Buffer, response: ServerResponse) => void): Promise<string> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => answer(request, Buffer.concat(chunks), response));
    });
    this.servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
}

let world: World;
let metrics: Record<string, unknown>[];
let root: string;
const environment = process.env;

beforeEach(() => {
  world = new World();
  metrics = [];
  root = mkdtempSync(join(tmpdir(), 'eks-telemetry-indexer-'));
  writeFileSync(join(root, 'rules.json'), JSON.stringify(RULES));
  jest.spyOn(console, 'log').mockImplementation((line: string) => void metrics.push(JSON.parse(line)));
});
afterEach(async () => {
  jest.restoreAllMocks();
  process.env = environment;
  rmSync(root, { recursive: true });
  await world.stop();
});

async function load(change: Record<string, string> = {}): Promise<Handler> {
  const { search, s3 } = await world.start();
  process.env = {
    ...environment,
    LAMBDA_TASK_ROOT: root,
    SEARCH_ENDPOINT: search,
    AWS_ENDPOINT_URL_S3: s3,
    DEAD_LETTER_BUCKET: 'letters',
    ACCOUNT_ID: '111122223333',
    AWS_REGION: 'us-east-1',
    AWS_LAMBDA_FUNCTION_NAME: 'log-indexer',
    BULK_MAX_BYTES: '5242880',
    BULK_MAX_DOCUMENTS: '5000',
    BULK_GZIP: '0',
    METRIC_NAMESPACE: 'EksTelemetry',
    SOURCE_ROUTE: 'stream',
    EKS_TELEMETRY_LOCAL: '1',
    EKS_TELEMETRY_NOW_MS: String(NOW),
    ...change,
  };
  let handler: Handler | undefined;
  jest.isolateModules(() => {
    handler = (require('../../lambdas/log-indexer.ts') as { handler: Handler }).handler;
  });
  if (!handler) throw new Error('no handler');
  return handler;
}

let nextId = 0;
const data = (messages: readonly string[], timestamp = NOW - 5_000): string => {
  const logEvents = messages.map((message) => ({ id: String(++nextId).padStart(56, '0'), timestamp, message }));
  return gzipSync(
    JSON.stringify({
      messageType: 'DATA_MESSAGE',
      owner: '111122223333',
      logGroup: '/example/billing',
      logStream: 's',
      subscriptionFilters: ['f'],
      logEvents,
    }),
  ).toString('base64');
};
const control = gzipSync(
  JSON.stringify({
    messageType: 'CONTROL_MESSAGE',
    owner: 'CloudwatchLogs',
    logGroup: '',
    logStream: '',
    subscriptionFilters: [],
    logEvents: [{ id: '', timestamp: NOW, message: 'probe' }],
  }),
).toString('base64');
const stream = (...payloads: string[]): unknown => ({
  Records: payloads.map((payload, position) => ({
    eventID: `shardId-0:${position + 101}`,
    kinesis: { data: payload, sequenceNumber: String(position + 101), approximateArrivalTimestamp: NOW / 1000 },
  })),
});
const context = (remainingMs = 30_000): Context => {
  const until = Date.now() + remainingMs;
  return { getRemainingTimeInMillis: () => until - Date.now() };
};

test('stream: everything is done, nothing is named, and one line of metrics tells the counts', async () => {
  const handler = await load();

  const answer = await handler(stream(data(['a', 'GET /healthz', 'b']), control), context());

  expect(answer).toEqual({ batchItemFailures: [] });
  expect(world.sent).toHaveLength(2);
  expect(metrics.find((line) => line['Source'] === 'batch')).toMatchObject({
    Received: 3,
    Indexed: 2,
    Excluded: 1,
    DelayMs: 5_000,
    excludedByRule: { noise: 1 },
    Function: 'log-indexer',
  });
  expect(metrics.find((line) => line['Source'] === 'unknown')).toMatchObject({ ControlMessages: 1, Received: 0 });
});

test('stream: the lowest record with unfinished work is named; a record that cannot be opened is kept and is not', async () => {
  const handler = await load();
  world.answerOf = (line) => (line.includes('busy') ? { status: 503, error: { type: 'unavailable_shards_exception' } } : { status: 201 });

  const answer = await handler(stream(data(['a']), 'bm9uc2Vuc2U=', data(['busy']), data(['b']), data(['busy'])), context(4_000));

  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '103' }] });
  expect([...world.objects.keys()]).toEqual([
    expect.stringMatching(/^\/letters\/dead-letters\/source=unknown\/dt=2026-11-21\/hr=09\/log-indexer-/),
  ]);
  expect(metrics.find((line) => line['Source'] === 'batch')).toMatchObject({
    Received: 4,
    Indexed: 2,
    Returned: 2,
    returnedByReason: { 'unavailable-shards': 2 },
  });
});

test('stream: the reasons stand with the source they are of, so that a sum over the lines counts each document once', async () => {
  const handler = await load();
  world.answerOf = () => ({ status: 503, error: { type: 'unavailable_shards_exception' } });
  world.s3Status = 500;

  await handler(stream(data(['busy', 'busy too']), 'bm9uc2Vuc2U='), context(4_000));

  expect(metrics.map((line) => [line['Source'], line['Returned'], line['returnedByReason']])).toEqual([
    ['unknown', 1, { 'dead-letter-not-written': 1 }],
    ['batch', 2, { 'unavailable-shards': 2 }],
  ]);
});

test('stream: a document that is final goes to the dead letters with its original, its index and its id', async () => {
  const handler = await load();
  world.answerOf = (line) =>
    line.includes('bad') ? { status: 400, error: { type: 'mapper_parsing_exception', reason: 'no' } } : { status: 201 };

  await expect(handler(stream(data(['good', 'bad one'])), context())).resolves.toEqual({ batchItemFailures: [] });

  const [text] = [...world.objects.values()];
  expect(JSON.parse(text ?? '')).toMatchObject({
    reason: 'mapper-parsing',
    message: 'bad one',
    index: 'billing-prod-2026.11.21',
    documentId: expect.stringContaining('111122223333-us-east-1-'),
    logGroup: '/example/billing',
    source: 'batch',
  });
});

test('stream: a write block is final on an index that is past its warm age, and comes again on a younger one', async () => {
  const handler = await load();
  world.answerOf = () => ({
    status: 403,
    error: { type: 'cluster_block_exception', reason: 'index [x] blocked by: [FORBIDDEN/8/index write (api)];' },
  });

  const answer = await handler(stream(data(['old'], NOW - 4 * DAY), data(['young'])), context(4_000));

  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '102' }] });
  expect([...world.objects.values()].map((text) => JSON.parse(text).reason)).toEqual(['index-read-only']);
});

test('stream: dead letters that cannot be written make their record come again', async () => {
  const handler = await load();
  world.s3Status = 403;
  world.answerOf = () => ({ status: 400, error: { type: 'mapper_parsing_exception' } });

  await expect(handler(stream(data(['bad'])), context())).resolves.toEqual({ batchItemFailures: [{ itemIdentifier: '101' }] });
  expect(metrics[0]).toMatchObject({ DeadLettered: 0, Returned: 1 });
});

test('direct: done is an answer, unfinished is an error that names reasons and no text', async () => {
  const handler = await load({ SOURCE_ROUTE: 'direct', BULK_GZIP: '1' });

  await expect(handler({ awslogs: { data: data(['a']) } }, context())).resolves.toBeUndefined();
  world.answerOf = (line) =>
    line.includes('secret') ? { status: 429, error: { type: 'rejected_execution_exception', reason: 'secret' } } : { status: 409 };

  await expect(handler({ awslogs: { data: data(['a', 'secret']) } }, context(4_000))).rejects.toThrow(
    'must come again: 1 rejected-execution',
  );
  expect(world.gzipped[0]).toBe(true);
});

test('direct: a payload that cannot be opened is kept and does not come again', async () => {
  const handler = await load({ SOURCE_ROUTE: 'direct' });

  await expect(handler({ awslogs: { data: 'AAAA' } }, context())).resolves.toBeUndefined();
  expect(JSON.parse([...world.objects.values()][0] ?? '')).toMatchObject({ reason: 'bad-gzip', payload: 'AAAA' });
});

test('an event of the other route is refused by name', async () => {
  const handler = await load({ SOURCE_ROUTE: 'direct' });

  await expect(handler(stream(data(['a'])), context())).rejects.toThrow('SOURCE_ROUTE is direct');
});

test.each([
  ['SOURCE_ROUTE', 'firehose'],
  ['BULK_MAX_BYTES', 'many'],
  ['DEAD_LETTER_BUCKET', ''],
])('a wrong %s fails the cold start and is named', async (name, value) => {
  await expect(load({ [name]: value })).rejects.toThrow(name);
});

test('a 413 is remembered for the next invocation', async () => {
  const handler = await load();
  let bodies = 0;
  const limit = 3_000;
  const sizes: number[] = [];
  const original = world.sent.push.bind(world.sent);
  world.sent.push = (...lines: string[]) => {
    bodies++;
    const bytes = lines.reduce((sum, line) => sum + line.length, 0);
    sizes.push(bytes);
    world.bulkStatus = bytes > limit ? 413 : 200;
    return original(...lines);
  };
  const lines = (): string[] => Array.from({ length: 20 }, (_, n) => `line ${n} ${'x'.repeat(200)}`);

  await handler(stream(data(lines())), context());
  const first = bodies;
  sizes.length = 0;
  await handler(stream(data(lines())), context());

  expect(first).toBeGreaterThan(2);
  expect(sizes.every((bytes) => bytes <= limit)).toBe(true);
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { albLines } from '../../bench/alb-lines.ts';
import type { AccessLogRules } from '../../lambdas/core/access-logs/rules.ts';
import { DEFAULT_REDACTION } from '../../lambdas/core/redact/rule-names.ts';
import { BucketStore } from '../../local/s3/bucket-store.ts';
import { serveBuckets } from '../../local/s3/server.ts';

const KEY =
  'alb/AWSLogs/111122223333/elasticloadbalancing/us-east-1/2026/11/21/111122223333_elasticloadbalancing_us-east-1_app.shop.50dc_20261121T0830Z_192.0.2.10_5x8k.log.gz';
const NOW_MS = Date.UTC(2026, 10, 21, 8, 31);
const BUCKET = 'access-logs';

const RULES: AccessLogRules = {
  account: '111122223333',
  region: 'us-east-1',
  sources: [
    {
      name: 'shop',
      kind: 'alb',
      bucket: BUCKET,
      prefix: 'alb/',
      cluster: 'prod',
      clusterIndexName: 'prod',
      families: { alb: 'eks-alb', 'alb-connection': 'eks-alb', 'alb-health-check': 'eks-alb' },
      exclusions: [],
      search: true,
      metrics: true,
      logGroup: { name: '/example/alb', format: 'alb' },
      geoIp: false,
      userAgents: true,
    },
  ],
  families: { 'eks-alb': { period: 'day', retentionDays: 30 } },
  redaction: DEFAULT_REDACTION,
  timeBounds: { backMs: 14 * 86_400_000, aheadMs: 7_200_000 },
};

/** A search that answers 201 and 409 by id, and AWS's other services as far as the function asks them. */
class World {
  readonly documents = new Map<string, { readonly [name: string]: unknown }>();
  readonly messages: string[] = [];
  readonly events: { readonly message: string; readonly timestamp: number }[] = [];
  isSearchAway = false;
  refused: string | undefined;
  readonly server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const target = String(request.headers['x-amz-target'] ?? '');
      if (target.endsWith('SendMessage')) this.messages.push((JSON.parse(body) as { MessageBody: string }).MessageBody);
      else if (target.endsWith('PutLogEvents')) this.events.push(...(JSON.parse(body) as { logEvents: World['events'] }).logEvents);
      else if (request.url?.startsWith('/_bulk')) {
        if (this.isSearchAway) response.statusCode = 503;
        else {
          response.end(JSON.stringify({ errors: false, items: this.#bulk(body) }));
          return;
        }
      }
      response.end('{}');
    });
  });

  #bulk(body: string): object[] {
    const rows = body.split('\n').slice(0, -1);
    const items: object[] = [];
    for (let row = 0; row < rows.length; row += 2) {
      const { create } = JSON.parse(rows[row] as string) as { create: { _id: string; _index: string } };
      const id = `${create._index}/${create._id}`;
      if (this.refused !== undefined && rows[row + 1]?.includes(this.refused)) {
        items.push({ create: { status: 400, error: { type: 'mapper_parsing_exception', reason: 'no' } } });
        continue;
      }
      items.push({ create: { status: this.documents.has(id) ? 409 : 201 } });
      if (!this.documents.has(id)) this.documents.set(id, JSON.parse(rows[row + 1] as string) as { [name: string]: unknown });
    }
    return items;
  }
}

const context = { getRemainingTimeInMillis: () => 300_000 };
let world: World;
let store: BucketStore;
let folder: string;
let lines: string[];
let closeS3: () => Promise<void>;
let handler: typeof import('../../lambdas/alb-indexer.ts').handler;
const before = { ...process.env };

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'alb-indexer-'));
  writeFileSync(join(folder, 'access-logs.json'), JSON.stringify(RULES));
  store = new BucketStore(join(folder, 'buckets'));
  store.create(BUCKET);
  store.create('dead-letters');
  const s3 = await serveBuckets(store);
  closeS3 = () => s3.close();
  world = new World();
  await new Promise<void>((resolve) => world.server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(world.server.address() as AddressInfo).port}`;
  Object.assign(process.env, {
    LAMBDA_TASK_ROOT: folder,
    SEARCH_ENDPOINT: url,
    AWS_ENDPOINT_URL: url,
    AWS_ENDPOINT_URL_S3: s3.url,
    DEAD_LETTER_BUCKET: 'dead-letters',
    AWS_REGION: 'us-east-1',
    AWS_LAMBDA_FUNCTION_NAME: 'alb-indexer',
    BULK_MAX_BYTES: '5242880',
    BULK_MAX_DOCUMENTS: '5000',
    METRIC_NAMESPACE: 'EksTelemetry',
    QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/111122223333/access-logs',
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example',
    EKS_TELEMETRY_LOCAL: '1',
    EKS_TELEMETRY_NOW_MS: String(NOW_MS),
  });
  lines = [];
  jest.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  jest.spyOn(console, 'error').mockImplementation((line: string) => void lines.push(line));
  jest.resetModules();
  ({ handler } = await import('../../lambdas/alb-indexer.ts'));
});

afterEach(async () => {
  jest.restoreAllMocks();
  await closeS3();
  world.server.closeAllConnections();
  await new Promise((resolve) => world.server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
  process.env = { ...before };
});

const put = (text: string | Buffer, key = KEY): void => store.put(BUCKET, key, typeof text === 'string' ? gzipSync(text) : text);
const notification = (key = KEY): string =>
  JSON.stringify({
    Records: [
      {
        eventName: 'ObjectCreated:Put',
        eventTime: '2026-11-21T08:30:20.000Z',
        s3: { bucket: { name: BUCKET }, object: { key: encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+'), eTag: 'x' } },
      },
    ],
  });
const invoke = (...bodies: string[]) =>
  handler({ Records: bodies.map((body, at) => ({ messageId: `m${at}`, body })) } as Parameters<typeof handler>[0], context);
const metrics = () => lines.map((line) => JSON.parse(line) as { [name: string]: unknown }).filter((line) => line['Received'] !== undefined);
const letters = (): { reason: string; message: string; detail: string; logStream: string }[] =>
  store.list('dead-letters').flatMap(({ key }) =>
    gunzipSync(store.get('dead-letters', key)?.body as Buffer)
      .toString('utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { reason: string; message: string; detail: string; logStream: string }),
  );

describe('alb-indexer', () => {
  test('indexes every line of a file, counts them, and puts them into the log group', async () => {
    const given = albLines(500);
    put(`${given.join('\n')}\n`);

    expect(await invoke(notification())).toEqual({ batchItemFailures: [] });

    expect(world.documents.size).toBe(500);
    expect([...world.documents.keys()].every((id) => id.startsWith('eks-alb-prod-2026.11.21/f'))).toBe(true);
    expect(metrics()).toMatchObject([{ Source: 'shop', Received: 500, Indexed: 500, Duplicate: 0, DelayMs: 60_000 }]);
    expect(world.events.map(({ message }) => message).sort()).toEqual([...given].sort());
    const durations = lines.map((line) => JSON.parse(line) as { Requests?: number; RequestDurationMs?: { Counts: number[] } });
    expect(durations.reduce((sum, { Requests = 0 }) => sum + Requests, 0)).toBe(500);
    const chrome = [...world.documents.values()].find((document) => JSON.stringify(document).includes('Chrome/142'));
    expect(chrome?.['user_agent']).toMatchObject({ name: 'Chrome', version: '142.0.0.0', os: { name: 'Windows' } });
  });

  test('stores nothing twice when an event comes again, and counts no request twice', async () => {
    put(`${albLines(50).join('\n')}\n`);
    await invoke(notification());
    lines.length = 0;

    expect(await invoke(notification(), notification())).toEqual({ batchItemFailures: [] });

    expect(world.documents.size).toBe(50);
    expect(metrics()).toMatchObject([
      { Received: 50, Indexed: 0, Duplicate: 50 },
      { Received: 50, Indexed: 0, Duplicate: 50 },
    ]);
    expect(lines.some((line) => line.includes('"Requests"'))).toBe(false);
    expect(world.events).toHaveLength(50);
  });

  test('adds only what is new when a file is replaced by a longer one', async () => {
    const given = albLines(80);
    put(`${given.slice(10, 50).join('\n')}\n`);
    await invoke(notification());
    put(`${given.join('\n')}\n`);

    await invoke(notification());

    expect(world.documents.size).toBe(80);
    expect(metrics().at(-1)).toMatchObject({ Received: 80, Indexed: 40, Duplicate: 40 });
  });

  test('takes events in any order: that of the first delivery behind that of the second, a deletion between them, the rest of a file before its start', async () => {
    const given = albLines(90);
    const at = (time: string, sequencer: string): string => {
      const event = JSON.parse(notification()) as { Records: { eventTime: string; s3: { object: { sequencer?: string } } }[] };
      for (const record of event.Records) {
        record.eventTime = time;
        record.s3.object.sequencer = sequencer;
      }
      return JSON.stringify(event);
    };
    const first = at('2026-11-21T08:30:20.000Z', '0A');
    const second = at('2026-11-21T08:30:50.000Z', '0B');
    const deletion = JSON.stringify({
      Records: [{ eventName: 'ObjectRemoved:Delete', s3: { bucket: { name: BUCKET }, object: { key: KEY } } }],
    });
    const text = `${given.join('\n')}\n`;
    put(text);
    const offset = Buffer.byteLength(`${given.slice(0, 60).join('\n')}\n`);
    const rest = JSON.stringify({ eksTelemetry: 'continue', bucket: BUCKET, key: KEY, etag: '', offset, time: '2026-11-21T08:30:20.000Z' });

    expect(await invoke(rest)).toEqual({ batchItemFailures: [] });
    expect(world.documents.size).toBe(30);
    expect(await invoke(second, deletion, first)).toEqual({ batchItemFailures: [] });

    expect(world.documents.size).toBe(90);
    expect(world.events).toHaveLength(90);
    expect(metrics()).toMatchObject([
      { Received: 30, Indexed: 30, Duplicate: 0 },
      { Received: 90, Indexed: 60, Duplicate: 30 },
      { Received: 90, Indexed: 0, Duplicate: 90 },
    ]);
    expect(letters()).toEqual([]);
  });

  test('the rest of a file that was replaced by a shorter one meanwhile is nothing, and its own event brings all of it', async () => {
    const given = albLines(40);
    put(`${given.slice(0, 10).join('\n')}\n`);
    const rest = JSON.stringify({ eksTelemetry: 'continue', bucket: BUCKET, key: KEY, etag: '', offset: 1_000_000 });

    expect(await invoke(rest)).toEqual({ batchItemFailures: [] });
    expect(world.documents.size).toBe(0);
    expect(await invoke(notification())).toEqual({ batchItemFailures: [] });

    expect(world.documents.size).toBe(10);
    expect(letters()).toEqual([]);
  });

  test('keeps a record of a file that breaks off, indexes what it holds, and the whole file when it comes', async () => {
    const given = albLines(2_000);
    const whole = gzipSync(`${given.join('\n')}\n`);
    put(whole.subarray(0, whole.length >> 1));

    expect(await invoke(notification())).toEqual({ batchItemFailures: [] });

    const found = world.documents.size;
    expect(found).toBeGreaterThan(500);
    expect(found).toBeLessThan(1_500);
    expect(letters()).toMatchObject([
      { reason: 'file-truncated', logStream: KEY, detail: expect.stringContaining(`${found} whole lines`) as string },
    ]);
    expect(metrics()).toMatchObject([
      { Received: found + 1, Indexed: found, DeadLettered: 1, deadLetteredByReason: { 'file-truncated': 1 } },
    ]);

    put(whole);
    await invoke(notification());
    expect(world.documents.size).toBe(2_000);
  });

  test.each<[string, Buffer, string]>([
    ['is no gzip', Buffer.from('<Error>no</Error>'), 'file-not-gzip'],
    ['is broken', Buffer.concat([gzipSync(albLines(300).join('\n')).subarray(0, 5_000), Buffer.alloc(9_000, 0xff)]), 'file-bad-gzip'],
  ])('keeps a record of a file that %s, and its neighbours are indexed', async (_name, bytes, reason) => {
    const other = KEY.replace('5x8k', '7abc');
    put(bytes);
    put(`${albLines(5).join('\n')}\n`, other);

    expect(await invoke(notification(), notification(other))).toEqual({ batchItemFailures: [] });

    expect(letters()).toMatchObject([{ reason }]);
    expect([...world.documents.values()].filter((document) => JSON.stringify(document).includes('7abc'))).toHaveLength(5);
  });

  test('says of an empty file that it is empty', async () => {
    put(Buffer.alloc(0));
    put('', KEY.replace('5x8k', '7abc'));

    expect(await invoke(notification(), notification(KEY.replace('5x8k', '7abc')))).toEqual({ batchItemFailures: [] });

    expect(lines.filter((line) => line.includes('the file holds no line'))).toHaveLength(2);
    expect(metrics()).toMatchObject([{ Received: 0 }, { Received: 0 }]);
    expect(letters()).toEqual([]);
  });

  test('keeps a record of a file that is gone', async () => {
    expect(await invoke(notification())).toEqual({ batchItemFailures: [] });

    expect(letters()).toMatchObject([{ reason: 'file-gone' }]);
  });

  test('dead-letters the one line that the engine refuses, with its text and its id', async () => {
    const given = albLines(30);
    put(`${given.join('\n')}\n`);
    world.refused = /TID_[0-9a-f]+/.exec(given[4] as string)?.[0];

    expect(await invoke(notification())).toEqual({ batchItemFailures: [] });

    expect(world.documents.size).toBe(29);
    expect(letters()).toMatchObject([
      { reason: 'mapper-parsing', message: given[4], index: 'eks-alb-prod-2026.11.21', documentId: expect.stringMatching(/^f/) as string },
    ]);
    expect(metrics()).toMatchObject([{ Received: 30, Indexed: 29, DeadLettered: 1 }]);
  });

  test('gives back the messages whose files are not done, and only those', async () => {
    const odd = KEY.replace('alb/', 'other/');
    put(`${albLines(5).join('\n')}\n`);
    world.isSearchAway = true;
    let left = 120_000;
    const short = { getRemainingTimeInMillis: () => (left -= 20_000) };

    const answer = await handler(
      {
        Records: [
          { messageId: 'a', body: notification() },
          { messageId: 'b', body: notification(odd) },
          { messageId: 'c', body: '{"Event":"s3:TestEvent"}' },
          { messageId: 'd', body: 'nonsense' },
        ],
      } as Parameters<typeof handler>[0],
      short,
    );

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'a' }, { itemIdentifier: 'b' }, { itemIdentifier: 'd' }] });
    expect(world.documents.size).toBe(0);
  });

  test('leaves out files that no source names, and counts them', async () => {
    put('x\n', 'other/x.log.gz');

    expect(await invoke(notification('other/x.log.gz'), notification('alb/AWSLogs/111122223333/ELBAccessLogTestFile'))).toEqual({
      batchItemFailures: [],
    });

    expect(metrics()).toMatchObject([
      { Received: 1, Excluded: 1, excludedByRule: { 'unknown-file': 1 } },
      { Received: 0, ControlMessages: 1 },
    ]);
  });

  test('goes on in another invocation where the time is short, and loses or doubles nothing', async () => {
    const given = albLines(8_000);
    const all = [...given.slice(0, 7_500), given[0], ...given.slice(7_500)];
    put(`${all.join('\n')}\n`);
    let calls = 0;
    const short = { getRemainingTimeInMillis: () => (calls++ < 2 ? 300_000 : 34_000) };

    await handler({ Records: [{ messageId: 'a', body: notification() }] } as Parameters<typeof handler>[0], short);
    const first = world.documents.size;
    expect(first).toBeGreaterThan(1_000);
    expect(first).toBeLessThan(8_001);
    expect(world.messages).toHaveLength(1);

    await invoke(world.messages[0] as string);

    expect(world.documents.size).toBe(8_001);
    expect(metrics().reduce((sum, { Indexed }) => sum + Number(Indexed), 0)).toBe(8_001);
    expect(metrics().reduce((sum, { Duplicate }) => sum + Number(Duplicate), 0)).toBe(0);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../cli/query.ts';
import { eventStreamMessage } from '../../support/event-stream.ts';
import { fakeIo } from './helpers.ts';

/** What the service answers to an operation: a body, an error, or a function that writes the response itself. */
type Answer = object | { readonly failsWith: string; readonly message: string } | ((response: ServerResponse) => void);

let server: Server;
let answers: { [operation: string]: Answer | (() => Answer) };
const asked: { operation: string; body: Record<string, unknown> }[] = [];
const saved = { ...process.env };

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      const operation = String(request.headers['x-amz-target']).split('.').pop() as string;
      asked.push({ operation, body: JSON.parse(text) as Record<string, unknown> });
      const answer = answers[operation] ?? { failsWith: 'UnknownOperationException', message: operation };
      if (typeof answer === 'function' && answer.length === 1) {
        (answer as (response: ServerResponse) => void)(response);
        return;
      }
      const value = (typeof answer === 'function' ? (answer as () => Answer)() : answer) as { failsWith?: string; message?: string };
      response.writeHead(value.failsWith === undefined ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(value.failsWith === undefined ? value : { __type: value.failsWith, message: value.message }));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example',
    AWS_REGION: 'us-east-1',
  });
});
afterAll(async () => {
  for (const key of Object.keys(process.env)) if (!(key in saved)) delete process.env[key];
  Object.assign(process.env, saved);
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});
beforeEach(() => {
  asked.length = 0;
  answers = {};
});

const operations = () => asked.map(({ operation }) => operation);
const bodyOf = (operation: string) => asked.find((each) => each.operation === operation)?.body;
const complete = (rows: object[][]) => ({
  status: 'Complete',
  results: rows,
  statistics: { bytesScanned: 1_500_000, recordsScanned: 1000, recordsMatched: rows.length },
});
const definition = (cluster: string) => ({
  name: `eks-telemetry/${cluster}/control-plane/node-not-ready`,
  logGroupNames: [`/aws/eks/${cluster}/cluster`],
});

async function query(args: string[], more: Parameters<typeof fakeIo>[0] = {}): Promise<{ code: number; out: string; err: string }> {
  const io = fakeIo({ env: { AWS_REGION: 'us-east-1' }, ...more });
  const code = await run(args, io);
  return { code, out: io.out(), err: io.err() };
}

describe('a saved query of several clusters', () => {
  beforeEach(() => {
    answers = {
      DescribeQueryDefinitions: { queryDefinitions: [definition('prod'), definition('test')] },
      StartQuery: { queryId: 'q' },
      GetQueryResults: complete([
        [
          { field: '@timestamp', value: '2026-11-21 08:25:25.921' },
          { field: 'node', value: 'ip-10-0-11-35' },
        ],
      ]),
    };
  });

  test('is asked which is meant', async () => {
    const { code, err } = await query(['node-not-ready']);

    expect([code, err]).toEqual([2, expect.stringContaining('choose one with --cluster')]);
    expect(operations()).not.toContain('StartQuery');
  });

  test('runs on the groups of the one that --cluster names, by its whole name too', async () => {
    expect((await query(['node-not-ready', '--cluster', 'test', '--csv'])).out).toBe(
      '@timestamp,node\r\n2026-11-21 08:25:25.921,ip-10-0-11-35\r\n',
    );
    expect(bodyOf('StartQuery')).toMatchObject({ logGroupNames: ['/aws/eks/test/cluster'] });

    asked.length = 0;
    await query(['control-plane/node-not-ready', '--cluster', 'prod']);
    expect(bodyOf('StartQuery')).toMatchObject({ logGroupNames: ['/aws/eks/prod/cluster'] });
  });

  test('goes to CloudWatch without its header and with its values', async () => {
    await query([
      'denied-requests',
      '--log-group',
      '/aws/eks/x/cluster',
      '--param',
      'code=401',
      '--start',
      '2026-11-21T08:00:00Z',
      '--end',
      '2026-11-21T09:00:00Z',
    ]);

    const { queryString, startTime, endTime } = bodyOf('StartQuery') as { queryString: string; startTime: number; endTime: number };
    expect(queryString).toMatch(/^filter/);
    expect(queryString).toContain('= 401');
    expect([startTime, endTime]).toEqual([1795248000, 1795251600]);
  });
});

test('Ctrl-C stops the query in the account, and says what it had cost by then', async () => {
  let looks = 0;
  answers = {
    StartQuery: { queryId: 'q-9' },
    StopQuery: { success: true },
    GetQueryResults: () => {
      if (++looks === 1) setImmediate(() => process.emit('SIGINT'));
      return { status: 'Running', results: [], statistics: { bytesScanned: 4_000_000_000, recordsScanned: 100, recordsMatched: 0 } };
    },
  };

  const { code, err } = await query(['node-not-ready', '--log-group', '/g']);

  expect(code).toBe(1);
  expect(bodyOf('StopQuery')).toEqual({ queryId: 'q-9' });
  expect(err).toContain('Cancelled: 100 events scanned (4.0 GB)');
  expect(err).toContain('about 0.02 USD (at 0.005 per GB)');
});

test('on a terminal the progress of the query is shown until it ends', async () => {
  let looks = 0;
  answers = {
    StartQuery: { queryId: 'q' },
    GetQueryResults: () =>
      looks++ === 0
        ? { status: 'Running', results: [], statistics: { bytesScanned: 2e9, recordsScanned: 12_000, recordsMatched: 1 } }
        : complete([]),
  };

  const { code, err } = await query(['node-not-ready', '--log-group', '/g'], { isTty: true });

  expect(code).toBe(1);
  expect(err).toContain('Running, 0 s, 12,000 events, 2.0 GB');
  expect(err).toContain('Complete: 1,000 events scanned (1.5 MB)');
});

test('a query that fails there is 1, with its state', async () => {
  answers = { StartQuery: { queryId: 'q' }, GetQueryResults: { status: 'Failed', results: [] } };

  expect(await query(['node-not-ready', '--log-group', '/g'])).toMatchObject({ code: 1, err: expect.stringContaining('Failed: 0 events') });
});

test('an error of the service comes through with its own words', async () => {
  answers = { StartQuery: { failsWith: 'ResourceNotFoundException', message: 'Log group /g does not exist' } };

  await expect(query(['node-not-ready', '--log-group', '/g'])).rejects.toThrow('Log group /g does not exist');
});

test('an account that does not let in says what can be asked without one', async () => {
  answers = { StartQuery: { failsWith: 'UnrecognizedClientException', message: 'The security token included in the request is invalid.' } };

  await expect(query(['node-not-ready', '--log-group', '/g'])).rejects.toThrow(
    /token included .*; .*--logs FILE asks files here, --local the last local run/,
  );
});

describe('--tail in the account', () => {
  const follow = 'fields n, @logStream | filter n > 1';
  const session = (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
    response.write(eventStreamMessage('initial-response', {}));
    response.write(eventStreamMessage('sessionStart', { requestId: 'r', sessionId: 's' }));
    const event = (n: number) => ({
      message: JSON.stringify({ n }),
      timestamp: 1_795_248_000_000 + n,
      ingestionTime: 1,
      logStreamName: 'web',
      logGroupIdentifier: '1:/g',
    });
    response.write(eventStreamMessage('sessionUpdate', { sessionMetadata: { sampled: false }, sessionResults: [event(1), event(2)] }));
    response.write(eventStreamMessage('sessionUpdate', { sessionMetadata: { sampled: false }, sessionResults: [event(3)] }));
    setTimeout(() => process.emit('SIGINT'), 100);
  };

  let folder: string;
  let file: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tail-'));
    file = join(folder, 'follow.logsinsights');
    writeFileSync(file, follow);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('follows log groups by Live Tail, by their names, and ends with Ctrl-C', async () => {
    answers = {
      DescribeLogGroups: {
        logGroups: [{ logGroupName: '/g-2' }, { logGroupName: '/g', logGroupArn: 'arn:aws:logs:us-east-1:111122223333:log-group:/g' }],
      },
      StartLiveTail: session,
    };

    const { code, out } = await query(['--file', file, '--log-group', '/g', '--tail', '--json']);

    expect(out).toBe('{"n":2,"@logStream":"web"}\n{"n":3,"@logStream":"web"}\n');
    expect(code).toBe(0);
    expect(bodyOf('StartLiveTail')).toEqual({ logGroupIdentifiers: ['arn:aws:logs:us-east-1:111122223333:log-group:/g'] });
  });

  test('names a log group that is not there, and refuses more than Live Tail takes', async () => {
    answers = { DescribeLogGroups: { logGroups: [] } };

    expect(await query(['--file', file, '--log-group', '/none', '--tail'])).toMatchObject({
      code: 2,
      err: 'query: there is no log group /none\n',
    });
    const many = Array.from({ length: 11 }, (_, i) => ['--log-group', `/g${i}`]).flat();
    expect(await query(['--file', file, ...many, '--tail'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('at most 10 log groups'),
    });
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BucketStore } from '../../local/s3/bucket-store.ts';
import { serveBuckets } from '../../local/s3/server.ts';

const BUCKET = 'dead-letters';
const NAME = 'eks-telemetry-prod-log-indexer-direct';
const now = new Date().toISOString();
const KEY = `aws/lambda/async/${NAME}/${now.slice(0, 10).replaceAll('-', '/')}/${now.slice(0, 19).replaceAll(':', '.')}-1`;

let directory: string;
let store: BucketStore;
let s3: Awaited<ReturnType<typeof serveBuckets>>;
let lambda: Server;
let isSearchAway = false;
const invoked: { path: string | undefined; type: unknown; isSigned: boolean; event: unknown }[] = [];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'redrive-'));
  store = new BucketStore(join(directory, 'buckets'));
  store.create(BUCKET);
  s3 = await serveBuckets(store);
  lambda = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { authorization = '', 'x-amz-invocation-type': type } = request.headers;
      const event: unknown = JSON.parse(Buffer.concat(parts).toString());
      invoked.push({ path: request.url, type, isSigned: authorization.includes('/us-east-1/lambda/aws4_request'), event });
      response.writeHead(200, isSearchAway ? { 'x-amz-function-error': 'Unhandled' } : {});
      response.end(isSearchAway ? '{"errorMessage":"must come again: 3 unavailable"}' : 'null');
    });
  });
  await new Promise<void>((done) => lambda.listen(0, '127.0.0.1', done));
  writeFileSync(join(directory, 'functions.json'), JSON.stringify([NAME]));
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'none',
    AWS_ENDPOINT_URL_S3: s3.url,
    AWS_ENDPOINT_URL_LAMBDA: `http://127.0.0.1:${(lambda.address() as AddressInfo).port}`,
    AWS_LAMBDA_FUNCTION_NAME: 'eks-telemetry-redrive',
    LAMBDA_TASK_ROOT: directory,
    DEAD_LETTER_BUCKET: BUCKET,
    METRIC_NAMESPACE: 'EksTelemetry',
  });
});

afterAll(async () => {
  lambda.closeAllConnections();
  await Promise.all([new Promise((done) => lambda.close(done)), s3.close()]);
  rmSync(directory, { recursive: true, force: true });
});

test('an event waits in the bucket while the search is away, and goes to its function when it is back', async () => {
  const { handler } = await import('../../lambdas/redrive.ts');
  const context = { getRemainingTimeInMillis: () => 900_000 };
  const lines: string[] = [];
  const log = jest.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  const record = {
    version: '1.0',
    timestamp: now,
    requestContext: { functionArn: `arn:aws:lambda:us-east-1:111122223333:function:${NAME}:$LATEST`, condition: 'RetriesExhausted' },
    requestPayload: { awslogs: { data: 'H4sI' } },
  };
  store.put(BUCKET, KEY, Buffer.from(JSON.stringify(record)));

  isSearchAway = true;
  expect(await handler({}, context)).toEqual({ redriven: 0, failed: 1, waiting: 0, givenUp: 0 });
  expect(store.list(BUCKET)).toHaveLength(1);

  isSearchAway = false;
  expect(await handler({}, context)).toEqual({ redriven: 1, failed: 0, waiting: 0, givenUp: 0 });
  expect(store.list(BUCKET)).toEqual([]);

  const call = {
    path: `/2015-03-31/functions/${NAME}/invocations`,
    type: 'RequestResponse',
    isSigned: true,
    event: { awslogs: { data: 'H4sI' } },
  };
  expect(invoked).toEqual([call, call]);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { Function: 'eks-telemetry-redrive', Redriven: 0, RedriveWaiting: 1 },
    { Redriven: 1, RedriveWaiting: 0 },
  ]);
  // Log lines carry no event.
  expect(lines.join('')).not.toContain('H4sI');
  log.mockRestore();
});

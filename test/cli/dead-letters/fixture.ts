import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { run } from '../../../cli/dead-letters.ts';
import { type DeadLetter, formatDeadLetters } from '../../../lambdas/core/delivery/dead-letter.ts';

export const NOW = Date.UTC(2026, 10, 21, 9);
export const GROUP = '/aws/eks/prod/cluster';
const BUCKET = 'eks-telemetry-dead-letters-111122223333-us-east-1';

const CONFIG = `version: 1
account: "111122223333"
region: us-east-1
clusters: [{ name: prod }]
sources:
  - { name: prod-control-plane, cluster: prod, kind: controlPlane, route: stream }
search:
  access: { admins: { roles: [arn:aws:iam::111122223333:role/platform-admin] } }
`;

/** A folder with a config and the bucket of a local run. */
export class Fixture {
  readonly folder = mkdtempSync(join(tmpdir(), 'eks-telemetry-cli-'));

  constructor() {
    mkdirSync(join(this.folder, 'config'));
    writeFileSync(join(this.folder, 'config/local.yaml'), CONFIG);
    mkdirSync(this.path(''), { recursive: true });
  }

  /** Path of an object. */
  path(key: string): string {
    return join(this.folder, '.eks-telemetry/local/buckets', BUCKET, key);
  }

  put(key: string, bytes: Uint8Array | string): void {
    mkdirSync(dirname(this.path(key)), { recursive: true });
    writeFileSync(this.path(key), bytes);
  }

  putLetters(key: string, letters: readonly DeadLetter[]): void {
    this.put(key, gzipSync(formatDeadLetters(letters)));
  }

  /** Calls the command in the folder. */
  async call(...args: string[]): Promise<{ code: number; out: string; err: string; lines: Record<string, unknown>[] }> {
    const stdout = new PassThrough();
    const stderr = new PassThrough();
    const code = await run(args, {
      stdin: new PassThrough(),
      stdout,
      stderr,
      env: {},
      isTty: false,
      cwd: this.folder,
      now: () => NOW + 5_000,
    });
    const out = String(stdout.read() ?? '');
    const lines = args.includes('--json')
      ? out
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as Record<string, unknown>)
      : [];
    return { code, out, err: String(stderr.read() ?? ''), lines };
  }
}

export const KLOG = 'I1121 08:59:00.000000       1 server.go:1] "fine" password="hunter2"';

/** A dead letter of the API server's stream. */
export function letter(change: Partial<DeadLetter> = {}): DeadLetter {
  return {
    version: 1,
    reason: 'mapper-parsing',
    detail: "failed to parse field [n], preview of field's value: 'password=hunter2'",
    source: 'prod-control-plane',
    function: 'eks-telemetry-prod-log-indexer-stream',
    account: '111122223333',
    region: 'us-east-1',
    logGroup: GROUP,
    logStream: 'kube-apiserver-0123456789abcdef',
    id: '0'.repeat(55).concat('1'),
    timestamp: NOW - 60_000,
    message: KLOG,
    index: 'eks-api-prod-2026.11.21',
    documentId: `111122223333-us-east-1-${'0'.repeat(55)}1`,
    deadLetteredAt: NOW,
    ...change,
  };
}

/** What a subscription filter sends. */
export function payload(messages: readonly string[]): string {
  const logEvents = messages.map((message, position) => ({
    id: String(position + 10).padStart(56, '0'),
    timestamp: NOW - 60_000,
    message,
  }));
  const envelope = {
    messageType: 'DATA_MESSAGE',
    owner: '111122223333',
    logGroup: GROUP,
    logStream: 'kube-apiserver-0123456789abcdef',
    subscriptionFilters: ['f'],
    logEvents,
  };
  return gzipSync(JSON.stringify(envelope)).toString('base64');
}

const CONTEXT = {
  requestId: 'a',
  functionArn: 'arn:aws:lambda:us-east-1:111122223333:function:log-indexer:$LATEST',
  approximateInvokeCount: 3,
};

/** Lambda's record of an asynchronous invocation that it gave up on. */
export function asyncRecord(messages: readonly string[]): string {
  return JSON.stringify({
    version: '1.0',
    timestamp: '2026-11-21T08:59:30.000Z',
    requestContext: { ...CONTEXT, condition: 'RetriesExhausted' },
    requestPayload: { awslogs: { data: payload(messages) } },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: { errorType: 'Error', errorMessage: 'must come again: 2 http-503' },
  });
}

/** Lambda's record of a batch of a stream that it gave up on: the whole event is a JSON text. */
export function streamRecord(payloads: readonly string[]): string {
  const Records = payloads.map((data, position) => ({
    eventID: `shardId-000000000000:${position}`,
    kinesis: { data, sequenceNumber: String(position), approximateArrivalTimestamp: NOW / 1000 },
  }));
  return JSON.stringify({
    requestContext: { ...CONTEXT, condition: 'RetryAttemptsExhausted' },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: '2026-11-21T08:59:40.000Z',
    KinesisBatchInfo: {
      shardId: 'shardId-000000000000',
      startSequenceNumber: '0',
      endSequenceNumber: '1',
      batchSize: payloads.length,
      streamArn: 'arn:aws:kinesis:us-east-1:111122223333:stream/s',
    },
    payload: JSON.stringify({ Records }),
  });
}

export const LETTERS_KEY = 'dead-letters/source=prod-control-plane/dt=2026-11-21/hr=08/log-indexer-20261121T085900000Z-ab.ndjson.gz';
export const ASYNC_KEY = 'aws/lambda/async/log-indexer/2026/11/21/2026-11-21T08.59.30-0a1b';
export const STREAM_KEY = 'aws/lambda/14e0db71-0a1b-4c2d-8e3f-000000000000/shardId-000000000000/2026/11/21/2026-11-21T08.59.40-0a1b';

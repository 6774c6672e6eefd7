import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { rulesFor } from '../../../lib/config/rules.ts';
import { oneResource, type SynthesizedApp, synthFile } from '../../support/synth.ts';

type Handler = (event: unknown, context: { getRemainingTimeInMillis(): number }) => Promise<unknown>;

/** A flag of the template is only true together with what the handler answers: here both are looked at, as they deploy. */
describe('template and handler agree', () => {
  let synthesized: SynthesizedApp;
  let search: Server;
  let root: string;
  beforeAll(async () => {
    synthesized = synthFile('config/local.yaml');
    root = mkdtempSync(join(tmpdir(), 'flags-'));
    search = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () =>
        response.setHeader('content-type', 'application/json').end(answerBulk(Buffer.concat(chunks).toString('utf8'))),
      );
    });
    await new Promise<void>((resolve) => search.listen(0, '127.0.0.1', resolve));
    jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    jest.spyOn(console, 'log').mockImplementation(() => undefined);
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    rmSync(root, { recursive: true });
    search.closeAllConnections();
    await new Promise((resolve) => search.close(resolve));
  });

  /** The handler with the environment and rules of the template, the endpoint apart. */
  async function load(route: 'direct' | 'stream'): Promise<Handler> {
    const template = synthesized.template('-delivery');
    const [, { Properties }] = oneResource(template, 'AWS::Lambda::Function', `"SOURCE_ROUTE":"${route}"`);
    writeFileSync(join(root, 'rules.json'), JSON.stringify(rulesFor(synthesized.config, 'local', { route })));
    Object.assign(process.env, Properties.Environment.Variables, {
      SEARCH_ENDPOINT: `http://127.0.0.1:${(search.address() as AddressInfo).port}`,
      LAMBDA_TASK_ROOT: root,
      AWS_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: Properties.FunctionName,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    });
    jest.resetModules();
    return (await import('../../../lambdas/log-indexer.ts')).handler as Handler;
  }
  const context = () => {
    const end = Date.now() + 4_000;
    return { getRemainingTimeInMillis: () => end - Date.now() };
  };

  test('stream: the mapping reads partial answers, and the answer names the record that must come again', async () => {
    const [, mapping] = oneResource(synthesized.template('-delivery'), 'AWS::Lambda::EventSourceMapping');
    expect(mapping.Properties).toMatchObject({ FunctionResponseTypes: ['ReportBatchItemFailures'], BisectBatchOnFunctionError: true });
    const handler = await load('stream');

    const answer = await handler({ Records: ['fine', 'busy', 'fine'].map((text, index) => streamRecord(text, index)) }, context());

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '1002' }] });
  });

  test('stream: a batch without failures is answered so that Lambda moves on', async () => {
    const handler = await load('stream');

    expect(await handler({ Records: [streamRecord('fine', 0)] }, context())).toEqual({ batchItemFailures: [] });
  });

  test('direct: the function throws when an event must come again, and the template retries and then keeps it', async () => {
    const [, config] = oneResource(synthesized.template('-delivery'), 'AWS::Lambda::EventInvokeConfig');
    expect(config.Properties.MaximumRetryAttempts).toBeGreaterThan(0);
    expect(config.Properties.DestinationConfig.OnFailure.Destination).toMatch(/^arn:aws:s3:::/);
    const handler = await load('direct');
    const group = '/aws/containerinsights/local/application';

    await expect(handler({ awslogs: { data: payload('busy', group).toString('base64') } }, context())).rejects.toThrow('must come again');
    await expect(handler({ awslogs: { data: payload('fine', group).toString('base64') } }, context())).resolves.toBeUndefined();
  });
});

/** Documents that say `busy` are refused with 429, for ever. */
function answerBulk(body: string): string {
  const lines = body.trimEnd().split('\n');
  const items = lines
    .filter((_, index) => index % 2 === 1)
    .map((source) =>
      source.includes('busy')
        ? { create: { status: 429, error: { type: 'circuit_breaking_exception', reason: 'busy' } } }
        : { create: { status: 201 } },
    );
  return JSON.stringify({ errors: items.some(({ create }) => create.status !== 201), items });
}

function payload(text: string, logGroup: string): Buffer {
  const message = `I1121 10:00:00.000001       1 main.go:1] "${text}"`;
  const batch = {
    messageType: 'DATA_MESSAGE',
    owner: '111122223333',
    logGroup,
    logStream: 'kube-scheduler-0123456789abcdef0123456789abcdef',
    subscriptionFilters: ['f'],
    logEvents: [{ id: '1', timestamp: Date.now(), message }],
  };
  return gzipSync(JSON.stringify(batch));
}

function streamRecord(text: string, index: number): object {
  return {
    eventSource: 'aws:kinesis',
    eventID: `shardId-000000000000:${1001 + index}`,
    kinesis: {
      sequenceNumber: String(1001 + index),
      partitionKey: 'p',
      approximateArrivalTimestamp: Date.now() / 1000,
      data: payload(text, '/aws/eks/local/cluster').toString('base64'),
    },
  };
}

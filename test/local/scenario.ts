import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { LocalAccount } from '../../local/account/account.ts';
import { Forwarder } from '../../local/account/forwarder.ts';
import { Ledger } from '../../local/account/ledger.ts';
import { MetricsLog } from '../../local/account/metrics.ts';
import { LogsApi } from '../../local/aws/logs-api.ts';
import { MACHINE_CLOCK, RunClock } from '../../local/clock/run-clock.ts';
import { BucketStore } from '../../local/s3/bucket-store.ts';
import { readAssembly } from '../../local/template/assembly.ts';
import { resourceName } from '../../local/template/attributes.ts';
import { Resolver } from '../../local/template/resolver.ts';

/** A template that a test may change. */
// biome-ignore lint/suspicious/noExplicitAny: tests take single flags away, at any depth
export type Template = { Resources: { [logicalId: string]: any }; [section: string]: any };

/** Start of every scenario, on the run's clock. */
export const START = Date.parse('2026-11-21T08:00:00Z');

/** A group, a function behind a queue, and a bucket: what the direct route is made of. */
export function directTemplate(): Template {
  return {
    Resources: {
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'failures' } },
      Group: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/app' } },
      Indexer: indexer(),
      Permission: {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          Action: 'lambda:InvokeFunction',
          FunctionName: { 'Fn::GetAtt': ['Indexer', 'Arn'] },
          Principal: 'logs.amazonaws.com',
          // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders
          SourceArn: { 'Fn::Sub': 'arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:*' },
        },
      },
      Queue: {
        Type: 'AWS::Lambda::EventInvokeConfig',
        Properties: {
          FunctionName: { Ref: 'Indexer' },
          Qualifier: '$LATEST',
          MaximumRetryAttempts: 2,
          MaximumEventAgeInSeconds: 21_600,
          DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Bucket', 'Arn'] } } },
        },
      },
      Filter: {
        Type: 'AWS::Logs::SubscriptionFilter',
        Properties: {
          LogGroupName: { Ref: 'Group' },
          FilterName: 'all',
          FilterPattern: '',
          DestinationArn: { 'Fn::GetAtt': ['Indexer', 'Arn'] },
        },
      },
    },
  };
}

/** The same with a stream of one shard between the group and the function. */
export function streamTemplate(): Template {
  return {
    Resources: {
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'failures' } },
      Group: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/app' } },
      Indexer: indexer(),
      Role: { Type: 'AWS::IAM::Role', Properties: {} },
      Stream: { Type: 'AWS::Kinesis::Stream', Properties: { Name: 'logs', ShardCount: 1, RetentionPeriodHours: 24 } },
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          FunctionName: { Ref: 'Indexer' },
          EventSourceArn: { 'Fn::GetAtt': ['Stream', 'Arn'] },
          StartingPosition: 'TRIM_HORIZON',
          BatchSize: 100,
          MaximumBatchingWindowInSeconds: 5,
          ParallelizationFactor: 1,
          BisectBatchOnFunctionError: true,
          MaximumRetryAttempts: 3,
          MaximumRecordAgeInSeconds: 43_200,
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Bucket', 'Arn'] } } },
        },
      },
      Filter: {
        Type: 'AWS::Logs::SubscriptionFilter',
        Properties: {
          LogGroupName: { Ref: 'Group' },
          FilterName: 'all',
          FilterPattern: '',
          DestinationArn: { 'Fn::GetAtt': ['Stream', 'Arn'] },
          RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Distribution: 'ByLogStream',
        },
      },
    },
  };
}

function indexer(): object {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: 'indexer',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Timeout: 5,
      MemorySize: 256,
      Code: { S3Bucket: 'cdk-assets', S3Key: 'code.zip' },
    },
  };
}

/** What a scenario left behind. */
export interface Outcome {
  /** Messages that the function took, in order, with the run's time in ms after START. */
  readonly taken: readonly { readonly message: string; readonly atMs: number }[];
  /** Invocations: the messages of each, whatever became of it. */
  readonly invocations: readonly (readonly string[])[];
  readonly ledger: Ledger;
  /** On-failure objects by key. */
  readonly objects: ReadonlyMap<string, string>;
  readonly endMs: number;
  /** Groups of functions that the account's subscription takes. */
  readonly selfFed: readonly string[];
  readonly metrics: MetricsLog;
}

/** Messages put into a log stream of a group at a time after START. */
export interface Put {
  readonly atMs?: number;
  readonly group?: string;
  readonly stream?: string;
  readonly messages: readonly string[];
}

/**
 * The function of the scenarios. A message that holds `poison` fails its record for good, `slow` sleeps past the time-out, `once` fails the first time.
 * It answers like log-indexer: throws on the direct route, names the first failed record on the stream route (or throws, with `all-or-nothing`).
 */
const FUNCTION = `
const { gunzipSync } = require('node:zlib');
const { appendFileSync } = require('node:fs');
const seen = new Set();
const open = (data) => JSON.parse(gunzipSync(Buffer.from(data, 'base64')));
const note = (kind, value) => appendFileSync(process.env.SCENARIO_LOG, JSON.stringify({ kind, value, nowMs: Number(process.env.EKS_TELEMETRY_NOW_MS) }) + '\\n');
async function take(batch) {
  const messages = batch.messageType === 'CONTROL_MESSAGE' ? [] : batch.logEvents.map((event) => event.message);
  if (messages.some((message) => message.includes('slow'))) await new Promise((resolve) => setTimeout(resolve, 60000));
  if (messages.some((message) => message.includes('crash'))) process.exit(3);
  if (messages.some((message) => message.includes('poison'))) throw new Error('poison');
  for (const message of messages) if (message.includes('once') && !seen.has(message)) { seen.add(message); throw new Error('once'); }
  for (const message of messages) note('taken', message);
}
const emf = (received) => console.log(JSON.stringify({ _aws: { Timestamp: 1, CloudWatchMetrics: [{ Namespace: 'EksTelemetry', Dimensions: [['Source']], Metrics: [] }] }, Source: 'app', Function: process.env.AWS_LAMBDA_FUNCTION_NAME, Received: received, Indexed: received }));
exports.handler = async (event) => {
  const batches = event.Records ? event.Records.map((record) => open(record.kinesis.data)) : [open(event.awslogs.data)];
  const messages = batches.flatMap((batch) => (batch.messageType === 'CONTROL_MESSAGE' ? [] : batch.logEvents.map((one) => one.message)));
  if (messages.length > 0) note('invoked', messages);
  for (const [at, batch] of batches.entries()) {
    try { await take(batch); } catch (error) {
      if (!event.Records || process.env.ALL_OR_NOTHING) throw error;
      return { batchItemFailures: [{ itemIdentifier: process.env.BAD_IDENTIFIER ?? event.Records[at].kinesis.sequenceNumber }] };
    }
  }
  emf(messages.length);
  return { batchItemFailures: [] };
};
`;

/** Runs templates with puts to their end. */
export async function play(
  template: Template,
  puts: readonly Put[],
  environment: { readonly [name: string]: string } = {},
): Promise<Outcome> {
  const directory = mkdtempSync(join(tmpdir(), 'eks-telemetry-scenario-'));
  const log = join(directory, 'scenario.ndjson');
  const clock = new RunClock(START, MACHINE_CLOCK);
  writeAssembly(directory, { Main: template });
  const assembly = readAssembly(directory);
  const resolver = new Resolver(assembly);
  const logs = new LogsApi('111122223333', 'us-east-1');
  const store = new BucketStore(join(directory, 'buckets'));
  const ledger = new Ledger();
  const metrics = new MetricsLog(join(directory, 'metrics.ndjson'));
  for (const bucket of resolver.resources((type) => type === 'AWS::S3::Bucket')) store.create(resourceName(bucket));
  const account = new LocalAccount({
    ...{ clock, machine: MACHINE_CLOCK, assembly, store, logs, ledger, metrics },
    root: resolve(__dirname, '../..'),
    endpoints: { search: 'http://127.0.0.1:9', s3: 'http://127.0.0.1:9', aws: 'http://127.0.0.1:9' },
    functionEnvironment: { ...environment, SCENARIO_LOG: log },
  });
  let selfFed: string[] = [];
  try {
    account.wire(resolver);
    const forwarder = new Forwarder(account, resolver, '111122223333');
    selfFed = forwarder.selfFed();
    for (const { atMs = 0, group = '/app', stream = 'a', messages } of puts) {
      clock.at(START + atMs, () => {
        forwarder.put(
          group,
          stream,
          messages.map((message) => ({ timestamp: START + atMs, message })),
        );
      });
    }
    await clock.drain();
  } catch (error) {
    rmSync(directory, { recursive: true, force: true });
    throw error;
  } finally {
    await account.stop();
  }
  const notes = existsSync(log)
    ? readFileSync(log, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : [];
  const objects = new Map(
    store
      .buckets()
      .flatMap((bucket) => store.list(bucket).map(({ key }) => [key, store.get(bucket, key)?.body.toString('utf8') ?? ''] as const)),
  );
  rmSync(directory, { recursive: true, force: true });
  return {
    taken: notes.filter(({ kind }) => kind === 'taken').map(({ value, nowMs }) => ({ message: value, atMs: nowMs - START })),
    invocations: notes.filter(({ kind }) => kind === 'invoked').map(({ value }) => value),
    ledger,
    objects,
    metrics,
    selfFed,
    endMs: clock.now() - START,
  };
}

/** Writes a cloud assembly of the given stacks, and the scenario's function as its only asset. */
export function writeAssembly(
  directory: string,
  stacks: { readonly [name: string]: Template },
  assets: readonly { readonly key: string; readonly folder: string }[] = [],
): void {
  const artifacts: { [name: string]: object } = {};
  for (const [name, template] of Object.entries(stacks)) {
    artifacts[name] = {
      type: 'aws:cloudformation:stack',
      environment: 'aws://111122223333/us-east-1',
      properties: { templateFile: `${name}.template.json`, stackName: name },
    };
    writeFileSync(join(directory, `${name}.template.json`), JSON.stringify(template));
  }
  artifacts['Assets'] = { type: 'cdk:asset-manifest', properties: { file: 'assets.json' } };
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ version: '55.0.0', artifacts }));
  const file = {
    source: { path: 'asset.code', packaging: 'zip' },
    destinations: { here: { bucketName: 'cdk-assets', objectKey: 'code.zip' } },
  };
  const more = Object.fromEntries(
    assets.map(({ key, folder }) => [
      key,
      { source: { path: folder, packaging: 'zip' }, destinations: { here: { bucketName: 'cdk-assets', objectKey: key } } },
    ]),
  );
  writeFileSync(join(directory, 'assets.json'), JSON.stringify({ version: '55.0.0', files: { code: file, ...more } }));
  mkdirSync(join(directory, 'asset.code'), { recursive: true });
  appendFileSync(join(directory, 'asset.code', 'index.js'), FUNCTION);
}

/** Messages of the taken events, sorted. */
export function takenMessages(outcome: Outcome): string[] {
  return outcome.taken.map(({ message }) => message).sort();
}

/** Events given up into the bucket, by message. */
export function keptMessages(outcome: Outcome): string[] {
  const { gunzipSync } = require('node:zlib') as typeof import('node:zlib');
  const open = (data: string): string[] => {
    const batch = JSON.parse(gunzipSync(Buffer.from(data, 'base64')).toString('utf8'));
    return batch.messageType === 'CONTROL_MESSAGE' ? [] : batch.logEvents.map((event: { message: string }) => event.message);
  };
  return [...outcome.objects.values()]
    .flatMap((body) => {
      const object = JSON.parse(body);
      if (object.payload === undefined) return open(object.requestPayload.awslogs.data);
      return JSON.parse(object.payload).Records.flatMap((record: { kinesis: { data: string } }) => open(record.kinesis.data));
    })
    .sort();
}

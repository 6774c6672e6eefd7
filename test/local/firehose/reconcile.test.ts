import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { bundleFunction } from '../../../bench/bundles.ts';
import { BENCH_RULES } from '../../../bench/rules.ts';
import { imbalance } from '../../../lambdas/core/delivery/counts.ts';
import { LocalAccount } from '../../../local/account/account.ts';
import { Forwarder } from '../../../local/account/forwarder.ts';
import { Ledger } from '../../../local/account/ledger.ts';
import { MetricsLog } from '../../../local/account/metrics.ts';
import { drainAll } from '../../../local/account/scheduled.ts';
import { serveApis } from '../../../local/aws/api-server.ts';
import { EksApi } from '../../../local/aws/eks-api.ts';
import { LogsApi } from '../../../local/aws/logs-api.ts';
import { generatedSecrets } from '../../../local/aws/secrets.ts';
import { MACHINE_CLOCK, RunClock } from '../../../local/clock/run-clock.ts';
import { linesOf } from '../../../local/firehose/s3-destination.ts';
import { BucketStore } from '../../../local/s3/bucket-store.ts';
import { serveBuckets } from '../../../local/s3/server.ts';
import { startFileSink } from '../../../local/search/file-sink.ts';
import { readAssembly } from '../../../local/template/assembly.ts';
import { resourceName } from '../../../local/template/attributes.ts';
import { Resolver } from '../../../local/template/resolver.ts';
import { sampleLines } from '../../lambdas/core/index/transform-support.ts';
import { START, type Template, writeAssembly } from '../scenario.ts';

const GROUP = '/aws/eks/prod/cluster';
const ACCOUNT = '111122223333';

/** A group with a filter to each of two delivery streams, the deployed function inside of both. */
function template(): Template {
  const transform = (mode: string): object => ({
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: `transform-${mode}`,
      ...{ Runtime: 'nodejs24.x', Handler: 'index.handler', Timeout: 60, MemorySize: 512 },
      Code: { S3Bucket: 'cdk-assets', S3Key: 'transform.zip' },
      Environment: {
        Variables: {
          ...{ TRANSFORM_MODE: mode, DEAD_LETTER_BUCKET: 'letters', ACCOUNT_ID: ACCOUNT, METRIC_NAMESPACE: 'EksTelemetry' },
          MARK_KEY_ARN: { Ref: 'Mark' },
        },
      },
    },
  });
  const processing = (mode: string): object => ({
    Enabled: true,
    Processors: [
      {
        Type: 'Lambda',
        Parameters: [
          { ParameterName: 'LambdaArn', ParameterValue: { 'Fn::Sub': `\${${mode === 'search' ? 'Search' : 'Archive'}.Arn}:$LATEST` } },
          { ParameterName: 'BufferSizeInMBs', ParameterValue: '0.2' },
          { ParameterName: 'BufferIntervalInSeconds', ParameterValue: '60' },
          { ParameterName: 'NumberOfRetries', ParameterValue: '3' },
        ],
      },
    ],
  });
  const filter = (stream: string): object => ({
    Type: 'AWS::Logs::SubscriptionFilter',
    Properties: {
      ...{ LogGroupName: GROUP, FilterName: stream, FilterPattern: '' },
      DestinationArn: { 'Fn::GetAtt': [stream, 'Arn'] },
      RoleArn: 'arn:aws:iam::111122223333:role/logs',
    },
  });
  return {
    Resources: {
      Letters: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'letters' } },
      Originals: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'originals' } },
      Group: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: GROUP } },
      Mark: { Type: 'AWS::SecretsManager::Secret', Properties: { GenerateSecretString: { PasswordLength: 64 } } },
      Search: transform('search'),
      Archive: transform('archive'),
      SearchStream: {
        Type: 'AWS::KinesisFirehose::DeliveryStream',
        Properties: {
          DeliveryStreamName: 'to-search',
          AmazonopensearchserviceDestinationConfiguration: {
            IndexName: 'eks-audit-bench',
            IndexRotationPeriod: 'OneDay',
            S3Configuration: { BucketARN: 'arn:aws:s3:::letters', ErrorOutputPrefix: 'firehose/!{firehose:error-output-type}/' },
            ProcessingConfiguration: processing('search'),
          },
        },
      },
      ArchiveStream: {
        Type: 'AWS::KinesisFirehose::DeliveryStream',
        Properties: {
          DeliveryStreamName: 'to-archive',
          ExtendedS3DestinationConfiguration: {
            BucketARN: 'arn:aws:s3:::originals',
            Prefix: 'kind=!{partitionKeyFromLambda:kind}/hr=!{partitionKeyFromLambda:hr}/',
            ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
            CompressionFormat: 'GZIP',
            BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 900 },
            DynamicPartitioningConfiguration: { Enabled: true },
            ProcessingConfiguration: processing('archive'),
          },
        },
      },
      SearchFilter: filter('SearchStream'),
      ArchiveFilter: filter('ArchiveStream'),
    },
  };
}

interface Faults {
  /** Whether PutRecordBatch is answered with an error, by its number. */
  readonly refuses?: (call: number) => boolean;
  /** Put into both streams besides. */
  readonly extra?: readonly Buffer[];
}

/** Sends real audit events of two hours through both streams to a file sink and a bucket. */
async function deliver({ refuses = () => false, extra = [] }: Faults = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'eks-telemetry-firehose-'));
  const { root } = bundleFunction('firehose-transform', directory);
  writeFileSync(
    join(root, 'streams.json'),
    JSON.stringify({ families: [{ indexStart: 'eks-audit-bench-', stream: 'to-search' }], byApplication: false }),
  );
  writeFileSync(join(root, 'rules.json'), JSON.stringify(BENCH_RULES));
  writeAssembly(directory, { Main: template() }, [{ key: 'transform.zip', folder: 'firehose-transform' }]);
  const assembly = readAssembly(directory);
  const resolver = new Resolver(assembly);
  const clock = new RunClock(START, MACHINE_CLOCK);
  const logs = new LogsApi(ACCOUNT, 'us-east-1');
  const store = new BucketStore(join(directory, 'buckets'));
  const ledger = new Ledger();
  const metrics = new MetricsLog(join(directory, 'metrics.ndjson'));
  for (const bucket of resolver.resources((type) => type === 'AWS::S3::Bucket')) store.create(resourceName(bucket));
  mkdirSync(join(directory, 'documents'));
  const [s3, search] = await Promise.all([serveBuckets(store), startFileSink(join(directory, 'documents'))]);
  const secrets = generatedSecrets(resolver);
  let calls = 0;
  const apis = await serveApis(logs, new EksApi([], () => clock.now()), undefined, undefined, {
    readSecret: (arn) => secrets.get(arn),
    putRecords: (name, data) => (refuses(++calls) ? undefined : account.putRecords(name, data)),
  });
  const account: LocalAccount = new LocalAccount({
    ...{ clock, machine: MACHINE_CLOCK, assembly, store, logs, ledger, metrics, root: resolve(__dirname, '../../..') },
    endpoints: { search: search.url, s3: s3.url, aws: apis.url },
    onLine: (name, line) => appendFileSync(join(directory, 'lines'), `${name} ${line}\n`),
  });
  try {
    account.wire(resolver);
    const forwarder = new Forwarder(account, resolver, ACCOUNT);
    const lines = sampleLines('control-plane', 'kube-apiserver-audit')
      .filter((line) => line.length < 20_000)
      .slice(0, 300);
    const stream = 'kube-apiserver-audit-0123456789abcdef0123456789abcdef';
    for (let first = 0; first < lines.length; first += 60) {
      // The last payloads are of the hour that begins in the middle of them.
      const atMs = START + 3_540_000 + first * 400;
      clock.at(atMs, () =>
        forwarder.put(
          GROUP,
          stream,
          lines.slice(first, first + 60).map((message, i) => ({ timestamp: atMs + i * 100, message })),
        ),
      );
    }
    clock.at(START + 3_580_000, () => {
      for (const data of extra) for (const target of account.deliveryStreams.values()) target.put(data);
    });
    await drainAll({ account, resolver, store, scheduled: { runner: undefined as never, idle: [] } });
    const objects = store.list('originals').map(({ key }) => [key, store.get('originals', key)?.body ?? Buffer.alloc(0)] as const);
    const archived = objects.filter(([key]) => key.startsWith('kind='));
    const errors = [
      ...store.list('originals', 'errors/').map(({ key }) => store.get('originals', key)),
      ...store.list('letters', 'firehose/').map(({ key }) => store.get('letters', key)),
    ];
    return {
      sent: lines,
      streams: [...account.deliveryStreams.values()],
      archivedLines: archived.reduce((sum, [, body]) => sum + linesOf(gunzipSync(body)), 0),
      archivedMessages: archived.flatMap(([, body]) =>
        gunzipSync(body)
          .toString('utf8')
          .trimEnd()
          .split('\n')
          .map((line) => (JSON.parse(line) as { message: string }).message),
      ),
      hours: archived.map(([key]) => /hr=(\d\d)/.exec(key)?.[1]).sort(),
      documents: [...search.counts()].reduce((sum, [, count]) => sum + count, 0),
      indices: [...search.counts().keys()],
      errorRecords: errors.flatMap(
        (object) =>
          object?.body
            .toString('utf8')
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line) as { rawData: string }) ?? [],
      ),
      counts: metrics.byFunction,
      ledger,
    };
  } finally {
    await account.stop();
    await Promise.all([s3.close(), search.close(), apis.close()]);
    rmSync(directory, { recursive: true, force: true });
  }
}

jest.setTimeout(120_000);

test('through Firehose, S3 and OpenSearch every event is there once, in the hour of its time and the index of its arrival', async () => {
  const { sent, archivedLines, archivedMessages, hours, documents, indices, counts, ledger, errorRecords } = await deliver();

  expect([archivedLines, documents]).toEqual([sent.length, sent.length]);
  expect([...archivedMessages].sort()).toEqual([...sent].sort());
  expect(new Set(hours)).toEqual(new Set(['08', '09']));
  expect(indices).toEqual(['eks-audit-bench-2026-11-21']);
  expect(errorRecords).toEqual([]);
  expect(ledger.underWay()).toBe(0);
  for (const sum of counts.values()) {
    expect(imbalance(sum)).toBe(0);
    expect(sum).toMatchObject({ received: sent.length, handedOn: sent.length });
  }
});

test('when the transform fails for some records the counts add up all the same, and nothing is lost', async () => {
  const broken = gzipSync('{"messageType":"DATA_MESSAGE"').subarray(0, 30);
  const forged = Buffer.concat([Buffer.from([0xf5, 0x65, 0x74, 0x2d, 0x70, 0x61, 0x73, 0x73]), Buffer.alloc(60, 1)]);

  const { sent, archivedLines, archivedMessages, documents, streams, counts, errorRecords } = await deliver({
    // Not found, which no retry mends: the payload of such a call fails as a whole.
    refuses: (call) => call % 2 === 0,
    extra: [broken, forged],
  });

  for (const sum of counts.values()) expect(imbalance(sum)).toBe(0);
  const [search, archive] = streams;
  expect(archive?.delivered.delivered).toBe(archivedLines);
  expect(search?.delivered.delivered).toBe(documents);
  expect(counts.get('transform-archive')?.handedOn).toBe(archivedLines);
  expect(counts.get('transform-search')?.handedOn).toBe(documents);
  expect(counts.get('transform-search')?.deadLettered).toBeGreaterThan(2);
  // What is not at a destination is whole in an original under an error prefix.
  const kept = errorRecords.flatMap(({ rawData }) => {
    try {
      const { logEvents } = JSON.parse(gunzipSync(Buffer.from(rawData, 'base64')).toString('utf8')) as { logEvents: { message: string }[] };
      return logEvents.map(({ message }) => message);
    } catch {
      return [];
    }
  });
  expect(new Set([...archivedMessages, ...kept])).toEqual(new Set(sent));
  expect(errorRecords.filter(({ rawData }) => rawData === forged.toString('base64'))).toHaveLength(2);
});

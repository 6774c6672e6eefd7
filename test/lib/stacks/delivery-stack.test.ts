import type { Template } from 'aws-cdk-lib/assertions';
import { oneResource, resources, type Statement, type SynthesizedApp, statements, synthFile, waitsFor } from '../../support/synth.ts';

const BUCKET = 'arn:aws:s3:::eks-telemetry-dead-letters-111122223333-us-east-1';

let synthesized: SynthesizedApp;
let template: Template;
beforeAll(() => {
  synthesized = synthFile('config/example.yaml');
  template = synthesized.template('-prod-delivery');
});
const indexer = (route: string) => oneResource(template, 'AWS::Lambda::Function', `"SOURCE_ROUTE":"${route}"`);
const filter = (group: string) => oneResource(template, 'AWS::Logs::SubscriptionFilter', `"LogGroupName":"${group}"`);
const bySid = (part: string, sid: string): Statement | undefined => statements(template, part).find(({ Sid }) => Sid === sid);

describe('functions', () => {
  test('get scalars by environment, and their rules as a file', () => {
    for (const route of ['direct', 'stream']) {
      const [, { Properties }] = indexer(route);
      expect(Properties).toMatchObject({ MemorySize: 1024, Timeout: 120, Handler: 'index.handler' });
      expect(Properties.Environment.Variables).toEqual({
        SEARCH_ENDPOINT: { 'Fn::Join': ['', ['https://', { 'Fn::ImportValue': expect.any(String) }]] },
        DEAD_LETTER_BUCKET: 'eks-telemetry-dead-letters-111122223333-us-east-1',
        ACCOUNT_ID: '111122223333',
        BULK_MAX_BYTES: '5242880',
        BULK_MAX_DOCUMENTS: '5000',
        BULK_GZIP: '0',
        METRIC_NAMESPACE: 'EksTelemetry',
        SOURCE_ROUTE: route,
      });
    }
  });

  test('may send bulk requests, and write dead letters that they cannot read', () => {
    for (const part of ['DirectIndexer', 'StreamIndexer']) {
      expect(bySid(part, 'Bulk')).toMatchObject({
        Action: 'es:ESHttpPost',
        Resource: 'arn:aws:es:us-east-1:111122223333:domain/eks-telemetry/_bulk',
      });
      expect(bySid(part, 'DeadLetters')).toMatchObject({
        Action: 's3:PutObject',
        Resource: [`${BUCKET}/aws/lambda/*`, `${BUCKET}/dead-letters/*`],
      });
      expect(bySid(part, 'DeadLetterBucket')).toMatchObject({ Action: 's3:ListBucket', Resource: BUCKET });
      expect(bySid(part, 'DeadLetterKey')?.Action).toBe('kms:GenerateDataKey');
      const actions = statements(template, part).flatMap(({ Action }) => Action);
      expect(actions).not.toContain('s3:GetObject');
      expect(actions.filter((action) => action.startsWith('s3:Delete'))).toEqual([]);
    }
  });
});

describe('direct route', () => {
  test('retries, gives up in time, and keeps what it gave up on', () => {
    const [id, config] = oneResource(template, 'AWS::Lambda::EventInvokeConfig');
    expect(config.Properties).toMatchObject({
      Qualifier: '$LATEST',
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 21_600,
      DestinationConfig: { OnFailure: { Destination: BUCKET } },
    });
    expect(waitsFor(template, id, oneResource(template, 'AWS::IAM::Policy', 'DirectIndexer')[0])).toBe(true);
  });

  test('is one permission for all groups of this account, however many subscribe', () => {
    const [id, permission] = oneResource(template, 'AWS::Lambda::Permission');
    expect(permission.Properties).toMatchObject({
      Action: 'lambda:InvokeFunction',
      Principal: 'logs.amazonaws.com',
      SourceAccount: '111122223333',
      SourceArn: 'arn:aws:logs:us-east-1:111122223333:log-group:*',
    });
    const direct = synthesized.config.sources.filter(({ route }) => route === 'direct');
    expect(direct.length).toBeGreaterThan(1);
    for (const { logGroup } of direct) expect(waitsFor(template, filter(logGroup)[0], id)).toBe(true);
  });
});

describe('stream route', () => {
  test('has a stream on demand, encrypted, with the retention of the config', () => {
    expect(oneResource(template, 'AWS::Kinesis::Stream')[1].Properties).toMatchObject({
      Name: 'eks-telemetry-prod-prod-control-plane',
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
      RetentionPeriodHours: 24,
      StreamEncryption: { EncryptionType: 'KMS', KeyId: expect.anything() },
    });
  });

  test('maps it with every flag that keeps one bad record from blocking or losing the others', () => {
    const source = synthesized.config.sources.find(({ route }) => route === 'stream');
    expect(oneResource(template, 'AWS::Lambda::EventSourceMapping')[1].Properties).toMatchObject({
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: source?.stream.batchSize,
      MaximumBatchingWindowInSeconds: 5,
      ParallelizationFactor: source?.stream.parallelizationFactor,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      // An outage is bounded by its length, not by attempts.
      MaximumRetryAttempts: -1,
      MaximumRecordAgeInSeconds: 82_800,
      DestinationConfig: { OnFailure: { Destination: BUCKET } },
      MetricsConfig: { Metrics: ['EventCount'] },
    });
  });

  test('lets CloudWatch Logs write, for groups of this account only, and spreads records over the shards', () => {
    const [, role] = oneResource(template, 'AWS::IAM::Role', 'CloudWatch Logs writes');
    expect(role.Properties.AssumeRolePolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: 'logs.amazonaws.com' },
        Condition: { StringLike: { 'aws:SourceArn': 'arn:aws:logs:us-east-1:111122223333:*' } },
      },
    ]);
    const [id, { Properties }] = filter('/aws/eks/prod/cluster');
    expect(Properties).toMatchObject({ Distribution: 'Random', RoleArn: expect.anything() });
    expect(waitsFor(template, id, oneResource(template, 'AWS::IAM::Policy', 'WriterPolicy')[0])).toBe(true);
    expect(waitsFor(template, id, oneResource(template, 'AWS::Lambda::EventSourceMapping')[0])).toBe(true);
  });

  test('encrypts for the writer and decrypts for the reader', () => {
    expect(bySid('WriterPolicy', 'StreamKey')?.Action).toBe('kms:GenerateDataKey');
    expect(statements(template, 'StreamIndexer').filter(({ Action }) => Action === 'kms:Decrypt')).toHaveLength(1);
    expect(statements(template, 'DirectIndexer').filter(({ Action }) => Action === 'kms:Decrypt')).toHaveLength(0);
  });
});

test('every indexed source subscribes its group with its pattern', () => {
  const subscribed = resources(template, 'AWS::Logs::SubscriptionFilter').map(([, { Properties }]) => [
    Properties.LogGroupName,
    Properties.FilterPattern,
  ]);
  const wanted = synthesized.config.sources
    .filter(({ route }) => route === 'direct' || route === 'stream')
    .map(({ logGroup, filterPattern }) => [logGroup, filterPattern]);
  expect(subscribed.sort()).toEqual(wanted.sort());
});

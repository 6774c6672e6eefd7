import type { Template } from 'aws-cdk-lib/assertions';
import { stringify } from 'yaml';
import {
  oneResource,
  resources,
  type Statement,
  type SynthesizedApp,
  statements,
  synthFile,
  synthText,
  waitsFor,
} from '../../support/synth.ts';
import { BASE } from '../config/texts.ts';

let synthesized: SynthesizedApp;
let template: Template;
beforeAll(() => {
  synthesized = synthFile('config/example.yaml');
  template = synthesized.template('-prod-firehose');
});

const LETTERS = 'arn:aws:s3:::eks-telemetry-dead-letters-111122223333-us-east-1';
const ARCHIVE = 'arn:aws:s3:::eks-telemetry-archive-111122223333-us-east-1';
const stream = (name: string) => oneResource(template, 'AWS::KinesisFirehose::DeliveryStream', `"DeliveryStreamName":"${name}"`);
const bySid = (part: string, sid: string): Statement | undefined => statements(template, part).find(({ Sid }) => Sid === sid);
const variables = (mode: string) =>
  oneResource(template, 'AWS::Lambda::Function', `"TRANSFORM_MODE":"${mode}"`)[1].Properties.Environment.Variables;

describe('the stream to OpenSearch', () => {
  const NAME = 'eks-telemetry-prod-search-eks-events';

  test('rotates by day, makes ids of its own, and keeps what the domain refuses', () => {
    const [, { Properties }] = stream(NAME);
    expect(Properties).toMatchObject({
      DeliveryStreamType: 'DirectPut',
      DeliveryStreamEncryptionConfigurationInput: { KeyType: 'CUSTOMER_MANAGED_CMK' },
    });
    expect(Properties.AmazonopensearchserviceDestinationConfiguration).toMatchObject({
      DomainARN: 'arn:aws:es:us-east-1:111122223333:domain/eks-telemetry',
      IndexName: 'eks-events-prod',
      IndexRotationPeriod: 'OneDay',
      DocumentIdOptions: { DefaultDocumentIdFormat: 'FIREHOSE_DEFAULT' },
      S3BackupMode: 'FailedDocumentsOnly',
      BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 60 },
      RetryOptions: { DurationInSeconds: 3600 },
      S3Configuration: {
        BucketARN: LETTERS,
        ErrorOutputPrefix: `firehose/${NAME}/!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/hr=!{timestamp:HH}/`,
      },
    });
  });

  test('reaches a domain in a VPC from its subnets', () => {
    const { VpcConfiguration } = stream(NAME)[1].Properties.AmazonopensearchserviceDestinationConfiguration;
    expect(VpcConfiguration.SubnetIds.length).toBeGreaterThan(0);
    expect(VpcConfiguration.SecurityGroupIds.length).toBeGreaterThan(0);
    expect(bySid('SearchWriter', 'Network')?.Action).toContain('ec2:CreateNetworkInterface');
  });

  test('its index lies under the template of the family, and the domain knows its role', () => {
    const role = oneResource(template, 'AWS::IAM::Role', 'SearchWriter')[1].Properties.RoleName;
    expect(role).toBe('eks-telemetry-prod-firehose-writer-us-east-1');
    expect('eks-events-prod-2026-11-21').toMatch(/^eks-events-prod-.*/);
  });

  test('is what the group’s filter names, with a role for this account’s groups only', () => {
    const [id, filter] = oneResource(template, 'AWS::Logs::SubscriptionFilter', '"FilterName":"eks-telemetry-prod-events"');
    expect(filter.Properties).toMatchObject({ LogGroupName: '/aws/containerinsights/prod/events', FilterPattern: '' });
    expect(filter.Properties.Distribution).toBeUndefined();
    expect(filter.Properties.DestinationArn['Fn::GetAtt'][0]).toBe(stream(NAME)[0]);
    expect(waitsFor(template, id, oneResource(template, 'AWS::IAM::Policy', 'SearchSubscriberPolicy')[0])).toBe(true);
    const [, role] = oneResource(template, 'AWS::IAM::Role', 'SearchSubscriber');
    expect(role.Properties.AssumeRolePolicyDocument.Statement[0]).toMatchObject({
      Principal: { Service: 'logs.amazonaws.com' },
      Condition: {
        StringEquals: { 'aws:SourceAccount': '111122223333' },
        ArnLike: { 'aws:SourceArn': 'arn:aws:logs:us-east-1:111122223333:*' },
      },
    });
  });
});

describe('the stream to the archive', () => {
  const NAME = 'eks-telemetry-prod-archive';

  test('sorts by kind, cluster, day and hour of the events, and names errors apart', () => {
    expect(stream(NAME)[1].Properties.ExtendedS3DestinationConfiguration).toMatchObject({
      BucketARN: ARCHIVE,
      Prefix:
        'kind=!{partitionKeyFromLambda:kind}/cluster=!{partitionKeyFromLambda:cluster}/dt=!{partitionKeyFromLambda:dt}/hr=!{partitionKeyFromLambda:hr}/',
      ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/hr=!{timestamp:HH}/',
      BufferingHints: { SizeInMBs: 128, IntervalInSeconds: 900 },
      CompressionFormat: 'GZIP',
      DynamicPartitioningConfiguration: { Enabled: true },
    });
  });

  test('asks its function for little at a time, three times more where it fails', () => {
    const [processor] = stream(NAME)[1].Properties.ExtendedS3DestinationConfiguration.ProcessingConfiguration.Processors;
    const parameters = Object.fromEntries(
      processor.Parameters.map(({ ParameterName, ParameterValue }: { ParameterName: string; ParameterValue: unknown }) => [
        ParameterName,
        ParameterValue,
      ]),
    );
    expect(parameters).toMatchObject({ NumberOfRetries: '3', BufferSizeInMBs: '0.2', BufferIntervalInSeconds: '60' });
  });

  test('has a filter of its own beside the index’s, without a pattern', () => {
    const [, filter] = oneResource(template, 'AWS::Logs::SubscriptionFilter', '"FilterName":"eks-telemetry-prod-control-plane-archive"');
    expect(filter.Properties).toMatchObject({ LogGroupName: '/aws/eks/prod/cluster', FilterPattern: '' });
  });
});

describe('functions', () => {
  test('may put into the streams of their mode, read the secret of marks, and write dead letters that they cannot read', () => {
    expect(bySid('ArchiveTransform', 'PutAgain')).toMatchObject({
      Action: 'firehose:PutRecordBatch',
      Resource: 'arn:aws:firehose:us-east-1:111122223333:deliverystream/eks-telemetry-prod-archive',
    });
    expect(bySid('SearchTransform', 'PutAgain')).toMatchObject({
      Resource: 'arn:aws:firehose:us-east-1:111122223333:deliverystream/eks-telemetry-prod-search-eks-events',
    });
    for (const part of ['ArchiveTransform', 'SearchTransform']) {
      expect(bySid(part, 'Mark')).toMatchObject({ Action: 'secretsmanager:GetSecretValue' });
      const actions = statements(template, part).flatMap(({ Action }) => Action);
      expect(actions).not.toContain('s3:GetObject');
      expect(actions.some((action) => action.startsWith('es:'))).toBe(false);
    }
  });

  test('get no secret by their environment', () => {
    expect(variables('archive')).toEqual({
      TRANSFORM_MODE: 'archive',
      DEAD_LETTER_BUCKET: 'eks-telemetry-dead-letters-111122223333-us-east-1',
      ACCOUNT_ID: '111122223333',
      METRIC_NAMESPACE: 'EksTelemetry',
      MARK_KEY_ARN: { Ref: oneResource(template, 'AWS::SecretsManager::Secret')[0] },
    });
    expect(oneResource(template, 'AWS::SecretsManager::Secret')[1].Properties.GenerateSecretString).toMatchObject({ PasswordLength: 64 });
  });
});

test('the bucket is encrypted with its own key, versioned, locked, closed, and moves by age', () => {
  const archive = synthesized.template('eks-telemetry-archive');
  const [, bucket] = oneResource(archive, 'AWS::S3::Bucket');
  expect(bucket.DeletionPolicy).toBe('Retain');
  expect(bucket.Properties).toMatchObject({
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' }, BucketKeyEnabled: true }],
    },
    ObjectLockEnabled: true,
    ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 365 } } },
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
    VersioningConfiguration: { Status: 'Enabled' },
  });
  const [rule] = bucket.Properties.LifecycleConfiguration.Rules;
  expect(rule).toMatchObject({
    ExpirationInDays: 1095,
    Transitions: [
      { StorageClass: 'STANDARD_IA', TransitionInDays: 30 },
      { StorageClass: 'GLACIER_IR', TransitionInDays: 90 },
    ],
  });
  const policy = JSON.stringify(oneResource(archive, 'AWS::S3::BucketPolicy')[1].Properties);
  expect(policy).toContain('"aws:SecureTransport":"false"');
  expect(policy).toContain('role/auditor');
});

test('search-setup maps the role of delivery streams to a role of its own', () => {
  expect(resources(synthesized.template('-search'), 'Custom::SearchSetup')).toHaveLength(1);
  expect(synthesized.config.sources.filter(({ route }) => route === 'firehose').map(({ name }) => name)).toEqual(['prod-events']);
});

test('Parquet, applications in the key, a backup of all and a public domain', () => {
  const members = {
    ...BASE,
    sources: [{ name: 'app', cluster: 'prod', kind: 'application', route: 'firehose', archive: true }],
    applications: [
      { name: 'checkout', match: { container: 'checkout' }, format: 'json', index: 'checkout', period: 'week', retentionDays: 30 },
    ],
    archive: { enabled: true, format: 'parquet', partitionByApplication: true },
    athena: { enabled: true },
    delivery: { firehose: { backup: 'all' } },
    kms: { mode: 'none' },
  };
  const { template: of } = synthText(stringify(members));
  const made = of('-prod-firehose');
  const streams = resources(made, 'AWS::KinesisFirehose::DeliveryStream').map(([, { Properties }]) => Properties);
  const archive = streams.find(
    ({ DeliveryStreamName }) => DeliveryStreamName === 'eks-telemetry-prod-archive',
  ).ExtendedS3DestinationConfiguration;

  expect(archive).toMatchObject({
    Prefix: expect.stringMatching(/hr=!\{partitionKeyFromLambda:hr\}\/application=!\{partitionKeyFromLambda:application\}\/$/),
    CompressionFormat: 'UNCOMPRESSED',
    DataFormatConversionConfiguration: { Enabled: true, SchemaConfiguration: { DatabaseName: 'eks_telemetry', TableName: 'application' } },
  });
  const searches = streams.map(({ AmazonopensearchserviceDestinationConfiguration: search }) => search).filter(Boolean);
  expect(searches.map(({ IndexName, IndexRotationPeriod }) => [IndexName, IndexRotationPeriod]).sort()).toEqual([
    ['checkout-prod', 'OneWeek'],
    ['eks-application-prod', 'OneDay'],
  ]);
  for (const search of searches) {
    expect(search.S3BackupMode).toBe('AllDocuments');
    expect(search.VpcConfiguration).toBeUndefined();
  }
  for (const { DeliveryStreamEncryptionConfigurationInput } of streams)
    expect(DeliveryStreamEncryptionConfigurationInput).toEqual({ KeyType: 'AWS_OWNED_CMK' });
});

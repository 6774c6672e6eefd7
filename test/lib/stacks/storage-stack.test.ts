import { Match, type Template } from 'aws-cdk-lib/assertions';
import { oneResource, resources, statements, synthFile, synthText } from '../../support/synth.ts';

const MINIMAL = `
version: 1
account: "111122223333"
region: ap-northeast-2
clusters: [{ name: prod }]
sources: [{ name: app, cluster: prod, kind: application, route: direct }]
search: { access: { admins: { roles: [arn:aws:iam::111122223333:role/platform-admin] } } }
`;
const READER = 'arn:aws:iam::111122223333:role/platform-admin';

describe('keys', () => {
  const template = synthText(MINIMAL).template('-storage');

  test('let CloudWatch Logs of this Region use the data key for groups of this account', () => {
    template.hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: { Service: 'logs.ap-northeast-2.amazonaws.com' },
            Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
            Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': 'arn:aws:logs:ap-northeast-2:111122223333:log-group:*' } },
          }),
        ]),
      },
    });
  });

  test('outlive the stack', () => {
    for (const [, key] of resources(template, 'AWS::KMS::Key')) expect(key.DeletionPolicy).toBe('Retain');
  });

  test('keep dead letters apart: their key is nobody else’s', () => {
    const [, key] = oneResource(template, 'AWS::KMS::Key', 'DeadLetter');
    expect(JSON.stringify(key.Properties.KeyPolicy)).not.toContain('logs.');
  });

  test('are those of AWS with kms: none, but for dead letters', () => {
    const none = synthText(`${MINIMAL}kms: { mode: none }\n`);

    none.template('-storage').resourceCountIs('AWS::KMS::Key', 1);
    for (const [, { Properties }] of resources(none.template('-delivery'), 'AWS::Logs::LogGroup'))
      expect(Properties.KmsKeyId).toBeUndefined();
  });

  test('are the given one for log groups with kms: arn', () => {
    const arn = 'arn:aws:kms:ap-northeast-2:111122223333:key/11111111-2222-3333-4444-555555555555';
    const given = synthText(`${MINIMAL}kms: { mode: arn, arn: "${arn}" }\n`);

    for (const [, { Properties }] of resources(given.template('-delivery'), 'AWS::Logs::LogGroup')) expect(Properties.KmsKeyId).toBe(arn);
    for (const [, { Properties }] of resources(given.template('-logging'), 'Custom::AdoptedLogGroup'))
      expect(Properties.KmsKeyArn).toBe(arn);
  });
});

describe('dead-letter bucket', () => {
  let template: Template;
  beforeAll(() => {
    template = synthFile('config/example.yaml').template('-storage');
  });

  test('is private, versioned, encrypted with its own key and kept with the stack gone', () => {
    const [, bucket] = oneResource(template, 'AWS::S3::Bucket');
    expect(bucket.DeletionPolicy).toBe('Retain');
    expect(bucket.Properties).toMatchObject({
      BucketName: 'eks-telemetry-dead-letters-111122223333-us-east-1',
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: expect.anything() } },
        ],
      },
    });
  });

  test('forgets after the days of the config', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 90, Status: 'Enabled' })] },
    });
  });

  test('refuses plain HTTP and old TLS', () => {
    const [, policy] = oneResource(template, 'AWS::S3::BucketPolicy');
    const denied = policy.Properties.PolicyDocument.Statement.filter(({ Effect }: { Effect: string }) => Effect === 'Deny');
    expect(denied.map(({ Condition }: { Condition: unknown }) => Condition)).toEqual([
      { Bool: { 'aws:SecureTransport': 'false' } },
      { NumericLessThan: { 's3:TlsVersion': 1.2 } },
    ]);
  });

  test('lets the named readers read and decrypt, not write', () => {
    const [, policy] = oneResource(template, 'AWS::S3::BucketPolicy');
    const allowed = policy.Properties.PolicyDocument.Statement.filter(({ Effect }: { Effect: string }) => Effect === 'Allow');
    expect(allowed.flatMap(({ Action }: { Action: string }) => Action).sort()).toEqual([
      's3:GetObject',
      's3:GetObjectVersion',
      's3:ListBucket',
    ]);
    expect(allowed.every(({ Principal }: { Principal: { AWS: string } }) => Principal.AWS === READER)).toBe(true);
    const [, key] = oneResource(template, 'AWS::KMS::Key', 'DeadLetter');
    expect(key.Properties.KeyPolicy.Statement).toContainEqual(
      expect.objectContaining({ Sid: 'DeadLetterReaders', Action: ['kms:Decrypt', 'kms:DescribeKey'], Principal: { AWS: READER } }),
    );
  });
});

describe('redrive', () => {
  test('starts on a schedule and may only take what Lambda wrote and invoke the functions that index', () => {
    const synthesized = synthText(MINIMAL);
    const template = synthesized.template('-storage');

    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(15 minutes)',
      Targets: [Match.objectLike({ RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 } })],
    });
    const allowed = statements(template, 'Redrive');
    expect(allowed.find(({ Sid }) => Sid === 'TakeFailures')).toMatchObject({
      Action: ['s3:DeleteObject', 's3:GetObject'],
      Resource: 'arn:aws:s3:::eks-telemetry-dead-letters-111122223333-ap-northeast-2/aws/lambda/*',
    });
    const [invoke] = allowed.filter(({ Sid }) => Sid === 'Invoke');
    expect(JSON.stringify(invoke?.Resource)).toContain(':function:eks-telemetry-prod-log-indexer-direct"');
    expect(JSON.stringify(invoke?.Resource)).not.toContain('*');
    // The very name that the delivery stack gives its function.
    expect(JSON.stringify(synthesized.template('-delivery').toJSON())).toContain('"FunctionName":"eks-telemetry-prod-log-indexer-direct"');
  });

  test.each([
    ['with redriveMinutes: 0', `${MINIMAL}delivery: { redriveMinutes: 0 }\n`],
    ['where nothing is indexed', MINIMAL.replace('route: direct', 'route: none').replace(/^search:.*$/m, 'search: { mode: none }')],
  ])('is not there %s', (_when, text) => {
    synthText(text).template('-storage').resourceCountIs('AWS::Events::Rule', 0);
  });
});

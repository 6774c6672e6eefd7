import type { Template } from 'aws-cdk-lib/assertions';
import { oneResource, resources, type Statement, statements, synthText, waitsFor } from '../../support/synth.ts';
import { yamlWith } from '../config/texts.ts';

const ALB = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/shop/50dc6c495c0c9188';
const BUCKET = 'eks-telemetry-access-logs-111122223333-us-east-1';

const synth = (loadBalancers: object, more: object = {}): Template =>
  synthText(yamlWith({ loadBalancers, ...more })).template('-access-logs');
const bucketPolicy = (template: Template, part: string): Statement[] =>
  oneResource(template, 'AWS::S3::BucketPolicy', part)[1].Properties.PolicyDocument.Statement as Statement[];

describe('the stack of access logs', () => {
  const template = synth({
    logs: [
      { name: 'shop', cluster: 'prod', logGroup: { name: '/example/alb', format: 'alb' } },
      { name: 'edge', cluster: 'prod', kind: 'nlb' },
      { name: 'waf', cluster: 'prod', kind: 'waf' },
      {
        name: 'vended',
        cluster: 'prod',
        delivery: 'vended',
        resourceArns: [ALB, ALB.replace('shop', 'api')],
        logTypes: ['access', 'connection'],
      },
    ],
  });

  test('lets load balancers of the Region write, as the service of today and as the account of the Region, only below their prefix', () => {
    const policy = bucketPolicy(template, 'LoadBalancersshop');

    const service = policy.find(({ Sid }) => Sid === 'LoadBalancersshop');
    expect(service).toMatchObject({
      Action: 's3:PutObject',
      Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
    });
    expect(JSON.stringify(service?.Resource)).toContain('/shop/AWSLogs/111122223333/*');
    // The documented account of us-east-1.
    expect(policy.find(({ Sid }) => Sid === 'LoadBalancerAccountshop')?.Principal).toEqual({ AWS: 'arn:aws:iam::127311923021:root' });
    expect(policy.find(({ Sid }) => Sid === 'Deliveryedge')).toMatchObject({ Principal: { Service: 'delivery.logs.amazonaws.com' } });
  });

  test('names no account where a Region never had one', () => {
    const late = synth({ logs: [{ name: 'shop', cluster: 'prod' }] }, { region: 'ap-southeast-7' });

    expect(bucketPolicy(late, 'LoadBalancers').map(({ Sid }) => Sid)).not.toContain('LoadBalancerAccountshop');
  });

  test("encrypts with S3's keys, which load balancers need, keeps the files and refuses plain http", () => {
    for (const [, bucket] of resources(template, 'AWS::S3::Bucket')) {
      expect(bucket).toMatchObject({
        DeletionPolicy: 'Retain',
        Properties: {
          BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
          LifecycleConfiguration: { Rules: [{ ExpirationInDays: 90, Status: 'Enabled' }] },
          NotificationConfiguration: { QueueConfigurations: [{ Event: 's3:ObjectCreated:*' }] },
          PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
        },
      });
    }
    expect(
      resources(template, 'AWS::S3::Bucket')
        .map(([, { Properties }]) => Properties.BucketName)
        .sort(),
    ).toEqual(['aws-waf-logs-eks-telemetry-111122223333-us-east-1', BUCKET]);
  });

  test('makes the queue, and its policy, before the bucket that S3 tries it with', () => {
    const [policyId, policy] = oneResource(template, 'AWS::SQS::QueuePolicy', '"Buckets"');
    const [bucketId] = oneResource(template, 'AWS::S3::Bucket', BUCKET);

    expect(waitsFor(template, bucketId, policyId)).toBe(true);
    expect(waitsFor(template, policyId, bucketId)).toBe(false);
    const statement = (policy.Properties.PolicyDocument.Statement as Statement[]).find(({ Sid }) => Sid === 'Buckets');
    expect(statement?.Condition).toEqual({
      StringEquals: { 'aws:SourceAccount': '111122223333' },
      ArnEquals: { 'aws:SourceArn': [`arn:aws:s3:::${BUCKET}`, 'arn:aws:s3:::aws-waf-logs-eks-telemetry-111122223333-us-east-1'] },
    });
  });

  test('hides a message for longer than the function works on it, and keeps what fails again and again', () => {
    const [, queue] = oneResource(template, 'AWS::SQS::Queue', '"eks-telemetry-access-logs"');
    const [, indexer] = oneResource(template, 'AWS::Lambda::Function', 'alb-indexer');

    expect(queue.Properties).toMatchObject({
      VisibilityTimeout: 600,
      MessageRetentionPeriod: 1_209_600,
      RedrivePolicy: { maxReceiveCount: 100 },
    });
    expect(queue.Properties.VisibilityTimeout).toBeGreaterThan(indexer.Properties.Timeout);
    expect(resources(template, 'AWS::SQS::Queue')).toHaveLength(2);
  });

  test('reads partial answers: without the flag Lambda would delete messages of files that are not done', () => {
    const [, mapping] = oneResource(template, 'AWS::Lambda::EventSourceMapping');

    expect(mapping.Properties).toMatchObject({
      BatchSize: 5,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 5 },
    });
  });

  test('may read files, put lines, send bulk requests and dead letters, and nothing else', () => {
    const own = statements(template, 'AlbIndexer');

    expect(own.map(({ Sid }) => Sid)).toEqual([
      'OwnLog',
      'Traces',
      'Queue',
      'ReadFiles',
      'ListFiles',
      'Bulk',
      'PutLines',
      'DeadLetters',
      'DeadLetterBucket',
      'DeadLetterKey',
    ]);
    expect(own.find(({ Sid }) => Sid === 'ReadFiles')).toMatchObject({
      Action: 's3:GetObject',
      Resource: ['arn:aws:s3:::aws-waf-logs-eks-telemetry-111122223333-us-east-1/*', `arn:aws:s3:::${BUCKET}/*`],
    });
    expect(JSON.stringify(own)).not.toContain('s3:DeleteObject');
  });

  test('makes a delivery per load balancer and log type, one after the other', () => {
    expect(
      resources(template, 'AWS::Logs::DeliverySource').map(([, { Properties }]) => [Properties.ResourceArn, Properties.LogType]),
    ).toEqual([
      [ALB, 'ALB_ACCESS_LOGS'],
      [ALB, 'ALB_CONNECTION_LOGS'],
      [ALB.replace('shop', 'api'), 'ALB_ACCESS_LOGS'],
      [ALB.replace('shop', 'api'), 'ALB_CONNECTION_LOGS'],
    ]);
    const [, destination] = oneResource(template, 'AWS::Logs::DeliveryDestination');
    expect(destination.Properties).toMatchObject({ OutputFormat: 'json', DestinationResourceArn: `arn:aws:s3:::${BUCKET}/vended` });
    const deliveries = resources(template, 'AWS::Logs::Delivery').map(([id]) => id);
    for (const [position, id] of deliveries.entries()) {
      if (position > 0) expect(waitsFor(template, id, deliveries[position - 1] as string)).toBe(true);
    }
  });
});

test('a bucket of others is neither made nor changed; the queue still lets it in', () => {
  const template = synth({ bucket: { name: 'theirs', create: false }, logs: [{ name: 'shop', cluster: 'prod' }] });

  expect(resources(template, 'AWS::S3::Bucket')).toEqual([]);
  expect(resources(template, 'AWS::S3::BucketPolicy')).toEqual([]);
  expect(JSON.stringify(oneResource(template, 'AWS::SQS::QueuePolicy', '"Buckets"')[1])).toContain('arn:aws:s3:::theirs');
});

test('there is no such stack without access logs, and no search in it without one', () => {
  expect(() => synthText(yamlWith({})).template('-access-logs')).toThrow('no stack -access-logs');
  const template = synth(
    { logs: [{ name: 'shop', cluster: 'prod', metrics: true }] },
    { search: { mode: 'none' }, sources: [{ name: 'app', cluster: 'prod', kind: 'application', route: 'none' }] },
  );

  expect(oneResource(template, 'AWS::Lambda::Function', 'alb-indexer')[1].Properties.Environment.Variables).not.toHaveProperty(
    'SEARCH_ENDPOINT',
  );
  expect(statements(template, 'AlbIndexer').map(({ Sid }) => Sid)).not.toContain('Bulk');
});

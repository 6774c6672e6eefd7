import { type Duration, Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogStream } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledgeWildcard } from './acknowledge.ts';
import type { FirehoseTransform } from './firehose-transform.ts';
import { logGroupArn } from './function-role.ts';
import type { NamedLogGroup } from './named-log-group.ts';
import type { SubscriptionTarget } from './subscription.ts';

/** How Firehose calls the function. */
export interface TransformCall {
  readonly function: FirehoseTransform;
  /** MiB of records per invocation, 0.2 to 3. */
  readonly bufferMiB: number;
  readonly buffer: Duration;
  /** Attempts after the first, 0 to 300. */
  readonly retries: number;
}

/** A bucket that a delivery stream writes to, with its key. */
export interface StreamBucket {
  readonly bucketArn: string;
  readonly encryptionKey: IKey;
}

/** What every delivery stream of this app has. */
export interface DeliveryStreamBaseProps {
  readonly streamName: string;
  readonly call: TransformCall;
  readonly bucket: StreamBucket;
  /** Group of the errors that Firehose tells of. */
  readonly log: NamedLogGroup;
  /** Key of the records that wait; absent for a key of AWS. */
  readonly encryptionKey?: IKey | undefined;
}

/** A role that only Firehose in this account may take. */
export function firehoseRole(scope: Construct, id: string, description: string, roleName?: string): Role {
  return new Role(scope, id, {
    description,
    ...(roleName === undefined ? {} : { roleName }),
    assumedBy: new ServicePrincipal('firehose.amazonaws.com', {
      conditions: { StringEquals: { 'sts:ExternalId': Stack.of(scope).account } },
    }),
  });
}

/** What a delivery stream may do besides its destination: write into its bucket, call its function, tell of its errors. */
export function allowStream(policy: Policy, { bucket, call, log }: DeliveryStreamBaseProps): void {
  const { bucketArn, encryptionKey } = bucket;
  const { function: target } = call.function.transform;
  policy.addStatements(
    new PolicyStatement({
      sid: 'Bucket',
      actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
      resources: [bucketArn],
    }),
    new PolicyStatement({
      sid: 'Objects',
      actions: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
      resources: [`${bucketArn}/*`],
    }),
    new PolicyStatement({ sid: 'BucketKey', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [encryptionKey.keyArn] }),
    new PolicyStatement({
      sid: 'Transform',
      actions: ['lambda:InvokeFunction', 'lambda:GetFunctionConfiguration'],
      resources: [target.functionArn, `${target.functionArn}:*`],
    }),
    new PolicyStatement({
      sid: 'Errors',
      actions: ['logs:PutLogEvents'],
      resources: [`${logGroupArn(policy, log.logGroupName)}:log-stream:*`],
    }),
  );
  acknowledgeWildcard(
    policy,
    `${bucketArn}/*`,
    'Keys hold kind, cluster, day and hour, or the type of an error: the bucket has nothing else that the stream should not touch.',
  );
  acknowledgeWildcard(policy, `${target.functionArn}:*`, 'Firehose names the version of the function, which is $LATEST.');
  acknowledgeWildcard(
    policy,
    `${logGroupArn(policy, log.logGroupName)}:log-stream:*`,
    'The group is for delivery streams of this cluster only, one stream each.',
  );
}

/** `processingConfiguration` of a delivery stream. */
export function processingOf(
  { function: { transform }, buffer, bufferMiB, retries }: TransformCall,
  roleArn: string,
): CfnDeliveryStream.ProcessingConfigurationProperty {
  const parameter = (parameterName: string, parameterValue: string) => ({ parameterName, parameterValue });
  return {
    enabled: true,
    processors: [
      {
        type: 'Lambda',
        parameters: [
          parameter('LambdaArn', `${transform.function.functionArn}:$LATEST`),
          parameter('RoleArn', roleArn),
          parameter('NumberOfRetries', String(retries)),
          parameter('BufferSizeInMBs', String(bufferMiB)),
          parameter('BufferIntervalInSeconds', String(buffer.toSeconds())),
        ],
      },
    ],
  };
}

/** `cloudWatchLoggingOptions`; the stream of the log must be there, or Firehose tells nobody. */
export function loggingOf(
  scope: Construct,
  id: string,
  { log, streamName }: DeliveryStreamBaseProps,
): CfnDeliveryStream.CloudWatchLoggingOptionsProperty {
  new LogStream(scope, id, { logGroup: log.logGroup, logStreamName: streamName });
  return { enabled: true, logGroupName: log.logGroupName, logStreamName: streamName };
}

/** Encryption of the records that wait in the stream. */
export function encryptionOf(key: IKey | undefined): CfnDeliveryStream.DeliveryStreamEncryptionConfigurationInputProperty {
  return key === undefined ? { keyType: 'AWS_OWNED_CMK' } : { keyType: 'CUSTOMER_MANAGED_CMK', keyArn: key.keyArn };
}

/** Lets CloudWatch Logs put the events of this account's groups into delivery streams. */
export class DeliveryStreamWriter extends Construct {
  readonly role: Role;
  private readonly policy: Policy;

  constructor(scope: Construct, id: string, streams: readonly CfnDeliveryStream[]) {
    super(scope, id);
    const { partition, region, account } = Stack.of(this);
    this.role = new Role(this, 'Role', {
      description: 'CloudWatch Logs puts subscribed events into delivery streams.',
      assumedBy: new ServicePrincipal('logs.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:${partition}:logs:${region}:${account}:*` },
        },
      }),
    });
    this.policy = new Policy(this, 'Policy', { roles: [this.role] });
    this.policy.addStatements(
      new PolicyStatement({
        sid: 'Put',
        actions: ['firehose:PutRecord', 'firehose:PutRecordBatch'],
        resources: streams.map(({ attrArn }) => attrArn),
      }),
    );
  }

  /** What a subscription to one of the streams names and waits for. */
  targetOf(stream: CfnDeliveryStream): SubscriptionTarget {
    return { destinationArn: stream.attrArn, roleArn: this.role.roleArn, isDeliveryStream: true, waitFor: [this.policy, stream] };
  }
}

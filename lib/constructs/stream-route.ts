import { type Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { LogIndexer } from './log-indexer.ts';

/** Settings of a Kinesis stream between CloudWatch Logs and the function, and of the mapping that reads it. */
export interface StreamRouteProps {
  readonly streamName: string;
  readonly indexer: LogIndexer;
  /** Shards of a provisioned stream; absent for on demand. */
  readonly shards?: number | undefined;
  /** How long the stream keeps records, 24 hours to 365 days: the longest outage that loses nothing. */
  readonly retention: Duration;
  /** Key of the stream; absent for the key that Kinesis owns. */
  readonly encryptionKey?: IKey | undefined;
  /** Records per invocation, 1 to 10,000. */
  readonly batchSize: number;
  /** How long Lambda gathers a batch, 0 to 300 seconds. */
  readonly batchWindow: Duration;
  /** Invocations at a time per shard, 1 to 10. */
  readonly parallelizationFactor: number;
  /** Attempts after the first before a batch goes to the bucket, 0 to 10,000; -1 for as many as fit into `maximumRecordAge`. */
  readonly maximumRetryAttempts: number;
  /** Age at which a record goes to the bucket, one minute to seven days and less than `retention`. */
  readonly maximumRecordAge: Duration;
  /** Bucket that gets what Lambda gives up on, records included. */
  readonly failureBucketArn: string;
}

/** The stream route: a shard keeps what cannot be indexed now, and a batch says which of its records failed. */
export class StreamRoute extends Construct {
  readonly stream: Stream;
  /** Role with which CloudWatch Logs writes into the stream. */
  readonly writerRole: Role;
  /** What a subscription that names the stream must wait for. */
  readonly writerPolicy: Policy;
  /** Reads the stream for the function. */
  readonly mapping: CfnEventSourceMapping;

  constructor(scope: Construct, id: string, props: StreamRouteProps) {
    super(scope, id);
    this.check(props);
    this.stream = new Stream(this, 'Stream', {
      streamName: props.streamName,
      streamMode: props.shards === undefined ? StreamMode.ON_DEMAND : StreamMode.PROVISIONED,
      ...(props.shards === undefined ? {} : { shardCount: props.shards }),
      retentionPeriod: props.retention,
      ...(props.encryptionKey === undefined
        ? { encryption: StreamEncryption.MANAGED }
        : { encryption: StreamEncryption.KMS, encryptionKey: props.encryptionKey }),
      // The log group still has every event; a kept stream would block the next deploy by its name.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    acknowledge(
      this.stream,
      'AwsSolutions-KDS3',
      'A key of our own on purpose: its policy and its uses can be audited, and the stream holds text before redaction.',
    );
    this.writerRole = this.makeWriterRole();
    this.writerPolicy = new Policy(this, 'WriterPolicy', { roles: [this.writerRole] });
    this.writerPolicy.addStatements(
      new PolicyStatement({ sid: 'Stream', actions: ['kinesis:PutRecord', 'kinesis:PutRecords'], resources: [this.stream.streamArn] }),
    );
    const readerRole = props.indexer.indexer.functionRole;
    readerRole.allow({
      sid: `Read${this.node.addr.slice(-8)}`,
      actions: [
        'kinesis:DescribeStream',
        'kinesis:DescribeStreamSummary',
        'kinesis:GetRecords',
        'kinesis:GetShardIterator',
        'kinesis:ListShards',
        'kinesis:SubscribeToShard',
      ],
      resources: [this.stream.streamArn],
    });
    if (props.encryptionKey !== undefined) {
      const keyArn = props.encryptionKey.keyArn;
      this.writerPolicy.addStatements(new PolicyStatement({ sid: 'StreamKey', actions: ['kms:GenerateDataKey'], resources: [keyArn] }));
      readerRole.allow({ sid: `Key${this.node.addr.slice(-8)}`, actions: ['kms:Decrypt'], resources: [keyArn] });
    }
    this.mapping = this.map(props);
  }

  /** AWS sends the group's ARN with each use of the role; the condition keeps other accounts' groups from using it through the service. */
  private makeWriterRole(): Role {
    const { partition, region, account } = Stack.of(this);
    return new Role(this, 'Writer', {
      description: 'CloudWatch Logs writes subscribed events into the stream.',
      assumedBy: new ServicePrincipal('logs.amazonaws.com', {
        conditions: { StringLike: { 'aws:SourceArn': `arn:${partition}:logs:${region}:${account}:*` } },
      }),
    });
  }

  private map(props: StreamRouteProps): CfnEventSourceMapping {
    const mapping = new CfnEventSourceMapping(this, 'Mapping', {
      functionName: props.indexer.indexer.function.functionName,
      eventSourceArn: this.stream.streamArn,
      // From the oldest record: what arrived before the mapping was ready is not skipped.
      startingPosition: 'TRIM_HORIZON',
      batchSize: props.batchSize,
      maximumBatchingWindowInSeconds: props.batchWindow.toSeconds(),
      parallelizationFactor: props.parallelizationFactor,
      // The function answers which records failed; without this flag Lambda would take the answer for success.
      functionResponseTypes: ['ReportBatchItemFailures'],
      bisectBatchOnFunctionError: true,
      // The function hands back only what a broken world left undone; bad data it keeps itself (dead letters) and counts as done. So the
      // number of attempts says nothing of a record, and its age alone bounds an outage. Without an age a record would fall out of the stream.
      maximumRetryAttempts: props.maximumRetryAttempts,
      maximumRecordAgeInSeconds: props.maximumRecordAge.toSeconds(),
      // S3 gets the records themselves; a queue would get their positions only.
      destinationConfig: { onFailure: { destination: props.failureBucketArn } },
      metricsConfig: { metrics: ['EventCount'] },
    });
    mapping.node.addDependency(props.indexer.indexer.functionRole.policy);
    return mapping;
  }

  private check(props: StreamRouteProps): void {
    const within = (name: string, value: number, min: number, max: number): void => {
      if (Number.isInteger(value) && value >= min && value <= max) return;
      throw new Error(`${this.node.path}: ${name} must be a whole number of ${min} to ${max}, got ${value}`);
    };
    within('batchSize', props.batchSize, 1, 10_000);
    within('batchWindow in seconds', props.batchWindow.toSeconds(), 0, 300);
    within('parallelizationFactor', props.parallelizationFactor, 1, 10);
    within('maximumRetryAttempts', props.maximumRetryAttempts, -1, 10_000);
    within('maximumRecordAge in seconds', props.maximumRecordAge.toSeconds(), 60, 604_800);
    within('retention in hours', props.retention.toHours(), 24, 8760);
    if (props.shards !== undefined) within('shards', props.shards, 1, 20_000);
    // A record that the stream has dropped is gone without a trace in the bucket.
    if (props.maximumRecordAge.toSeconds() >= props.retention.toSeconds()) {
      throw new Error(
        `${this.node.path}: maximumRecordAge (${props.maximumRecordAge.toHumanString()}) must be less than retention ` +
          `(${props.retention.toHumanString()}): Lambda never sees what the stream has dropped, so it cannot keep it in the bucket`,
      );
    }
  }
}

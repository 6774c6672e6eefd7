import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type CfnQueuePolicy, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** Settings of the queue between buckets and alb-indexer. */
export interface AccessLogQueueProps {
  readonly queueName: string;
  /** Names of the buckets that may send. */
  readonly bucketNames: readonly string[];
  /** How long a message is hidden while a function works on it; at least the function's time-out. */
  readonly visibilityTimeout: Duration;
  /** Attempts before a message goes to the dead-letter queue, 1 to 1,000. */
  readonly maximumReceives: number;
}

/** Two weeks, the most that SQS keeps a message: longer than any outage that nobody notices. */
const RETENTION = Duration.days(14);

/** New files wait here while the search is away; what fails again and again lies in the dead-letter queue. */
export class AccessLogQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;
  /** What a bucket that names the queue must wait for: S3 tries the permission while the bucket is made. */
  readonly policy: CfnQueuePolicy;

  constructor(scope: Construct, id: string, props: AccessLogQueueProps) {
    super(scope, id);
    if (!Number.isInteger(props.maximumReceives) || props.maximumReceives < 1 || props.maximumReceives > 1000) {
      throw new Error(`${this.node.path}: maximumReceives must be a whole number of 1 to 1000, got ${props.maximumReceives}`);
    }
    // SQS's own keys: S3 cannot use the key that AWS manages for SQS, and messages hold names of files only.
    const common = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, retentionPeriod: RETENTION };
    this.deadLetters = new Queue(this, 'DeadLetters', { ...common, queueName: `${props.queueName}-dead-letters` });
    this.queue = new Queue(this, 'Queue', {
      ...common,
      queueName: props.queueName,
      visibilityTimeout: props.visibilityTimeout,
      receiveMessageWaitTime: Duration.seconds(20),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: props.maximumReceives },
    });
    const { account, partition } = Stack.of(this);
    this.queue.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Buckets',
        principals: [new ServicePrincipal('s3.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.queue.queueArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnEquals: { 'aws:SourceArn': props.bucketNames.map((name) => `arn:${partition}:s3:::${name}`) },
        },
      }),
    );
    this.policy = this.queue.node.findChild('Policy').node.defaultChild as CfnQueuePolicy;
  }
}

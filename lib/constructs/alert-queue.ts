import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { BundledFunction } from './bundled-function.ts';

/** Settings of the queue between topics and alert-notifier. */
export interface AlertQueueProps {
  readonly queueName: string;
  readonly deadLetterName: string;
  readonly encryptionKey: IKey;
  /** Time-out of the function that reads it. */
  readonly functionTimeout: Duration;
}

/** Messages per invocation; SQS delivers ten at once without a window. */
const BATCH_SIZE = 10;
/** Invocations at a time: Slack takes one message a second in a channel, and two find work enough while one waits. */
const MAX_CONCURRENCY = 2;
/** Deliveries of a message before it is a dead letter. */
const MAX_RECEIVES = 5;

/** The queue that holds notifications while Slack or the function is away, and the one for what nobody could take. */
export class AlertQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: AlertQueueProps) {
    super(scope, id);
    const encryption = { encryption: QueueEncryption.KMS, encryptionMasterKey: props.encryptionKey, enforceSSL: true } as const;
    this.deadLetters = new Queue(this, 'DeadLetters', {
      queueName: props.deadLetterName,
      retentionPeriod: Duration.days(14),
      ...encryption,
    });
    this.queue = new Queue(this, 'Queue', {
      queueName: props.queueName,
      retentionPeriod: Duration.days(4),
      // Lambda's own advice: six time-outs, so that a message is not delivered while it is being worked on.
      visibilityTimeout: Duration.seconds(6 * props.functionTimeout.toSeconds()),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVES },
      ...encryption,
    });
  }

  /** Lets a topic send here. Not raw: the envelope has the subject, the attributes and the time. */
  subscribeTo(topic: ITopic): void {
    topic.addSubscription(new SqsSubscription(this.queue, { rawMessageDelivery: false }));
  }

  /** Has the function read the queue. */
  mapTo(reader: BundledFunction): CfnEventSourceMapping {
    reader.functionRole.allow({
      sid: 'ReadQueue',
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      resources: [this.queue.queueArn],
    });
    const mapping = new CfnEventSourceMapping(this, 'Mapping', {
      functionName: reader.function.functionName,
      eventSourceArn: this.queue.queueArn,
      batchSize: BATCH_SIZE,
      // The function answers which messages must come again; without this flag Lambda would take the answer for success.
      functionResponseTypes: ['ReportBatchItemFailures'],
      scalingConfig: { maximumConcurrency: MAX_CONCURRENCY },
    });
    mapping.node.addDependency(reader.functionRole.policy);
    return mapping;
  }
}

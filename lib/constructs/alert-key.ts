import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { EncryptionKey } from './encryption-key.ts';

/** Settings of the key of alerts. */
export interface AlertKeyProps {
  readonly alias: string;
  /** Services that publish, without `.amazonaws.com`. */
  readonly publishers: readonly string[];
}

/**
 * The key of topics, queues and the table of alerts. Whoever publishes to an encrypted topic needs the key; with SNS's own key (`aws/sns`), whose policy nobody can
 * change, alarms would be lost without a word.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services (conditions by account are "not supported for
 * EventBridge-to-encrypted topics")
 */
export class AlertKey extends Construct {
  /** The key by its ARN: constructs that use it cannot write into its policy, which would name them and make a circle. All they need stands here. */
  readonly key: IKey;

  constructor(scope: Construct, id: string, props: AlertKeyProps) {
    super(scope, id);
    const { key } = new EncryptionKey(this, 'Alerts', {
      alias: props.alias,
      description: 'Topics, queues and the table of alerts of eks-telemetry.',
    });
    this.key = Key.fromKeyArn(this, 'Shared', key.keyArn);
    const { account, partition, region } = Stack.of(this);
    // Whatever else may publish: the alarms that watch the way to Slack tell the operator's topic, and rules fill the queue.
    for (const publisher of new Set([...props.publishers, 'cloudwatch', 'sns', 'events'])) {
      key.addToResourcePolicy(
        new PolicyStatement({
          sid: `Publish${publisher.replace(/[^A-Za-z0-9]/g, '')}`,
          principals: [new ServicePrincipal(`${publisher}.amazonaws.com`)],
          actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
          resources: ['*'],
          // No other account's alarm, rule or budget can use the key through its service.
          conditions: { StringEquals: { 'aws:SourceAccount': account } },
        }),
      );
    }
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'EventsToTopics',
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        // On its way to a topic EventBridge names no account to KMS, so the statement above does not hold; SNS names the topic.
        conditions: { ArnLike: { 'kms:EncryptionContext:aws:sns:topicArn': `arn:${partition}:sns:${region}:${account}:*` } },
      }),
    );
  }
}

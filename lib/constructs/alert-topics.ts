import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** Settings of one topic. */
export interface AlertTopicProps {
  /** Fixed name: alarms of other stacks name it without a reference that would pin it. */
  readonly topicName: string;
  readonly displayName: string;
  readonly encryptionKey: IKey;
  /** Services that may publish for this account, without `.amazonaws.com`. */
  readonly publishers: readonly string[];
}

/** A topic that AWS's own services of this account may publish to, and nobody without TLS. */
export class AlertTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, props: AlertTopicProps) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', {
      topicName: props.topicName,
      displayName: props.displayName,
      masterKey: props.encryptionKey,
      enforceSSL: true,
    });
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Publishers',
        principals: props.publishers.map((publisher) => new ServicePrincipal(`${publisher}.amazonaws.com`)),
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
  }
}

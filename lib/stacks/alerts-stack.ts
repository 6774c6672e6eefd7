import { CfnOutput } from 'aws-cdk-lib';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { Explanation } from '../../lambdas/core/alerts/explanation.ts';
import {
  ALERT_SEVERITIES,
  alertDeadLetterName,
  alertNotifierName,
  alertQueueName,
  alertSweeperName,
  alertTableName,
  alertTopicName,
  operatorTopicName,
} from '../config/alert-names.ts';
import { notifierRulesFor } from '../config/notifier-rules.ts';
import { AlertEvents } from '../constructs/alert-events.ts';
import { AlertNotifier, AlertSweeper, NOTIFIER_TIMEOUT } from '../constructs/alert-functions.ts';
import { AlertKey } from '../constructs/alert-key.ts';
import { AlertQueue } from '../constructs/alert-queue.ts';
import { AlertTable } from '../constructs/alert-table.ts';
import { AlertTopic } from '../constructs/alert-topics.ts';
import { AlertWatch } from '../constructs/alert-watch.ts';
import type { StorageStack } from './storage-stack.ts';
import { TelemetryStack, type TelemetryStackProps } from './telemetry-stack.ts';

/** What the alerts stack builds on. */
export interface AlertsStackProps extends TelemetryStackProps {
  readonly storage: StorageStack;
  /** What helps with the alarms that this app deploys. */
  readonly explanations: readonly Explanation[];
}

/** The way from alarms and events to Slack: topics, queue, table, and the two functions. */
export class AlertsStack extends TelemetryStack {
  constructor(scope: Construct, props: AlertsStackProps) {
    super(scope, props, {
      nameParts: ['alerts'],
      description: 'eks-telemetry: topics for alarms, and the functions that group them and tell Slack.',
      holdsData: false,
    });
    const { config, explanations, projectRoot, storage } = props;
    const { prefix, slack } = config;
    const { key } = new AlertKey(this, 'Key', { alias: `${prefix}-alerts`, publishers: slack.publishers });
    const table = new AlertTable(this, 'State', { tableName: alertTableName(prefix), encryptionKey: key });
    const queue = new AlertQueue(this, 'Alerts', {
      queueName: alertQueueName(prefix),
      deadLetterName: alertDeadLetterName(prefix),
      encryptionKey: key,
      functionTimeout: NOTIFIER_TIMEOUT,
    });
    for (const severity of ALERT_SEVERITIES) {
      const topicName = alertTopicName(prefix, severity);
      const { topic } = new AlertTopic(this, `Topic-${severity}`, {
        topicName,
        displayName: `eks-telemetry ${severity}`,
        encryptionKey: key,
        publishers: slack.publishers,
      });
      queue.subscribeTo(topic);
      new CfnOutput(this, `TopicArn-${severity}`, { value: topic.topicArn, description: `Alarms of severity ${severity} publish here.` });
    }
    const common = { projectRoot, encryptionKey: storage.logGroupKey, table, queue, alertKey: key };
    new AlertNotifier(this, 'Notifier', {
      ...common,
      functionName: alertNotifierName(prefix),
      rules: notifierRulesFor(config, explanations),
      secretKeys: [...new Set(slack.receivers.flatMap(({ kmsKey }) => (kmsKey === undefined ? [] : [kmsKey])))],
    });
    new AlertSweeper(this, 'Sweeper', { ...common, functionName: alertSweeperName(prefix) });
    new AlertEvents(this, 'Events', { queue, events: slack.events });
    const operator = new AlertTopic(this, 'Operator', {
      topicName: operatorTopicName(prefix),
      displayName: 'eks-telemetry operator',
      encryptionKey: key,
      publishers: ['cloudwatch'],
    });
    if (slack.operatorEmail !== undefined) operator.topic.addSubscription(new EmailSubscription(slack.operatorEmail));
    new AlertWatch(this, 'Watch', { prefix, queue, sweeperName: alertSweeperName(prefix), operatorTopic: operator.topic });
  }
}

import { CfnOutput } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { Severity } from '../../lambdas/core/alerts/alert.ts';
import type { Explanation } from '../../lambdas/core/alerts/explanation.ts';
import {
  alertDeadLetterName,
  alertNotifierName,
  alertQueueName,
  alertSweeperName,
  alertTableName,
  alertTopicName,
  eventTopicName,
  gitHubRoleName,
  operatorTopicName,
} from '../config/alert-names.ts';
import type { Config } from '../config/load.ts';
import { joinName } from '../config/names.ts';
import { notifierRulesFor } from '../config/notifier-rules.ts';
import { AlertEvents } from '../constructs/alert-events.ts';
import { AlertNotifier, AlertSweeper, NOTIFIER_TIMEOUT } from '../constructs/alert-functions.ts';
import { AlertKey } from '../constructs/alert-key.ts';
import { AlertQueue } from '../constructs/alert-queue.ts';
import { AlertTable } from '../constructs/alert-table.ts';
import { AlertTopic } from '../constructs/alert-topics.ts';
import { AlertWatch } from '../constructs/alert-watch.ts';
import { AmazonQChannel } from '../constructs/amazon-q-channel.ts';
import { GitHubPublisher } from '../constructs/github-publisher.ts';
import type { StorageStack } from './storage-stack.ts';
import { TelemetryStack, type TelemetryStackProps } from './telemetry-stack.ts';

/** What the alerts stack builds on. */
export interface AlertsStackProps extends TelemetryStackProps {
  readonly storage: StorageStack;
  /** What helps with the alarms that this app deploys. */
  readonly explanations: readonly Explanation[];
}

/** Longest name of a configuration, in characters. */
const MAX_CONFIGURATION_NAME = 128;

/** The way from alarms and events to people: topics by severity, the notifier behind a queue, and those that hear from the topics themselves. */
export class AlertsStack extends TelemetryStack {
  readonly #topics: { readonly [severity in Severity]: ITopic };
  readonly #operator: ITopic;
  /** What fires and what is silenced, with its key; undefined where nobody is told. */
  state: { readonly table: Table; readonly key: IKey } | undefined;

  constructor(scope: Construct, props: AlertsStackProps) {
    super(scope, props, {
      nameParts: ['alerts'],
      description: 'eks-telemetry: topics for alarms, and the functions that group them and tell Slack.',
      holdsData: false,
    });
    const { prefix, slack } = props.config;
    const { key } = new AlertKey(this, 'Key', { alias: `${prefix}-alerts`, publishers: slack.publishers });
    const topicOf = (severity: Severity): ITopic =>
      this.#topic(`Topic-${severity}`, alertTopicName(prefix, severity), slack.publishers, key);
    this.#topics = { critical: topicOf('critical'), warning: topicOf('warning'), info: topicOf('info') };
    for (const [severity, { topicArn }] of Object.entries(this.#topics))
      new CfnOutput(this, `TopicArn-${severity}`, { value: topicArn, description: `Alarms of severity ${severity} publish here.` });
    this.#operator = this.#topic('Operator', operatorTopicName(prefix), ['cloudwatch'], key);
    if (slack.operatorEmail !== undefined) this.#operator.addSubscription(new EmailSubscription(slack.operatorEmail));
    const queue = slack.receivers.length === 0 ? undefined : this.#tell(props, key);
    const hasListeners = slack.amazonQ.some(({ events }) => events);
    const events = hasListeners ? this.#topic('EventTopic', eventTopicName(prefix), ['events'], key) : undefined;
    new AlertEvents(this, 'Events', { queue, topic: events, events: { ...slack.events, approvals: slack.approvals.tell } });
    this.#tellDirectly(props.config, events);
    const { repositories } = slack.gitHub;
    if (repositories.length === 0) return;
    const { role } = new GitHubPublisher(this, 'GitHub', { roleName: gitHubRoleName(prefix), repositories, topic: this.#topics.info, key });
    new CfnOutput(this, 'GitHubRoleArn', { value: role.roleArn, description: 'Role of workflows that tell of themselves.' });
  }

  #topic(id: string, topicName: string, publishers: readonly string[], encryptionKey: IKey): ITopic {
    // Who an e-mail is from.
    const displayName = `eks-telemetry ${topicName.slice(topicName.lastIndexOf('-') + 1)}`;
    return new AlertTopic(this, id, { topicName, displayName, encryptionKey, publishers }).topic;
  }

  /** The notifier with its queue, its table, and what watches it. */
  #tell({ config, explanations, projectRoot, storage }: AlertsStackProps, key: IKey): AlertQueue {
    const { prefix, slack } = config;
    const table = new AlertTable(this, 'State', { tableName: alertTableName(prefix), encryptionKey: key });
    this.state = { table: table.table, key };
    const queue = new AlertQueue(this, 'Alerts', {
      queueName: alertQueueName(prefix),
      deadLetterName: alertDeadLetterName(prefix),
      encryptionKey: key,
      functionTimeout: NOTIFIER_TIMEOUT,
    });
    for (const topic of Object.values(this.#topics)) queue.subscribeTo(topic);
    const common = { projectRoot, encryptionKey: storage.logGroupKey, table, queue, alertKey: key };
    new AlertNotifier(this, 'Notifier', {
      ...common,
      functionName: alertNotifierName(prefix),
      rules: notifierRulesFor(config, explanations),
      secretKeys: [...new Set(slack.receivers.flatMap(({ kmsKey }) => (kmsKey === undefined ? [] : [kmsKey])))],
    });
    const sweeperName = alertSweeperName(prefix);
    new AlertSweeper(this, 'Sweeper', { ...common, functionName: sweeperName });
    new AlertWatch(this, 'Watch', { prefix, queue, sweeperName, operatorTopic: this.#operator });
    return queue;
  }

  /** Those that hear from the topics themselves. */
  #tellDirectly({ prefix, slack }: Config, events: ITopic | undefined): void {
    for (const { address, severities } of slack.emails)
      for (const severity of severities) this.#topics[severity].addSubscription(new EmailSubscription(address));
    for (const { channel, guardrails, name, severities, workspace, ...options } of slack.amazonQ) {
      const topics = severities.map((severity) => this.#topics[severity]);
      new AmazonQChannel(this, `AmazonQ-${name}`, {
        configurationName: joinName([prefix, name], MAX_CONFIGURATION_NAME),
        workspace,
        channel,
        topics: options.events && events !== undefined ? [...topics, events] : topics,
        guardrails,
      });
    }
  }
}

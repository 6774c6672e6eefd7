import { CfnSlackChannelConfiguration } from 'aws-cdk-lib/aws-chatbot';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { acknowledgeWildcard } from './acknowledge.ts';

/** Settings of a channel of Amazon Q Developer in chat applications. */
export interface AmazonQChannelProps {
  /** Name of the configuration in the account. */
  readonly configurationName: string;
  /** Id of the Slack workspace; it was authorized once in the console. */
  readonly workspace: string;
  /** Id of the channel. */
  readonly channel: string;
  readonly topics: readonly ITopic[];
  /**
   * ARNs of policies that nobody in the channel can go beyond.
   *
   * @default - the policy of this construct: reading alarms and metrics
   */
  readonly guardrails?: readonly string[] | undefined;
}

/** What drawing an alarm's metric takes. */
const READING = [
  'cloudwatch:DescribeAlarmHistory',
  'cloudwatch:DescribeAlarms',
  'cloudwatch:GetMetricData',
  'cloudwatch:GetMetricStatistics',
  'cloudwatch:GetMetricWidgetImage',
  'cloudwatch:ListMetrics',
];

/**
 * A Slack channel that Amazon Q tells of alarms. Without guardrails the service would take AdministratorAccess for them, and without the requirement of a user
 * role everybody in the channel would act with the channel's own: both are always set. The service subscribes to the topics by itself.
 */
export class AmazonQChannel extends Construct {
  constructor(scope: Construct, id: string, props: AmazonQChannelProps) {
    super(scope, id);
    const policy = new ManagedPolicy(this, 'Reading', {
      description: `What Amazon Q may read for ${props.configurationName}: alarms and metrics.`,
      statements: [new PolicyStatement({ sid: 'Metrics', actions: READING, resources: ['*'] })],
    });
    acknowledgeWildcard(policy, '*', 'Metrics are no resources: these actions work on * only, and only read.');
    const role = new Role(this, 'Role', {
      description: `The channel role of ${props.configurationName}.`,
      assumedBy: new ServicePrincipal('chatbot.amazonaws.com'),
      managedPolicies: [policy],
    });
    new CfnSlackChannelConfiguration(this, 'Channel', {
      configurationName: props.configurationName,
      slackWorkspaceId: props.workspace,
      slackChannelId: props.channel,
      iamRoleArn: role.roleArn,
      snsTopicArns: props.topics.map(({ topicArn }) => topicArn),
      guardrailPolicies: [...(props.guardrails ?? [policy.managedPolicyArn])],
      userRoleRequired: true,
      // Its log group would be made in us-east-1 and kept for ever.
      loggingLevel: 'NONE',
    });
  }
}

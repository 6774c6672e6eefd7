import { Stack } from 'aws-cdk-lib';
import { CfnLogAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { LogAlarm as Definition } from '../../lambdas/core/alarms/definition.ts';
import { acknowledgeWildcard } from './acknowledge.ts';
import { commonSettings, warmUpSetting } from './alarm-settings.ts';

/** The role with which CloudWatch Logs runs the queries of log alarms. */
export class LogAlarmRole extends Construct {
  readonly role: Role;
  readonly policy: Policy;

  constructor(scope: Construct, id: string, props: { readonly logGroups: readonly string[] }) {
    super(scope, id);
    const { account, partition, region } = Stack.of(this);
    this.role = new Role(this, 'Role', {
      description: 'CloudWatch Logs runs the saved queries of log alarms.',
      assumedBy: new ServicePrincipal('logs.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': account } } }),
    });
    this.policy = new Policy(this, 'Policy', { roles: [this.role] });
    const groups = [...new Set(props.logGroups)].sort().map((name) => `arn:${partition}:logs:${region}:${account}:log-group:${name}:*`);
    this.policy.addStatements(
      new PolicyStatement({ sid: 'StartQuery', actions: ['logs:StartQuery'], resources: groups }),
      // These know no resource: a narrower permission would leave every alarm in EVALUATION_ERROR.
      new PolicyStatement({
        sid: 'ReadResults',
        actions: ['logs:StopQuery', 'logs:GetQueryResults', 'logs:DescribeLogGroups'],
        resources: ['*'],
      }),
    );
    for (const group of groups) acknowledgeWildcard(this.policy, group, 'The ARN of a log group ends in :*.');
    acknowledgeWildcard(
      this.policy,
      '*',
      'StopQuery, GetQueryResults and DescribeLogGroups know no resource (service authorization reference of CloudWatch Logs).',
    );
  }
}

/** Settings of a log alarm. */
export interface LogAlarmProps {
  readonly definition: Definition;
  readonly role: LogAlarmRole;
}

/** An alarm on the results of a saved query that runs on a schedule. */
export class LogAlarm extends Construct {
  readonly alarm: CfnLogAlarm;

  constructor(scope: Construct, id: string, props: LogAlarmProps) {
    super(scope, id);
    const { definition, role } = props;
    this.alarm = new CfnLogAlarm(this, 'Alarm', {
      ...commonSettings(definition),
      ...warmUpSetting(definition),
      comparisonOperator: definition.comparison,
      threshold: definition.threshold,
      treatMissingData: definition.treatMissingData,
      queryResultsToAlarm: definition.resultsToAlarm,
      queryResultsToEvaluate: definition.resultsToEvaluate,
      // Lines of logs may hold secrets, and would travel in plain e-mails: the notifier asks for them itself and redacts.
      actionLogLineCount: 0,
      scheduledQueryConfiguration: {
        queryString: definition.query,
        aggregationExpression: definition.aggregation,
        logGroupIdentifiers: [...definition.logGroups],
        scheduledQueryRoleArn: role.role.roleArn,
        scheduleConfiguration: {
          scheduleExpression: rateOf(definition.everySeconds),
          startTimeOffset: definition.startOffsetSeconds,
          endTimeOffset: definition.endOffsetSeconds,
        },
      },
    });
    this.alarm.node.addDependency(role.policy);
  }
}

/** `rate(1 minute)`, `rate(5 minutes)`: whole minutes only. */
export function rateOf(seconds: number): string {
  const minutes = Math.max(1, Math.round(seconds / 60));
  return `rate(${minutes} minute${minutes === 1 ? '' : 's'})`;
}

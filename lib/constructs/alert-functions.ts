import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { NotifierRules } from '../../lambdas/core/alerts/notifier-rules.ts';
import type { AlertQueue } from './alert-queue.ts';
import type { AlertTable } from './alert-table.ts';
import { BundledFunction, type FunctionDefaults } from './bundled-function.ts';
import { logGroupArn } from './function-role.ts';

/** What both functions of alerts stand on. */
interface AlertFunctionProps extends FunctionDefaults {
  readonly functionName: string;
  readonly table: AlertTable;
  readonly queue: AlertQueue;
  /** Key of table and queues. */
  readonly alertKey: IKey;
}

/** Settings of alert-notifier. */
export interface AlertNotifierProps extends AlertFunctionProps {
  readonly rules: NotifierRules;
  /** Keys of secrets that have one of their own. */
  readonly secretKeys: readonly string[];
}

/** Time-out of alert-notifier: ten messages with Slack's pauses in between. Shorter than the claim of a group (90 s). */
export const NOTIFIER_TIMEOUT = Duration.seconds(60);
const NAMESPACE = 'EksTelemetry';

/** The function that reads the queue, keeps the state and tells Slack. */
export class AlertNotifier extends Construct {
  readonly notifier: BundledFunction;

  constructor(scope: Construct, id: string, props: AlertNotifierProps) {
    super(scope, id);
    const { alertKey, queue, rules, table, secretKeys, ...defaults } = props;
    this.notifier = new BundledFunction(this, 'Function', {
      ...defaults,
      entry: 'lambdas/alert-notifier.ts',
      description: 'Groups alarms and events, and tells Slack.',
      memoryMb: 512,
      timeout: NOTIFIER_TIMEOUT,
      files: { 'notifier.json': rules },
      environment: {
        ALERT_TABLE: table.table.tableName,
        ALERT_QUEUE_URL: queue.queue.queueUrl,
        DEAD_LETTER_QUEUE_URL: queue.deadLetters.queueUrl,
        METRIC_NAMESPACE: NAMESPACE,
      },
    });
    const { functionRole } = this.notifier;
    functionRole.allow({
      sid: 'AlertTable',
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:Query'],
      resources: [table.table.tableArn],
    });
    functionRole.allow({ sid: 'Reminders', actions: ['sqs:SendMessage'], resources: [queue.queue.queueArn, queue.deadLetters.queueArn] });
    functionRole.allow({ sid: 'AlertKey', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [alertKey.keyArn] });
    const arns = [...new Set(rules.receivers.map(({ secretArn }) => secretArn))];
    const secrets = arns.filter((arn) => arn.includes(':secretsmanager:'));
    const parameters = arns.filter((arn) => arn.includes(':ssm:'));
    if (secrets.length > 0) functionRole.allow({ sid: 'Secrets', actions: ['secretsmanager:GetSecretValue'], resources: secrets });
    if (parameters.length > 0) functionRole.allow({ sid: 'Parameters', actions: ['ssm:GetParameter'], resources: parameters });
    if (secretKeys.length > 0) functionRole.allow({ sid: 'SecretKeys', actions: ['kms:Decrypt'], resources: [...secretKeys] });
    this.allowEvidence(rules);
    queue.mapTo(this.notifier);
  }

  /** Reading what explains an alert: only what the rules ask for. */
  private allowEvidence(rules: NotifierRules): void {
    const { functionRole } = this.notifier;
    const shown = rules.explanations.filter(({ showsLines }) => showsLines === true);
    const groups = new Set(shown.flatMap(({ lines, logGroups = [] }) => [...logGroups, ...(lines?.logGroups ?? [])]));
    if (groups.size > 0) {
      const resources = [...groups].map((group) => logGroupArn(this, `${group.replace(/\{[^}]*\}/g, '*')}:*`));
      const why = 'The cluster inside the name of a log group is filled in from the alert; the rest of the name is fixed.';
      functionRole.allow({ sid: 'StartQuery', actions: ['logs:StartQuery'], resources, why });
      functionRole.allow({
        sid: 'QueryResults',
        actions: ['logs:GetQueryResults', 'logs:StopQuery'],
        resources: ['*'],
        why: 'Queries are no resources: these two actions work on * only, with the id of a query that this function started.',
      });
    }
    if (rules.receivers.some(({ graph }) => graph)) {
      functionRole.allow({
        sid: 'MetricImage',
        actions: ['cloudwatch:GetMetricWidgetImage'],
        resources: ['*'],
        why: 'Metrics are no resources: the action works on * only, and gives a picture.',
      });
    }
  }
}

/** The function that runs every minute: groups whose reminder was lost, alarms whose end was not reported. It never talks to Slack. */
export class AlertSweeper extends Construct {
  constructor(scope: Construct, id: string, props: AlertFunctionProps) {
    super(scope, id);
    const { alertKey, queue, table, ...defaults } = props;
    const { account } = Stack.of(this);
    const sweeper = new BundledFunction(this, 'Function', {
      ...defaults,
      entry: 'lambdas/alert-sweeper.ts',
      description: 'Has forgotten groups of alerts looked at, and ends alerts whose alarm is over.',
      memoryMb: 256,
      timeout: Duration.seconds(50),
      environment: {
        ALERT_TABLE: table.table.tableName,
        ALERT_QUEUE_URL: queue.queue.queueUrl,
        ACCOUNT_ID: account,
        METRIC_NAMESPACE: NAMESPACE,
      },
    });
    const { functionRole } = sweeper;
    const index = `${table.table.tableArn}/index/due`;
    functionRole.allow({ sid: 'ReadAlerts', actions: ['dynamodb:Query'], resources: [table.table.tableArn, index] });
    functionRole.allow({ sid: 'Reminders', actions: ['sqs:SendMessage'], resources: [queue.queue.queueArn] });
    functionRole.allow({ sid: 'AlertKey', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [alertKey.keyArn] });
    functionRole.allow({
      sid: 'AlarmStates',
      actions: ['cloudwatch:DescribeAlarms'],
      resources: [
        Stack.of(this).formatArn({ service: 'cloudwatch', resource: 'alarm', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME }),
      ],
      why: 'Alerts are told of every alarm of the account that publishes here; the action only reads.',
    });
    new Rule(this, 'Schedule', {
      description: 'Starts the sweep of alerts.',
      schedule: Schedule.rate(Duration.minutes(1)),
      // The next run comes anyway.
      targets: [new LambdaFunction(sweeper.function, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
  }
}

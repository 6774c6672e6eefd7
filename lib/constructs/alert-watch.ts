import { Duration } from 'aws-cdk-lib';
import { Alarm, type CfnAlarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { AlertQueue } from './alert-queue.ts';

/** Settings of the alarms on the way to Slack itself. */
export interface AlertWatchProps {
  readonly prefix: string;
  readonly queue: AlertQueue;
  readonly sweeperName: string;
  /** Not Slack: it is Slack that may be away. */
  readonly operatorTopic: ITopic;
}

/** Three periods of the alarm on the sweeper, and one more, in minutes. */
const WARM_UP_MINUTES = 20;

/** Alarms on the way to Slack. They go by e-mail: what watches a messenger must not depend on it. */
export class AlertWatch extends Construct {
  constructor(scope: Construct, id: string, props: AlertWatchProps) {
    super(scope, id);
    const { operatorTopic, prefix, queue, sweeperName } = props;
    const noSweep = new Alarm(this, 'NoSweep', {
      alarmName: `${prefix}-alerts-no-sweep`,
      alarmDescription: 'alert-sweeper does not run: repeats and lost reminders wait.',
      metric: new Metric({
        namespace: 'EksTelemetry',
        metricName: 'Sweeps',
        dimensionsMap: { Function: sweeperName },
        period: Duration.minutes(5),
        statistic: 'Sum',
      }),
      threshold: 1,
      evaluationPeriods: 3,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      // A sweeper that is gone says nothing at all.
      treatMissingData: TreatMissingData.BREACHING,
    });
    // Before the first sweep there is no data, which is just what this alarm is there for: it begins a little later.
    (noSweep.node.defaultChild as CfnAlarm).warmUpConfiguration = {
      warmUpPeriodDurationInMinutes: WARM_UP_MINUTES,
      onlyStartEvaluatingAfterWarmUpPeriodEnds: true,
    };
    const alarms = [
      new Alarm(this, 'NotTold', {
        alarmName: `${prefix}-alerts-not-told`,
        alarmDescription:
          'Slack did not take messages, or a notification could not be read: see the dead letters of the alert queue, then docs/runbook.md.',
        metric: queue.deadLetters.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: 'Maximum' }),
        threshold: 1,
        evaluationPeriods: 1,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        // SQS stops reporting on a queue that nobody uses: then it is empty.
        treatMissingData: TreatMissingData.NOT_BREACHING,
      }),
      new Alarm(this, 'Late', {
        alarmName: `${prefix}-alerts-late`,
        alarmDescription: 'Notifications wait in the queue for a quarter of an hour: alert-notifier does not run, or fails.',
        metric: queue.queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(5), statistic: 'Maximum' }),
        threshold: 900,
        evaluationPeriods: 2,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      }),
      noSweep,
    ];
    for (const alarm of alarms) {
      alarm.addAlarmAction(new SnsAction(operatorTopic));
      alarm.addOkAction(new SnsAction(operatorTopic));
    }
  }
}

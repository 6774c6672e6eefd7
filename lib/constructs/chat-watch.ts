import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { BundledFunction } from './bundled-function.ts';

/** Settings of the alarms on the chat. */
export interface ChatWatchProps {
  readonly prefix: string;
  readonly command: BundledFunction;
  readonly worker: BundledFunction;
  /** Told by Slack: what is watched here are questions, not the way of alerts. */
  readonly topic: ITopic;
}

/** Calls with a wrong signature in a quarter of an hour at which somebody tries, or the secret was changed on one side only. */
const FORGED_CALLS = 20;

/** Alarms on the slash command: it fails, it is too slow for Slack, somebody tries. */
export class ChatWatch extends Construct {
  constructor(scope: Construct, id: string, { command, prefix, topic, worker }: ChatWatchProps) {
    super(scope, id);
    const own = (metricName: string, { functionName }: BundledFunction, period: Duration): Metric =>
      new Metric({ namespace: 'EksTelemetry', metricName, dimensionsMap: { Function: functionName }, statistic: 'Sum', period });
    const period = Duration.minutes(5);
    this.#alarm('CommandFails', `${prefix}-chat-command-errors`, {
      text: 'chat-command throws, or could not hand a question on: see its log, then docs/slack.md.',
      metric: command.function.metricErrors({ period }),
      topic,
    });
    this.#alarm('WorkerFails', `${prefix}-chat-worker-errors`, {
      text: 'chat-worker throws or runs out of time: whoever asked got no answer. See its log.',
      metric: worker.function.metricErrors({ period }),
      topic,
    });
    this.#alarm('AnswersFail', `${prefix}-chat-failed`, {
      text: 'Questions from Slack failed three times in five minutes: the reasons stand in the log of chat-worker (chat.reason).',
      metric: own('ChatFailed', worker, period),
      threshold: 3,
      topic,
    });
    this.#alarm('Throttled', `${prefix}-chat-throttled`, {
      text: 'Calls of Slack were turned away: more than commandConcurrency at a time, by people or by somebody who tries.',
      metric: command.function.metricThrottles({ period }),
      threshold: 5,
      topic,
    });
    this.#alarm('Forged', `${prefix}-chat-forged`, {
      text: `${FORGED_CALLS} calls with a wrong signature or none in a quarter of an hour: somebody found the URL, or the signing secret was changed on one side only.`,
      metric: own('ChatForged', command, Duration.minutes(15)),
      threshold: FORGED_CALLS,
      topic,
    });
  }

  #alarm(
    id: string,
    alarmName: string,
    {
      metric,
      text,
      threshold = 1,
      topic,
    }: { readonly text: string; readonly metric: IMetric; readonly threshold?: number; readonly topic: ITopic },
  ): void {
    const alarm = new Alarm(this, id, {
      alarmName,
      alarmDescription: text,
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      // Nobody asks at night: nothing is measured, and nothing is wrong.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(topic));
    alarm.addOkAction(new SnsAction(topic));
  }
}

import { SEVERITIES, type Severity } from '../../lambdas/core/alerts/alert.ts';
import { joinName } from './names.ts';

/** Topics that alarms and events are published to, one for each severity: other tools subscribe to what they want to hear. */
export const ALERT_SEVERITIES: readonly Severity[] = SEVERITIES;

/** Name of the topic of a severity. */
export function alertTopicName(prefix: string, severity: Severity): string {
  return joinName([prefix, 'alerts', severity], 256);
}

/** Name of the topic by which an operator hears that Slack takes nothing. */
export function operatorTopicName(prefix: string): string {
  return joinName([prefix, 'alerts-operator'], 256);
}

/** Name of the queue between the topics and alert-notifier. */
export function alertQueueName(prefix: string): string {
  return joinName([prefix, 'alerts'], 80);
}

/** Name of the queue of what could not be told. */
export function alertDeadLetterName(prefix: string): string {
  return joinName([prefix, 'alerts-dead-letters'], 80);
}

/** Name of the table of alerts. */
export function alertTableName(prefix: string): string {
  return joinName([prefix, 'alerts'], 255);
}

/** Name of the function that tells Slack. */
export function alertNotifierName(prefix: string): string {
  return joinName([prefix, 'alert-notifier']);
}

/** Name of the function that looks after forgotten groups and alarms. */
export function alertSweeperName(prefix: string): string {
  return joinName([prefix, 'alert-sweeper']);
}

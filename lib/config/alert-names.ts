import type { Severity } from '../../lambdas/core/alerts/alert.ts';
import { joinName } from './names.ts';

/** Name of the topic that alarms of a severity are published to: other tools subscribe to what they want to hear. */
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

/** Name of the topic of events that others than the notifier hear as well. */
export function eventTopicName(prefix: string): string {
  return joinName([prefix, 'alerts-events'], 256);
}

/** Name of the role by which workflows of GitHub publish. */
export function gitHubRoleName(prefix: string): string {
  return joinName([prefix, 'alerts-github']);
}

/** Name of the function behind the URL that Slack calls. */
export function chatCommandName(prefix: string): string {
  return joinName([prefix, 'chat-command']);
}

/** Name of the function that looks up what was asked. */
export function chatWorkerName(prefix: string): string {
  return joinName([prefix, 'chat-worker']);
}

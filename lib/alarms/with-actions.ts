import type { AlarmDefinition } from '../../lambdas/core/alarms/definition.ts';
import type { Severity } from '../config/schema-alarms.ts';
import type { PlannedAlarm } from './planned.ts';

/** Where alarms tell: the topic of a severity, or nothing where there is none. */
export type TopicFor = (severity: Severity) => string | undefined;

/** A planned alarm with its actions: the topic of its severity, and what its own config adds. Who has a rule that tells for it does nothing but that. */
export function withActions({ alarm, definition, severity, tells }: PlannedAlarm, topicFor: TopicFor, tellsOk: boolean): AlarmDefinition {
  const topic = tells ? topicFor(severity) : undefined;
  const told = topic === undefined ? [] : [topic];
  return {
    ...definition,
    alarmActions: [...told, ...alarm.actions.alarm],
    okActions: [...(tellsOk ? told : []), ...alarm.actions.ok],
    // A log alarm is without data only where its query failed: nobody would see that it is blind.
    insufficientDataActions: [...(definition.kind === 'log' ? told : []), ...alarm.actions.insufficientData],
  };
}

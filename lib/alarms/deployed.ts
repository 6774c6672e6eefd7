import { alarmsIn, parseRule } from '../../lambdas/core/alarms/composite-rule.ts';
import type { AlarmDefinition } from '../../lambdas/core/alarms/definition.ts';
import type { PlannedAlarm } from './planned.ts';

/** Names of the deployed alarms that a definition looks at: those of its rule and its suppressor. */
export function namesWatched(definition: AlarmDefinition): string[] {
  if (definition.kind !== 'composite') return [];
  return [
    ...new Set([...alarmsIn(parseRule(definition.rule)), ...(definition.suppressor === undefined ? [] : [definition.suppressor.alarm])]),
  ];
}

/** An alarm with everything that its rule and its suppressor watch, whatever the depth; children before parents. */
export function watchedBy(subject: PlannedAlarm, alarms: readonly PlannedAlarm[]): PlannedAlarm[] {
  const found: PlannedAlarm[] = [];
  const visit = (planned: PlannedAlarm): void => {
    if (found.includes(planned)) return;
    for (const name of namesWatched(planned.definition)) {
      const child = alarms.find(({ definition }) => definition.name === name);
      if (child !== undefined) visit(child);
    }
    found.push(planned);
  };
  visit(subject);
  return found;
}

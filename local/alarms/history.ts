import type { AlarmState } from '../../lambdas/core/alarms/state.ts';
import type { AlarmRun } from './alarm-run.ts';

/** An alarm as the page shows it. */
export interface AlarmHistory {
  readonly name: string;
  readonly title: string;
  readonly severity: string;
  readonly kind: string;
  readonly state: AlarmState;
  readonly sinceMs: number;
  readonly reason: string;
  /** What keeps its actions back now. */
  readonly suppressedBy?: string;
  /** Labels of contributors in ALARM. */
  readonly contributors: readonly { readonly [name: string]: string }[];
  /** Its states from the begin of the run on, each from when. */
  readonly states: readonly { readonly fromMs: number; readonly state: AlarmState; readonly isTold: boolean }[];
}

/** All alarms of a run with what they went through, on the run's clock. */
export interface AlarmHistories {
  readonly startMs: number;
  readonly nowMs: number;
  readonly alarms: readonly AlarmHistory[];
}

const ORDER: readonly AlarmState[] = ['ALARM', 'INSUFFICIENT_DATA', 'OK'];

/** The alarms of a run: those that fire first, then those that fired, by severity as their names have it. */
export function alarmHistories(run: AlarmRun, startMs: number, nowMs: number): AlarmHistories {
  const alarms = run.engine.alarms.map((alarm): AlarmHistory => {
    const status = run.engine.status(alarm.name);
    const changes = run.transitions.filter(
      (change) => change.alarm.name === alarm.name && change.contributor === undefined && !change.isLate,
    );
    return {
      name: alarm.name,
      title: alarm.tags?.['title'] ?? alarm.name,
      severity: alarm.tags?.['severity'] ?? '',
      kind: alarm.kind,
      state: status?.state ?? 'INSUFFICIENT_DATA',
      sinceMs: status?.sinceMs ?? startMs,
      reason: status?.reason ?? '',
      ...(status?.suppressedBy === undefined ? {} : { suppressedBy: status.suppressedBy }),
      contributors: (status?.contributors ?? []).map(({ attributes }) => attributes),
      states: [
        { fromMs: startMs, state: 'INSUFFICIENT_DATA', isTold: false },
        ...changes.map(({ actions, atMs, to }) => ({ fromMs: atMs, state: to, isTold: actions.length > 0 })),
      ],
    };
  });
  const hasFired = ({ states }: AlarmHistory): number => (states.some(({ state }) => state === 'ALARM') ? 0 : 1);
  alarms.sort(
    (a, b) =>
      Number(b.state === 'ALARM') - Number(a.state === 'ALARM') ||
      hasFired(a) - hasFired(b) ||
      ORDER.indexOf(a.state) - ORDER.indexOf(b.state) ||
      (a.name < b.name ? -1 : 1),
  );
  return { startMs, nowMs, alarms };
}

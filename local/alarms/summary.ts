import type { AlarmState } from '../../lambdas/core/alarms/state.ts';
import type { AlarmRun } from './alarm-run.ts';

/** What the alarms did in a run. */
export interface AlarmSummary {
  /** Alarms by their state at the end. */
  readonly states: { readonly [state in AlarmState]: number };
  readonly transitions: readonly {
    readonly at: string;
    readonly alarm: string;
    readonly contributor?: { readonly [name: string]: string };
    readonly from: AlarmState;
    readonly to: AlarmState;
    readonly severity: string;
    readonly reason: string;
    /** Whether it told a topic. */
    readonly told: boolean;
  }[];
  /** Alarms that nothing on this machine can answer, with the reason. */
  readonly unanswered: readonly { readonly alarm: string; readonly reason: string }[];
  /** Actions that are no topics, by service. */
  readonly notDone: { readonly [service: string]: number };
}

/** Sums up the alarms of a run; undefined where the templates have none. A first OK is no news and left out. */
export function summarizeAlarms(run: AlarmRun | undefined): AlarmSummary | undefined {
  if (run === undefined) return undefined;
  const states = { OK: 0, ALARM: 0, INSUFFICIENT_DATA: 0 };
  for (const { name } of run.engine.alarms) states[run.engine.status(name)?.state ?? 'INSUFFICIENT_DATA']++;
  return {
    states,
    transitions: run.transitions
      .filter(({ from, to }) => from !== 'INSUFFICIENT_DATA' || to !== 'OK')
      .map(({ alarm, atMs, from, to, reason, contributor, actions }) => ({
        at: new Date(atMs).toISOString(),
        alarm: alarm.name,
        ...(contributor === undefined ? {} : { contributor: contributor.attributes }),
        from,
        to,
        severity: alarm.tags?.['severity'] ?? '',
        reason,
        told: actions.some((action) => action.split(':')[2] === 'sns'),
      })),
    unanswered: run.engine.alarms.flatMap((alarm) => {
      if (alarm.kind === 'promql') return [{ alarm: alarm.name, reason: 'no Prometheus runs here' }];
      if (alarm.kind === 'metric' && alarm.thresholdMetricId !== undefined)
        return [{ alarm: alarm.name, reason: 'AWS learns the band, nothing here does' }];
      return [];
    }),
    notDone: Object.fromEntries(run.notDone),
  };
}

import type { AlarmDefinition, MetricId } from '../../lambdas/core/alarms/definition.ts';
import type { MetricReader } from '../../lambdas/core/alarms/metric-data.ts';
import { parseInsightsQuery } from '../../lambdas/core/alarms/metrics-insights.ts';
import type { AlarmState } from '../../lambdas/core/alarms/state.ts';
import { PATTERN_NAMESPACE } from '../../lib/alarms/metrics-own.ts';
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
      const reason = whyUnanswered(alarm, run.store);
      return reason === undefined ? [] : [{ alarm: alarm.name, reason }];
    }),
    notDone: Object.fromEntries(run.notDone),
  };
}

/** Why an alarm says nothing here; undefined for one that was evaluated on what happened in the run. */
function whyUnanswered(alarm: AlarmDefinition, store: MetricReader): string | undefined {
  if (alarm.kind === 'promql') return 'no Prometheus runs here; `alarms test` evaluates their scenarios on one';
  if (alarm.kind !== 'metric') return undefined;
  if (alarm.thresholdMetricId !== undefined) return 'AWS learns the band, nothing here does';
  const asked = alarm.queries.flatMap((query): Pick<MetricId, 'namespace' | 'metricName'>[] => {
    if ('metric' in query) return [query.metric];
    const insights = parseInsightsQuery(query.expression);
    return insights === undefined ? [] : [insights];
  });
  // Lines that match nothing are health, and so is a group without events: its silence is what an alarm looks for.
  const isOfLogs = asked.some(({ metricName, namespace }) => namespace === PATTERN_NAMESPACE || metricName === 'IncomingLogEvents');
  const hasSamples = asked.some(({ metricName, namespace }) => store.find(namespace, metricName).length > 0);
  return isOfLogs || hasSamples ? undefined : `nothing sent metrics of ${[...new Set(asked.map(({ namespace }) => namespace))].join(', ')}`;
}

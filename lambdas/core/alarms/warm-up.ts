import type { AlarmDefinition } from './definition.ts';
import type { MetricReader } from './metric-data.ts';
import { windowsAt } from './windows.ts';

/** Minutes that a warm-up may take (WarmUpConfiguration, 2026). */
export const WARM_UP_MINUTES = { min: 1, max: 2880 } as const;

/**
 * Whether an alarm is evaluated yet. In its warm-up it stays INSUFFICIENT_DATA and does nothing; unless it waits the whole time, it starts as soon as
 * its evaluation window is filled with data.
 */
export function isWarm(alarm: AlarmDefinition, createdMs: number, nowMs: number, metrics: MetricReader): boolean {
  const { warmUp } = alarm;
  if (warmUp === undefined || nowMs >= createdMs + warmUp.minutes * 60_000) return true;
  if (warmUp.wholeTime || alarm.kind !== 'metric') return false;
  const windows = windowsAt(nowMs, alarm.periodSeconds, alarm.evaluationPeriods, alarm.window);
  const read = alarm.queries.flatMap((query) => ('metric' in query ? [metrics.points(query.metric, query.statistic, windows)] : []));
  return read.length > 0 && read.every((points) => points.every((point) => point !== undefined));
}

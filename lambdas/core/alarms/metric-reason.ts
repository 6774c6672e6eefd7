import type { DatapointDecision } from './datapoint-state.ts';
import { alarmTime, cutReason, reasonNumber } from './decision.ts';
import type { MetricAlarm } from './definition.ts';
import type { AlarmState, Band, Comparison } from './state.ts';
import type { Window } from './windows.ts';

/** A data point that took part in a decision. */
export interface EvaluatedPoint {
  readonly window: Window;
  readonly value: number | undefined;
  readonly sampleCount: number;
  readonly band?: Band;
}

const OPERATOR_TEXT: { readonly [comparison in Comparison]: string } = {
  GreaterThanThreshold: 'greater than the threshold',
  GreaterThanOrEqualToThreshold: 'greater than or equal to the threshold',
  LessThanThreshold: 'less than the threshold',
  LessThanOrEqualToThreshold: 'less than or equal to the threshold',
  LessThanLowerOrGreaterThanUpperThreshold: 'less than the lower thresholds or greater than the upper thresholds',
  LessThanLowerThreshold: 'less than the lower thresholds',
  GreaterThanUpperThreshold: 'greater than the upper thresholds',
};

/** Data points that a reason writes out. */
const SHOWN_POINTS = 5;

/** Why a metric alarm has its state, worded as CloudWatch words it: people and programs know these sentences. */
export function metricReason(
  alarm: MetricAlarm,
  decision: DatapointDecision,
  points: readonly EvaluatedPoint[],
  next: { readonly from: AlarmState; readonly to: AlarmState },
): string {
  const { evaluationPeriods, datapointsToAlarm, comparison, treatMissingData } = alarm;
  const treated = treatMissingData === 'breaching' ? '[Breaching]' : '[NonBreaching]';
  const filled = Math.max(0, decision.filled);
  if (decision.kind === 'noData') {
    const unknown = evaluationPeriods - points.length;
    return `Insufficient Data: ${unknown} ${unknown === 1 ? 'datapoint was' : 'datapoints were'} unknown.`;
  }
  if (points.length === 0) {
    const periods = `${evaluationPeriods} ${evaluationPeriods === 1 ? 'period' : 'periods'}`;
    if (decision.kind === 'retained') return `Unchanged: no datapoints were received for ${periods} and missing datapoints are ignored.`;
    return `Threshold Crossed: no datapoints were received for ${periods} and ${filled} missing ${filled === 1 ? 'datapoint was' : 'datapoints were'} treated as ${treated}.`;
  }
  const isAlarm = next.to === 'ALARM';
  const counted = isAlarm ? decision.breaching : points.length - decision.breaching;
  const shown = points
    .slice(-SHOWN_POINTS)
    .reverse()
    .map(({ value, window }) => `${reasonNumber(value ?? 0)} (${shortTime(window.startMs)})`)
    .join(', ');
  const verb = counted === 1 ? 'was' : 'were';
  const least = isAlarm ? datapointsToAlarm : evaluationPeriods - datapointsToAlarm + 1;
  const missing =
    filled > 0 && (treatMissingData === 'breaching' || treatMissingData === 'notBreaching')
      ? ` and ${filled} missing ${filled === 1 ? 'datapoint was' : 'datapoints were'} treated as ${treated}`
      : '';
  const minimum = `(minimum ${least} ${least === 1 ? 'datapoint' : 'datapoints'} for ${isAlarm ? 'OK -> ALARM' : 'ALARM -> OK'} transition)`;
  return cutReason(
    `Threshold Crossed: ${counted} out of the last ${points.length} datapoints [${shown}] ${verb} ${isAlarm ? '' : 'not '}${OPERATOR_TEXT[comparison]} ${thresholdText(alarm, points)}${missing} ${minimum}.`,
  );
}

function thresholdText({ threshold }: MetricAlarm, points: readonly EvaluatedPoint[]): string {
  if (threshold !== undefined) return `(${reasonNumber(threshold)})`;
  const newest = points
    .slice(-SHOWN_POINTS)
    .reverse()
    .map(({ band }) => (band === undefined ? '-' : `${reasonNumber(band.lower)} to ${reasonNumber(band.upper)}`));
  return `[${newest.join(', ')}]`;
}

/** `21/11/26 10:00:00`, as CloudWatch writes times inside of a reason. */
function shortTime(atMs: number): string {
  const iso = new Date(atMs).toISOString();
  return `${iso.slice(8, 10)}/${iso.slice(5, 7)}/${iso.slice(2, 4)} ${iso.slice(11, 19)}`;
}

/** `StateReasonData` of a metric alarm, version 1.0. */
export function metricReasonData(alarm: MetricAlarm, points: readonly EvaluatedPoint[], nowMs: number): string {
  const returned = alarm.queries.find((query) => query.returnData && query.id !== alarm.thresholdMetricId);
  const recent = points.map(({ value }) => value ?? 0);
  const bands = points.flatMap(({ band }) => (band === undefined ? [] : [band]));
  return JSON.stringify({
    version: '1.0',
    queryDate: alarmTime(nowMs),
    ...(points[0] === undefined ? {} : { startDate: alarmTime(points[0].window.startMs) }),
    ...(returned !== undefined && 'metric' in returned ? { statistic: returned.statistic } : {}),
    period: alarm.periodSeconds,
    recentDatapoints: recent,
    ...(alarm.threshold === undefined
      ? { recentLowerThresholds: bands.map(({ lower }) => lower), recentUpperThresholds: bands.map(({ upper }) => upper) }
      : { threshold: alarm.threshold }),
    evaluatedDatapoints: [...points].reverse().map(({ window, value, sampleCount, band }) => ({
      timestamp: alarmTime(window.startMs),
      ...(sampleCount > 0 ? { sampleCount } : {}),
      ...(value === undefined ? {} : { value }),
      ...(band === undefined ? {} : { lowerThreshold: band.lower, upperThreshold: band.upper }),
    })),
  });
}

import { type Aggregation, MAX_LOG_CONTRIBUTORS, parseAggregation } from './aggregation.ts';
import { decideByDatapoints, type PointKind } from './datapoint-state.ts';
import { alarmTime, type Contributor, contributorId, cutReason, type Decision, reasonNumber } from './decision.ts';
import type { LogAlarm } from './definition.ts';
import { type AlarmState, breachesThreshold, type StaticComparison } from './state.ts';

/** One number of a run: the whole, or one group. */
export interface LogGroupValue {
  readonly attributes: { readonly [name: string]: string };
  readonly value: number;
}

/** What a run of the query gave. */
export type LogResult =
  | { readonly ok: true; readonly atMs: number; readonly values: readonly LogGroupValue[] }
  | { readonly ok: false; readonly atMs: number; readonly reason: string };

export interface LogMemory {
  readonly state: AlarmState;
  /** Results of the last runs, oldest first, at most as many as are evaluated. */
  readonly results: readonly LogResult[];
  readonly contributors: ReadonlyMap<string, Contributor>;
}

/** Evaluates a log alarm after a run: M of the last N results, per contributor. A run that failed is INSUFFICIENT_DATA, as the guide says. */
export function evaluateLogAlarm(
  alarm: LogAlarm,
  result: LogResult,
  memory: LogMemory,
): { readonly decision: Decision; readonly results: readonly LogResult[] } {
  const results = [...memory.results, result].slice(-alarm.resultsToEvaluate);
  const parsed = parseAggregation(alarm.aggregation);
  const failure = !parsed.ok ? parsed.reason : !result.ok ? result.reason : undefined;
  if (failure !== undefined || !parsed.ok) {
    const reason = cutReason(`Unable to evaluate the query: ${failure ?? ''}`);
    return {
      decision: { state: 'INSUFFICIENT_DATA', reason, reasonData: JSON.stringify({ version: '1.0', evaluationState: 'EVALUATION_ERROR' }) },
      results,
    };
  }
  const { aggregation } = parsed;
  if (aggregation.by.length === 0) {
    const found = decide(alarm, aggregation, results, '', memory.state);
    return { decision: { ...found, ...(found.value === undefined ? {} : { value: found.value }) }, results };
  }
  return { decision: overGroups(alarm, aggregation, results, memory), results };
}

interface Found {
  readonly state: AlarmState;
  readonly reason: string;
  readonly reasonData: string;
  readonly value?: number;
}

function decide(alarm: LogAlarm, aggregation: Aggregation, results: readonly LogResult[], id: string, previous: AlarmState): Found {
  const points = results.map((result) => ({ atMs: result.atMs, value: valueIn(result, aggregation, id) }));
  const kinds = points.map(({ value }): PointKind => {
    if (value === undefined) return 'missing';
    return breachesThreshold(value, alarm.comparison as StaticComparison, alarm.threshold) ? 'breaching' : 'notBreaching';
  });
  const rule = {
    datapointsToAlarm: alarm.resultsToAlarm,
    evaluationPeriods: alarm.resultsToEvaluate,
    // Runs before the first one are no missing data: nobody has asked yet.
    treatMissingData:
      results.length < alarm.resultsToEvaluate && alarm.treatMissingData === 'breaching' ? 'missing' : alarm.treatMissingData,
  } as const;
  const { state, breaching } = decideByDatapoints(kinds, rule, previous);
  const value = points.at(-1)?.value;
  const shown = points.map((point) => (point.value === undefined ? '-' : reasonNumber(point.value))).reverse();
  const reason = cutReason(
    `Threshold Crossed: ${breaching} out of the last ${results.length} query results [${shown.join(', ')}] breached the threshold (${reasonNumber(alarm.threshold)}), ${alarm.resultsToAlarm} of ${alarm.resultsToEvaluate} are an alarm.`,
  );
  const reasonData = JSON.stringify({
    version: '1.0',
    queryDate: alarmTime(points.at(-1)?.atMs ?? 0),
    threshold: alarm.threshold,
    evaluatedQueryResults: points.map((point) => ({
      timestamp: alarmTime(point.atMs),
      ...(point.value === undefined ? {} : { value: point.value }),
    })),
  });
  return { state, reason, reasonData, ...(value === undefined ? {} : { value }) };
}

/** No rows are 0 for a count and no value for everything else. */
function valueIn(result: LogResult, { call }: Aggregation, id: string): number | undefined {
  if (!result.ok) return undefined;
  const found = id === '' ? result.values[0] : result.values.find(({ attributes }) => contributorId(attributes) === id);
  return found?.value ?? (call === 'count' ? 0 : undefined);
}

function overGroups(alarm: LogAlarm, aggregation: Aggregation, results: readonly LogResult[], memory: LogMemory): Decision {
  const groups = new Map<string, { readonly [name: string]: string }>();
  for (const result of results)
    if (result.ok) for (const { attributes } of result.values) groups.set(contributorId(attributes), attributes);
  for (const [id, { attributes, state }] of memory.contributors) if (state === 'ALARM') groups.set(id, attributes);
  const contributors: Contributor[] = [];
  let firing = 0;
  for (const [id, attributes] of groups) {
    const before = memory.contributors.get(id)?.state ?? 'OK';
    const { state, ...rest } = decide(alarm, aggregation, results, id, before);
    const next = state === 'INSUFFICIENT_DATA' ? 'OK' : state;
    if (next === 'ALARM') firing++;
    if (next === 'ALARM' ? firing <= MAX_LOG_CONTRIBUTORS : before === 'ALARM') contributors.push({ id, attributes, state: next, ...rest });
  }
  const reason = `${firing} out of ${groups.size} groups of the query results evaluated to ALARM`;
  return {
    state: firing > 0 ? 'ALARM' : 'OK',
    reason,
    reasonData: JSON.stringify({ version: '1.0', firing, evaluated: groups.size }),
    contributors,
  };
}

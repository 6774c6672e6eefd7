import type { AlarmState, MissingData } from './state.ts';

/** What one data point of the evaluation range says: it breaches, it does not, or it is not there. */
export type PointKind = 'breaching' | 'notBreaching' | 'missing';

/** How many data points decide. */
export interface DatapointRule {
  /** M: data points that must breach. */
  readonly datapointsToAlarm: number;
  /** N: data points that are looked at. */
  readonly evaluationPeriods: number;
  readonly treatMissingData: MissingData;
}

/** Why a set of data points leads to a state; `retained` keeps the state that the alarm had. */
export type DecisionKind = 'breaching' | 'notBreaching' | 'premature' | 'noData' | 'retained';

/** The state that data points lead to. */
export interface DatapointDecision {
  readonly state: AlarmState;
  readonly kind: DecisionKind;
  /** Positions in the range of the real data points that were evaluated, oldest first. */
  readonly evaluated: readonly number[];
  /** How many missing points were filled in with `treatMissingData`: as few as possible. */
  readonly filled: number;
  /** Real points that breach among the evaluated. */
  readonly breaching: number;
}

/** Data points that CloudWatch reads beyond the evaluation periods: 5 for 3 in the user guide, which gives no other number. */
const EXTRA_POINTS = 2;

/** How many of the newest data points are read: more than the evaluation periods, so that some may be missing. */
export function evaluationRange(evaluationPeriods: number): number {
  return evaluationPeriods + EXTRA_POINTS;
}

/**
 * Decides by the user guide's rules ("How alarm state is evaluated when data is missing"). `range` is the evaluation range, oldest first.
 * 1. With at least N real points in the range, the newest N decide, whatever is missing between them.
 * 2. With fewer, all real ones count and only so many missing ones as are needed to reach N are filled in.
 * 3. With `missing` and `ignore` nothing is filled in. Then M breaching points are an alarm; one that does not breach makes OK; and where all
 *    real points breach, but fewer than M, the oldest must be at least M periods old (the guide: "premature transitions"), else it is too early to tell.
 *    The guide's text would apply that to points in front of which one does not breach, too; its table ("0 - X - -" with 2 of 3 is OK) does not.
 */
export function decideByDatapoints(range: readonly PointKind[], rule: DatapointRule, previous: AlarmState): DatapointDecision {
  const { datapointsToAlarm, evaluationPeriods, treatMissingData } = rule;
  const real = range.flatMap((kind, position) => (kind === 'missing' ? [] : [position]));
  const evaluated = real.slice(Math.max(0, real.length - evaluationPeriods));
  const breaching = evaluated.filter((position) => range[position] === 'breaching').length;
  const filled = evaluationPeriods - evaluated.length;
  const decide = (state: AlarmState, kind: DecisionKind): DatapointDecision => ({ state, kind, evaluated, filled, breaching });
  if (filled <= 0 || treatMissingData === 'notBreaching' || treatMissingData === 'breaching') {
    const breachingInAll = breaching + (treatMissingData === 'breaching' ? Math.max(0, filled) : 0);
    return breachingInAll >= datapointsToAlarm ? decide('ALARM', 'breaching') : decide('OK', 'notBreaching');
  }
  if (breaching >= datapointsToAlarm) return decide('ALARM', 'breaching');
  if (breaching < evaluated.length) return decide('OK', 'notBreaching');
  if (treatMissingData === 'ignore') return decide(previous, 'retained');
  const oldest = evaluated[0];
  const ageOfOldest = oldest === undefined ? 0 : range.length - oldest;
  return ageOfOldest >= datapointsToAlarm && oldest !== undefined ? decide('ALARM', 'premature') : decide('INSUFFICIENT_DATA', 'noData');
}

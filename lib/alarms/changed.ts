import type { AlarmChange, AlarmConfig, CheckConfig } from '../config/schema-alarms.ts';
import { kindOfCheck } from './check-shape.ts';
import { withThreshold } from './spec.ts';

/** Settings of the config over those of the catalogue. */
export type Overrides = Pick<AlarmChange, 'threshold' | 'points' | 'period' | 'missing'>;

/** A check with other numbers. */
export function changedCheck(check: CheckConfig, { threshold, points, period, missing }: Overrides): CheckConfig {
  // The other profile of the same alarm may be PromQL, which has none of these.
  if (check.promql !== undefined || check.rule !== undefined) return check;
  return {
    ...check,
    ...(threshold === undefined || check.when === undefined ? {} : { when: withThreshold(check.when, threshold) }),
    ...(points === undefined ? {} : { points }),
    ...(period === undefined ? {} : { period }),
    ...(missing === undefined ? {} : { missing, because: 'the config says so' }),
  };
}

/** Fields of a change that a check has no use for. */
export function uselessOverrides(check: CheckConfig, change: Overrides): string[] {
  const kind = kindOfCheck(check);
  const useless =
    kind === 'promql' || kind === 'rule'
      ? (['threshold', 'points', 'period', 'missing'] as const)
      : kind === 'logs'
        ? (['period'] as const)
        : [];
  return useless.filter((field) => change[field] !== undefined);
}

/** An alarm with what the config says of it as a whole. */
export function changedAlarm(alarm: AlarmConfig, change: AlarmChange | undefined): AlarmConfig {
  if (change === undefined) return alarm;
  const { enabled, severity, owner, warmUp, actions } = change;
  const check = (given: CheckConfig | undefined): CheckConfig | undefined =>
    given === undefined ? undefined : changedCheck(given, change);
  return {
    ...alarm,
    ...(enabled === undefined ? {} : { enabled }),
    ...(severity === undefined ? {} : { severity }),
    ...(owner === undefined ? {} : { owner }),
    ...(warmUp === undefined ? {} : { warmUp }),
    ...(actions === undefined ? {} : { actions }),
    ...(alarm.check === undefined ? {} : { check: check(alarm.check) }),
    ...(alarm.classic === undefined ? {} : { classic: check(alarm.classic) }),
    ...(alarm.otel === undefined ? {} : { otel: check(alarm.otel) }),
  };
}

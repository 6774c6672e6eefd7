import type { MuteRule } from '../../lambdas/core/alarms/mute.ts';
import type { Config } from '../config/resolve.ts';
import type { PlannedAlarm } from './planned.ts';
import { matchesName, secondsOf } from './spec.ts';

/** Most alarms of one mute rule (`AWS::CloudWatch::AlarmMuteRule`); more become a second rule. */
export const MAX_MUTED_ALARMS = 100;

/** Mute rules of a scope: each of the config with the names of the deployed alarms that it means, split where they are too many. */
export function mutesOf(config: Config, cluster: string | undefined, alarms: readonly PlannedAlarm[]): MuteRule[] {
  const rules: MuteRule[] = [];
  for (const mute of config.alarms.mute) {
    if (mute.clusters !== undefined && (cluster === undefined || !mute.clusters.includes(cluster))) continue;
    const names = alarms
      .filter(({ name, id }) => mute.alarms.some((pattern) => matchesName(pattern, name) || matchesName(pattern, id)))
      .map(({ definition }) => definition.name);
    for (let from = 0; from < names.length; from += MAX_MUTED_ALARMS) {
      rules.push({
        name: `${mute.name}${from === 0 ? '' : `-${from / MAX_MUTED_ALARMS + 1}`}`,
        expression: mute.schedule,
        durationMs: secondsOf(mute.duration) * 1000,
        timeZone: mute.timeZone,
        alarms: names.slice(from, from + MAX_MUTED_ALARMS),
      });
    }
  }
  return rules;
}

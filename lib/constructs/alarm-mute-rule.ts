import { CfnAlarmMuteRule } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct, type IDependable } from 'constructs';
import type { MuteRule } from '../../lambdas/core/alarms/mute.ts';

/** Settings of a mute rule. */
export interface AlarmMuteRuleProps {
  readonly rule: MuteRule;
  /** Unique in the account and Region. */
  readonly ruleName: string;
  /** The alarms that it names. */
  readonly muted: readonly IDependable[];
}

/** Times in which alarms change their state and tell nobody. */
export class AlarmMuteRule extends Construct {
  constructor(scope: Construct, id: string, props: AlarmMuteRuleProps) {
    super(scope, id);
    const { muted, rule, ruleName } = props;
    const mute = new CfnAlarmMuteRule(this, 'Rule', {
      name: ruleName,
      description: `Quiet time ${rule.name} of eks-telemetry.`,
      rule: { schedule: { expression: rule.expression, duration: isoDuration(rule.durationMs), timezone: rule.timeZone } },
      muteTargets: { alarmNames: [...rule.alarms] },
    });
    mute.node.addDependency(...muted);
  }
}

/** Whole minutes in ISO 8601: `PT90M`. */
export function isoDuration(ms: number): string {
  return `PT${Math.round(ms / 60_000)}M`;
}

import type { CfnTag } from 'aws-cdk-lib';
import type { AlarmDefinition } from '../../lambdas/core/alarms/definition.ts';
import { TRAVELLING_TAGS } from '../alarms/describe.ts';

/** Actions of an alarm by state, ARNs. CloudWatch takes five per state. */
export interface AlarmActions {
  readonly alarmActions: string[];
  readonly okActions: string[];
  readonly insufficientDataActions: string[];
}

/** Members that every kind of alarm has in a template, in CDK's spelling. */
export function commonSettings(definition: AlarmDefinition): {
  readonly alarmName: string;
  readonly alarmDescription: string;
  readonly actionsEnabled: boolean;
  readonly tags: CfnTag[];
  readonly actionConfiguration: { readonly alarmTagsPropagation: { readonly enabled: boolean; readonly includedTagKeys: string[] } };
} & AlarmActions {
  const tags = Object.entries(definition.tags ?? {});
  return {
    alarmName: definition.name,
    alarmDescription: definition.description ?? '',
    actionsEnabled: definition.actionsEnabled ?? true,
    alarmActions: [...(definition.alarmActions ?? [])],
    okActions: [...(definition.okActions ?? [])],
    insufficientDataActions: [...(definition.insufficientDataActions ?? [])],
    tags: tags.map(([key, value]) => ({ key, value })),
    // Only ours: tags of cost reports have no place in a message.
    actionConfiguration: {
      alarmTagsPropagation: { enabled: true, includedTagKeys: tags.map(([key]) => key).filter((key) => TRAVELLING_TAGS.includes(key)) },
    },
  };
}

/** The warm-up of an alarm in CDK's spelling. */
export function warmUpSetting({ warmUp }: AlarmDefinition): {
  readonly warmUpConfiguration?: {
    readonly warmUpPeriodDurationInMinutes: number;
    readonly onlyStartEvaluatingAfterWarmUpPeriodEnds: boolean;
  };
} {
  if (warmUp === undefined) return {};
  return {
    warmUpConfiguration: { warmUpPeriodDurationInMinutes: warmUp.minutes, onlyStartEvaluatingAfterWarmUpPeriodEnds: warmUp.wholeTime },
  };
}

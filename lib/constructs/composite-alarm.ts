import { CfnCompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct, type IDependable } from 'constructs';
import type { CompositeAlarm as Definition } from '../../lambdas/core/alarms/definition.ts';
import { commonSettings } from './alarm-settings.ts';

/** Settings of a composite alarm. */
export interface CompositeAlarmProps {
  readonly definition: Definition;
  /** Alarms that the rule and the suppressor name: CloudWatch refuses a rule on what is not there. */
  readonly watched: readonly IDependable[];
}

/** An alarm on the states of others, with an alarm that keeps it quiet. */
export class CompositeAlarm extends Construct {
  readonly alarm: CfnCompositeAlarm;

  constructor(scope: Construct, id: string, props: CompositeAlarmProps) {
    super(scope, id);
    const { definition, watched } = props;
    const { suppressor } = definition;
    this.alarm = new CfnCompositeAlarm(this, 'Alarm', {
      ...commonSettings(definition),
      alarmRule: definition.rule,
      ...(suppressor === undefined
        ? {}
        : {
            actionsSuppressor: suppressor.alarm,
            actionsSuppressorWaitPeriod: suppressor.waitSeconds,
            actionsSuppressorExtensionPeriod: suppressor.extensionSeconds,
          }),
    });
    this.alarm.node.addDependency(...watched);
  }
}

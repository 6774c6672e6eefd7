import type { CfnResource } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { namesWatched } from '../alarms/deployed.ts';
import type { AlarmPlan, PlannedAlarm } from '../alarms/planned.ts';
import { type TopicFor, withActions } from '../alarms/with-actions.ts';
import { joinName } from '../config/names.ts';
import { AlarmMuteRule } from '../constructs/alarm-mute-rule.ts';
import { CompositeAlarm } from '../constructs/composite-alarm.ts';
import { LogAlarm, LogAlarmRole } from '../constructs/log-alarm.ts';
import { MetricAlarm } from '../constructs/metric-alarm.ts';
import { MetricFilter } from '../constructs/metric-filter.ts';
import { TelemetryStack, type TelemetryStackProps } from './telemetry-stack.ts';

/** What an alarms stack builds on. */
export interface AlarmsStackProps extends TelemetryStackProps {
  /** Alarms of one cluster, or of what all clusters share. */
  readonly plan: AlarmPlan;
  /** Topics by severity. They are named and not referred to, so that they may be made again without these stacks. */
  readonly topicFor: TopicFor;
}

/** Longest name of a metric filter, and of a mute rule, in characters. */
const MAX_FILTER_NAME = 512;
const MAX_RULE_NAME = 255;

/** The alarms of one cluster, or of the account, with the metric filters that they need. */
export class AlarmsStack extends TelemetryStack {
  readonly #alarms = new Map<string, CfnResource>();

  constructor(scope: Construct, props: AlarmsStackProps) {
    const { cluster } = props.plan;
    super(scope, props, {
      nameParts: [...(cluster === undefined ? [] : [cluster]), 'alarms'],
      description: `eks-telemetry: alarms of ${cluster === undefined ? 'the search domain and of the account' : `cluster ${cluster}`}.`,
      holdsData: false,
    });
    const { alarms, mutes } = props.plan;
    const logGroups = alarms.flatMap(({ definition }) => (definition.kind === 'log' ? [...definition.logGroups] : []));
    const role = logGroups.length === 0 ? undefined : new LogAlarmRole(this, 'Queries', { logGroups });
    for (const planned of alarms) this.#add(planned, props, role);
    for (const rule of mutes) {
      const ruleName = joinName([props.config.prefix, cluster ?? 'account', rule.name], MAX_RULE_NAME);
      new AlarmMuteRule(this, `Mute-${rule.name}`, { rule, ruleName, muted: this.#named(rule.alarms) });
    }
  }

  #add(planned: PlannedAlarm, { config, plan, topicFor }: AlarmsStackProps, role: LogAlarmRole | undefined): void {
    for (const filter of planned.filters) {
      const filterName = joinName([config.prefix, plan.cluster ?? 'account', filter.id.replaceAll(':', '.')], MAX_FILTER_NAME);
      new MetricFilter(this, `Filter-${filter.id}`, { filter, filterName });
    }
    const definition = withActions(planned, topicFor, config.alarms.tellOk);
    switch (definition.kind) {
      case 'metric':
      case 'promql':
        this.#alarms.set(definition.name, new MetricAlarm(this, planned.id, { definition }).alarm);
        break;
      case 'log':
        if (role !== undefined) this.#alarms.set(definition.name, new LogAlarm(this, planned.id, { definition, role }).alarm);
        break;
      case 'composite':
        this.#alarms.set(
          definition.name,
          new CompositeAlarm(this, planned.id, { definition, watched: this.#named(namesWatched(definition)) }).alarm,
        );
    }
  }

  #named(names: readonly string[]): CfnResource[] {
    return names.flatMap((name) => this.#alarms.get(name) ?? []);
  }
}

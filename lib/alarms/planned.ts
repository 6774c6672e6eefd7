import type { AlarmDefinition } from '../../lambdas/core/alarms/definition.ts';
import type { MuteRule } from '../../lambdas/core/alarms/mute.ts';
import type { AlarmConfig, Severity } from '../config/schema-alarms.ts';

/** A metric filter that an alarm needs. */
export interface PlannedFilter {
  /** Unique in its scope; part of the filter's name and of its resource. */
  readonly id: string;
  readonly logGroup: string;
  readonly filterPattern: string;
  readonly metricNamespace: string;
  readonly metricName: string;
  readonly metricValue: string;
  /** Published for events that do not match, so that a quiet line is 0 and a silent group is missing. */
  readonly defaultValue: number | undefined;
}

/** An alarm as it is deployed, but for the ARNs of its actions. */
export interface PlannedAlarm {
  /** Name in the catalogue, or among one's own. */
  readonly name: string;
  /** The same with what it is made for: unique in its scope. */
  readonly id: string;
  readonly alarm: AlarmConfig;
  readonly severity: Severity;
  readonly owner: string;
  /** Without actions. */
  readonly definition: AlarmDefinition;
  readonly filters: readonly PlannedFilter[];
  /** Whether it acts by itself; else a rule tells for it. */
  readonly tells: boolean;
  /** The namespace whose own settings it has. */
  readonly namespace?: string;
}

/** An alarm that is not deployed. */
export interface LeftOutAlarm {
  readonly name: string;
  readonly reason: string;
  /** True where the config itself says so: no news to anybody. */
  readonly isWanted: boolean;
}

/** Where alarms belong: to one cluster, or to what all of them share. */
export interface AlarmScope {
  /** Undefined for the account's. */
  readonly cluster: string | undefined;
}

/** Alarms of one scope. */
export interface AlarmPlan extends AlarmScope {
  readonly alarms: readonly PlannedAlarm[];
  readonly leftOut: readonly LeftOutAlarm[];
  readonly mutes: readonly MuteRule[];
}

/** What is wrong with the config of alarms, found while planning. Paths begin at the config. */
export interface PlanProblem {
  readonly path: readonly (string | number)[];
  readonly what: string;
  readonly limit?: string;
  readonly value?: unknown;
}

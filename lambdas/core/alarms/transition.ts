import type { Contributor } from './decision.ts';
import type { AlarmDefinition, LogAlarm } from './definition.ts';
import type { LogResult } from './log-alarm.ts';
import type { MetricReader } from './metric-data.ts';
import type { PromqlSample } from './promql-alarm.ts';
import type { AlarmState } from './state.ts';
import type { SuppressedBy } from './suppression.ts';

/** Where alarms find what they look at. */
export interface AlarmSources {
  readonly metrics: MetricReader;
  /** Runs a log alarm's query over its range at a time. */
  queryLogs(alarm: LogAlarm, nowMs: number): LogResult;
  /** Answers an instant query; undefined where nothing here can, and the alarm then keeps its state. */
  promql(query: string, nowMs: number): readonly PromqlSample[] | undefined;
}

/** A change of an alarm, or of one of its contributors. */
export interface Transition {
  readonly alarm: AlarmDefinition;
  readonly atMs: number;
  readonly from: AlarmState;
  readonly to: AlarmState;
  readonly reason: string;
  readonly reasonData: string;
  readonly value?: number;
  /** The contributor that changed; absent for the alarm itself. */
  readonly contributor?: Contributor;
  /** Of a composite: the alarms whose change led to this one. */
  readonly triggeredBy: readonly { readonly alarm: string; readonly state: AlarmState; readonly atMs: number }[];
  /** Actions that are due with it: ARNs, or none where they are kept back. */
  readonly actions: readonly string[];
  /** Why none are due although the alarm has some. */
  readonly heldBy?: SuppressedBy | 'MuteRule' | 'ActionsDisabled';
  /** True where the state is older and only its actions are performed now. */
  readonly isLate: boolean;
}

/** What is known of an alarm. */
export interface AlarmStatus {
  readonly state: AlarmState;
  readonly sinceMs: number;
  readonly reason: string;
  /** Contributors in ALARM. */
  readonly contributors: readonly Contributor[];
  readonly suppressedBy: SuppressedBy | undefined;
}

/** What a state that is told late came from: only ALARM and not-ALARM are of interest then. */
export const suppressedFrom = (state: AlarmState): AlarmState => (state === 'ALARM' ? 'OK' : 'ALARM');

/** Actions of an alarm for a state. */
export function actionsFor(alarm: AlarmDefinition, state: AlarmState): readonly string[] {
  if (state === 'ALARM') return alarm.alarmActions ?? [];
  return (state === 'OK' ? alarm.okActions : alarm.insufficientDataActions) ?? [];
}

/** The name in an alarm's ARN; a name stays as it is. */
export function nameIn(nameOrArn: string): string {
  return /^arn:[^:]*:cloudwatch:[^:]*:[^:]*:alarm:(.+)$/.exec(nameOrArn)?.[1] ?? nameOrArn;
}

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

/** `Friday 04 August, 2023 12:54:46 UTC`, as a composite's reason has it. */
export function longTime(atMs: number): string {
  const date = new Date(atMs);
  const day = String(date.getUTCDate()).padStart(2, '0');
  return `${DAYS[date.getUTCDay()]} ${day} ${MONTHS[date.getUTCMonth()]}, ${date.getUTCFullYear()} ${date.toISOString().slice(11, 19)} UTC`;
}

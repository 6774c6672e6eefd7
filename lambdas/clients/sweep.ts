import type { AlertRow } from '../core/alerts/store.ts';
import type { AlertTable } from './alert-table.ts';
import type { CallAws } from './aws-json.ts';

/** What a sweep needs. */
export interface SweepPorts {
  readonly table: Pick<AlertTable, 'dueGroups' | 'openGroups' | 'liveAlerts'>;
  /** CloudWatch of this Region. */
  readonly metrics: CallAws;
  readonly account: string;
  readonly region: string;
  readonly nowMs: number;
  readonly flush: (groupId: string) => Promise<void>;
  readonly end: (row: {
    readonly groupId: string;
    readonly fingerprint: string;
    readonly atMs: number;
    readonly reason: string;
  }) => Promise<void>;
  readonly hasTime: () => boolean;
}

/** What a sweep did. */
export interface SweepReport {
  /** Groups that were due and that no reminder had looked at. */
  readonly overdue: number;
  /** Age of the oldest of them, in ms. */
  readonly oldestMs: number;
  /** Alerts that were believed to fire and are over. */
  readonly ended: number;
}

/** Reminders are on their way so long, in ms, before a group counts as forgotten. */
const LATE_MS = 20_000;
const MAX_GROUPS = 200;
/** An alarm is asked after when it was last heard of so long ago, in ms. */
const ASK_AFTER_MS = 10 * 60_000;
/** Names in one DescribeAlarms. */
const MAX_NAMES = 100;

/** Has every group looked at that is due. */
export async function sweepDue({ flush, nowMs, table }: SweepPorts): Promise<Pick<SweepReport, 'overdue' | 'oldestMs'>> {
  const groups = await table.dueGroups(nowMs - LATE_MS, MAX_GROUPS);
  for (const { id } of groups) await flush(id);
  return { overdue: groups.length, oldestMs: groups.length === 0 ? 0 : nowMs - Math.min(...groups.map(({ flushAt = nowMs }) => flushAt)) };
}

/** Asks CloudWatch after the alarms that are believed to fire, and ends those that do not: an OK that never arrived, or an alarm that was deleted. */
export async function sweepOrphans(ports: SweepPorts): Promise<number> {
  const { account, nowMs, region, table } = ports;
  const prefix = new RegExp(`^arn:aws[a-z-]*:cloudwatch:${region}:${account}:alarm:(.+)$`);
  const firing = new Map<string, AlertRow[]>();
  for await (const group of table.openGroups()) {
    if (!ports.hasTime()) break;
    for (const row of await table.liveAlerts(group.id)) {
      const { alert } = row;
      const name = prefix.exec(alert.key.split('#')[0] ?? '')?.[1];
      if (name === undefined || alert.endsAt !== undefined || nowMs - alert.updatedAt < ASK_AFTER_MS) continue;
      firing.set(name, [...(firing.get(name) ?? []), row]);
    }
  }
  let ended = 0;
  const names = [...firing.keys()];
  for (let at = 0; at < names.length && ports.hasTime(); at += MAX_NAMES) {
    const asked = names.slice(at, at + MAX_NAMES);
    const states = await alarmStates(ports.metrics, asked);
    for (const name of asked) {
      const state = states.get(name);
      for (const { alert, fingerprint, groupId } of firing.get(name) ?? []) {
        const isOver = state === undefined || (state.value === 'OK' && state.changedAt >= alert.updatedAt);
        if (!isOver) continue;
        ended++;
        await ports.end({
          groupId,
          fingerprint,
          atMs: state?.changedAt ?? nowMs,
          reason: state === undefined ? 'The alarm was deleted.' : 'The alarm is OK.',
        });
      }
    }
  }
  return ended;
}

async function alarmStates(
  metrics: CallAws,
  names: readonly string[],
): Promise<Map<string, { readonly value: string; readonly changedAt: number }>> {
  const states = new Map<string, { value: string; changedAt: number }>();
  const answer = await metrics('DescribeAlarms', {
    AlarmNames: names,
    AlarmTypes: ['MetricAlarm', 'CompositeAlarm', 'LogAlarm'],
    MaxRecords: MAX_NAMES,
  });
  for (const list of ['MetricAlarms', 'CompositeAlarms', 'LogAlarms']) {
    for (const alarm of (answer[list] ?? []) as {
      readonly AlarmName?: string;
      readonly StateValue?: string;
      readonly StateUpdatedTimestamp?: number | string;
    }[]) {
      const { AlarmName, StateUpdatedTimestamp: at, StateValue } = alarm;
      if (AlarmName === undefined || StateValue === undefined) continue;
      const changedAt = typeof at === 'number' ? at * 1000 : Date.parse(at ?? '');
      states.set(AlarmName, { value: StateValue, changedAt: Number.isFinite(changedAt) ? Math.round(changedAt) : 0 });
    }
  }
  return states;
}

import { type Alert, isResolved } from './alert.ts';
import { needsUpdate, type Reason } from './dedup.ts';
import type { AlertRow, GroupRow } from './store.ts';

/** What a look at a group finds. */
export interface FlushDecision {
  readonly reason: Reason;
  /** Alerts that the message shows, those that fire first, each by its start. */
  readonly firing: readonly Alert[];
  readonly resolved: readonly Alert[];
  /** Events that have happened: told once. */
  readonly events: readonly Alert[];
  /** Of `firing`, those that were not in the last message. */
  readonly fresh: readonly Alert[];
  /** Fingerprints for the log of what was told. */
  readonly told: { readonly firing: readonly string[]; readonly resolved: readonly string[] };
  /** Rows that are over once this look succeeds. */
  readonly closing: readonly AlertRow[];
  readonly muted: readonly { readonly alert: Alert; readonly by: string }[];
  /** Whether something is left in the group afterwards. */
  readonly hasLive: boolean;
}

/** Settings of a look. */
export interface FlushOptions {
  readonly nowMs: number;
  readonly repeatIntervalMs: number;
  readonly sendResolved: boolean;
  /** Why an alert is not to be heard, if it is not. */
  readonly mutedBy: (alert: Alert) => string | undefined;
}

/**
 * What to tell of a group, and what is over. Muted alerts take no part; a message always shows the whole group and never only what changed. What is resolved
 * is closed whether or not somebody heard of it.
 */
export function decideFlush(group: Pick<GroupRow, 'told'>, rows: readonly AlertRow[], options: FlushOptions): FlushDecision {
  const { nowMs, repeatIntervalMs, sendResolved, mutedBy } = options;
  const muted: { alert: Alert; by: string }[] = [];
  const firing: AlertRow[] = [];
  const resolved: AlertRow[] = [];
  const events: AlertRow[] = [];
  const closing: AlertRow[] = [];
  let hasLive = false;
  for (const row of [...rows].sort(byStart)) {
    const { alert } = row;
    const isOver = alert.lifecycle === 'once' || isResolved(alert, nowMs);
    if (isOver) closing.push(row);
    else hasLive = true;
    const by = mutedBy(alert);
    if (by !== undefined) muted.push({ alert, by });
    else if (alert.lifecycle === 'once') events.push(row);
    else if (isOver) resolved.push(row);
    else firing.push(row);
  }
  const toldBefore = group.told && { firing: new Set(group.told.firing), resolved: new Set(group.told.resolved), atMs: group.told.atMs };
  const fingerprints = (list: readonly AlertRow[]): string[] => list.map(({ fingerprint }) => fingerprint);
  const told = { firing: fingerprints(firing), resolved: fingerprints(resolved) };
  const isHeard = firing.length + resolved.length > 0;
  const reason = isHeard
    ? needsUpdate(toldBefore, { firing: new Set(told.firing), resolved: new Set(told.resolved) }, { repeatIntervalMs, sendResolved, nowMs })
    : 'quiet';
  const alerts = (list: readonly AlertRow[]): Alert[] => list.map(({ alert }) => alert);
  return {
    reason: reason === 'quiet' && events.length > 0 ? 'event' : reason,
    firing: alerts(firing),
    resolved: alerts(resolved),
    events: alerts(events),
    fresh: alerts(firing.filter(({ fingerprint }) => toldBefore?.firing.has(fingerprint) !== true)),
    told,
    closing,
    muted,
    hasLive,
  };
}

function byStart(a: AlertRow, b: AlertRow): number {
  return a.alert.startsAt - b.alert.startsAt || (a.fingerprint < b.fingerprint ? -1 : a.fingerprint > b.fingerprint ? 1 : 0);
}

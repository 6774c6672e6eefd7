import type { FiringSource, Silence } from './mute.ts';
import type { AlertRow, AlertStore, GroupChange, GroupRow, GroupSeed } from './store.ts';

interface Claim {
  readonly untilMs: number;
  readonly claimId: string;
}

/** The state of alerts in memory, for `alarms test` and for tests: the same conditions as the table, without time limits on rows. */
export class MemoryAlertStore implements AlertStore {
  readonly groups = new Map<string, GroupRow>();
  readonly alerts = new Map<string, Map<string, AlertRow>>();
  readonly allSilences: Silence[] = [];
  readonly #claims = new Map<string, Claim>();
  readonly #counts = new Map<string, number>();
  readonly #sources = new Map<string, FiringSource>();

  async alert(groupId: string, fingerprint: string): Promise<AlertRow | undefined> {
    return this.alerts.get(groupId)?.get(fingerprint);
  }

  async putAlert(row: AlertRow, seen: AlertRow | undefined): Promise<boolean> {
    const rows = this.alerts.get(row.groupId) ?? new Map<string, AlertRow>();
    if (!isAsSeen(rows.get(row.fingerprint), seen)) return false;
    this.alerts.set(row.groupId, rows.set(row.fingerprint, row));
    return true;
  }

  async liveAlerts(groupId: string): Promise<AlertRow[]> {
    return [...(this.alerts.get(groupId)?.values() ?? [])].filter(({ closed }) => !closed);
  }

  async closeAlerts(rows: readonly AlertRow[]): Promise<void> {
    for (const row of rows) {
      const group = this.alerts.get(row.groupId);
      if (group && isAsSeen(group.get(row.fingerprint), row)) group.set(row.fingerprint, { ...row, closed: true });
    }
  }

  async touchGroup(seed: GroupSeed, firstFlushAt: number): Promise<GroupRow> {
    const before = this.groups.get(seed.id);
    const group: GroupRow = {
      ...(before ?? { ...seed, failures: 0 }),
      flushAt: before?.flushAt ?? firstFlushAt,
      rev: (before?.rev ?? 0) + 1,
    };
    this.groups.set(seed.id, group);
    return group;
  }

  async hastenGroup(id: string, flushAt: number): Promise<void> {
    const group = this.groups.get(id);
    if (group?.flushAt !== undefined && group.flushAt > flushAt) this.groups.set(id, { ...group, flushAt });
  }

  async group(id: string): Promise<GroupRow | undefined> {
    return this.groups.get(id);
  }

  async claimGroup(id: string, { nowMs, untilMs, claimId }: Claim & { readonly nowMs: number }): Promise<GroupRow | undefined> {
    const group = this.groups.get(id);
    if (group?.flushAt === undefined || group.flushAt > nowMs || (this.#claims.get(id)?.untilMs ?? 0) > nowMs) return undefined;
    this.#claims.set(id, { untilMs, claimId });
    return group;
  }

  async finishGroup(group: GroupRow, claimId: string, change: GroupChange): Promise<boolean> {
    const now = this.groups.get(group.id);
    if (now === undefined || this.#claims.get(group.id)?.claimId !== claimId) return false;
    this.#claims.delete(group.id);
    this.groups.set(group.id, applyChange(now, group.rev, change));
    return true;
  }

  async countFirst(receiver: string, windowStartMs: number): Promise<number> {
    const key = `${receiver}/${windowStartMs}`;
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    return count;
  }

  async putSource(source: FiringSource, fingerprint: string): Promise<void> {
    this.#sources.set(`${source.rule}/${fingerprint}`, source);
  }

  async removeSource(rule: string, fingerprint: string): Promise<void> {
    this.#sources.delete(`${rule}/${fingerprint}`);
  }

  async sources(rules: readonly string[]): Promise<FiringSource[]> {
    return [...this.#sources.values()].filter(({ rule }) => rules.includes(rule));
  }

  async silences(): Promise<Silence[]> {
    return this.allSilences;
  }

  /** Groups that are due by a time, the earliest first. */
  dueGroups(nowMs: number): GroupRow[] {
    return [...this.groups.values()]
      .filter(({ flushAt }) => flushAt !== undefined && flushAt <= nowMs)
      .sort((a, b) => (a.flushAt ?? 0) - (b.flushAt ?? 0));
  }

  /** When the next group is due; undefined where none is. */
  nextDueMs(): number | undefined {
    let next: number | undefined;
    for (const { flushAt } of this.groups.values()) if (flushAt !== undefined && (next === undefined || flushAt < next)) next = flushAt;
    return next;
  }
}

function isAsSeen(now: AlertRow | undefined, seen: AlertRow | undefined): boolean {
  return now?.alert.updatedAt === seen?.alert.updatedAt && now?.closed === seen?.closed && now?.alert.endsAt === seen?.alert.endsAt;
}

/** A group's row after a look. Where alerts came in during the look, the next one is at the next tick at the latest. */
export function applyChange(now: GroupRow, seenRev: number, change: GroupChange): GroupRow {
  const { flushAt: _flushAt, givenUp: _givenUp, tickAt: _tickAt, posted: before, told: _told, ...rest } = now;
  const told = change.told ?? now.told;
  const posted = change.posted ?? (change.forgetPosted === true ? undefined : before);
  const flushAt = now.rev === seenRev ? change.flushAt : Math.min(change.flushAt ?? change.nextTickAt, change.nextTickAt);
  return {
    ...rest,
    failures: change.failures,
    ...(change.givenUp === true ? { givenUp: true } : {}),
    ...(told === undefined ? {} : { told }),
    ...(posted === undefined ? {} : { posted }),
    ...(flushAt === undefined ? {} : { flushAt, tickAt: change.tickAt }),
  };
}

import type { Alert } from '../core/alerts/alert.ts';
import type { Notice, Tell } from '../core/alerts/chat.ts';
import { type Flushed, type FlushPorts, flushGroup } from '../core/alerts/flush.ts';
import { type DueGroup, endAlert, groupIdOf, type IngestPorts, ingestAlert, ingestInto } from '../core/alerts/ingest.ts';
import type { Notifier } from '../core/alerts/notifier-rules.ts';
import { groupLabels, matchRoutes } from '../core/alerts/routes.ts';
import type { AlertStore } from '../core/alerts/store.ts';
import { type NotifierCounts, noCounts } from './notifier-counts.ts';

/** One record of the queue, opened. `alerts` come from a notification. */
export type NotifierRecord =
  | { readonly kind: 'alerts'; readonly id: string; readonly alerts: readonly Alert[] }
  | { readonly kind: 'flush'; readonly id: string; readonly groupId: string }
  | {
      readonly kind: 'end';
      readonly id: string;
      readonly groupId: string;
      readonly fingerprint: string;
      readonly atMs: number;
      readonly reason: string;
    };

/** The world of one invocation. */
export interface NotifierPorts {
  readonly store: AlertStore;
  readonly tell: Tell;
  hash(text: string): string;
  now(): number;
  random(): number;
  claimId(): string;
  /** Machine time that is left, in ms. */
  remainingMs(): number;
  /** Has a group looked at then. */
  remind(groupId: string, atMs: number): Promise<void>;
  /** Keeps a copy of what Slack did not take, where an operator is told of it. */
  giveUp(text: string): Promise<void>;
  onError(what: string): void;
}

/** What one invocation did. */
export interface NotifierReport {
  readonly counts: NotifierCounts;
  readonly reasons: ReadonlyMap<string, number>;
  readonly tellDelayMs: number | undefined;
  /** Ids of records that must come again. */
  readonly failed: readonly string[];
}

/** A look may take an answer of Slack with retries; with less time left it is left to the next invocation. */
const LOOK_MS = 25_000;

/** Takes in a batch of records, looks at the groups that are due, and says which records must come again. */
export async function runNotifier(records: readonly NotifierRecord[], notifier: Notifier, ports: NotifierPorts): Promise<NotifierReport> {
  const run = new Run(notifier, ports);
  const due = new Map<string, DueGroup>();
  const taken = await Promise.all(records.map((record) => run.take(record)));
  const failed = records.filter((_, index) => taken[index] === undefined).map(({ id }) => id);
  for (const groups of taken) for (const group of groups ?? []) due.set(group.groupId, earlier(due.get(group.groupId), group));
  for (const record of records) {
    if (record.kind !== 'flush') continue;
    due.set(record.groupId, { groupId: record.groupId, flushAt: 0, isNew: true });
  }
  const flushRecords = new Map(records.flatMap((record) => (record.kind === 'flush' ? [[record.groupId, record.id] as const] : [])));
  for (const group of due.values()) {
    const isDone = await run.lookOrRemind(group);
    const id = flushRecords.get(group.groupId);
    if (!isDone && id !== undefined) failed.push(id);
  }
  return { counts: run.counts, reasons: run.reasons, tellDelayMs: run.tellDelayMs, failed };
}

/**
 * Opens messages of the queue. One that cannot even be opened, whatever nobody thought of, comes again alone and ends in the dead letter queue, where an
 * alarm tells of it; its neighbours are told now.
 */
export function openEach<T extends { readonly messageId: string }>(
  messages: readonly T[],
  open: (message: T) => NotifierRecord,
  onError: (what: string) => void,
): { readonly records: readonly NotifierRecord[]; readonly unread: readonly string[] } {
  const records: NotifierRecord[] = [];
  const unread: string[] = [];
  for (const message of messages) {
    try {
      records.push(open(message));
    } catch (error) {
      unread.push(message.messageId);
      // No text of the message: it may hold a secret.
      onError(`message ${message.messageId} cannot be opened: ${error instanceof Error ? error.name : 'unknown'}`);
    }
  }
  return { records, unread };
}

function earlier(a: DueGroup | undefined, b: DueGroup): DueGroup {
  return a === undefined || b.flushAt < a.flushAt ? b : { ...a, isNew: a.isNew || b.isNew };
}

class Run {
  readonly counts = noCounts();
  readonly reasons = new Map<string, number>();
  tellDelayMs: number | undefined;
  readonly #notifier: Notifier;
  readonly #ports: NotifierPorts;
  readonly #ingest: IngestPorts;
  readonly #flush: FlushPorts;

  constructor(notifier: Notifier, ports: NotifierPorts) {
    this.#notifier = notifier;
    this.#ports = ports;
    this.#ingest = { store: ports.store, hash: (text) => ports.hash(text), now: () => ports.now() };
    this.#flush = {
      store: ports.store,
      tell: (notice) => this.#tell(notice),
      now: () => ports.now(),
      random: () => ports.random(),
      claimId: () => ports.claimId(),
      giveUp: async (notice, { reason }) => {
        this.counts.messagesGivenUp++;
        await ports.giveUp(JSON.stringify(givenUp(notice, reason)));
      },
      intoDigest: async (route, alert) => (await ingestInto(route, alert, ports.hash(alert.key).slice(0, 24), this.#ingest)).due,
      adopt: async (alert) => (await this.#takeIn(alert)).due,
    };
  }

  /** Groups that became due by a record; undefined where it must come again. */
  async take(record: NotifierRecord): Promise<readonly DueGroup[] | undefined> {
    if (record.kind === 'flush') return [];
    if (record.kind === 'end') {
      try {
        const due = await endAlert(record, (id) => this.#notifier.flush.routes.get(id), this.#ingest);
        return due ? [due] : [];
      } catch (error) {
        this.#note('end', error);
        return undefined;
      }
    }
    const due: DueGroup[] = [];
    let isLost = false;
    for (const alert of record.alerts) {
      this.counts.alertsReceived++;
      try {
        const { due: groups, taken } = await this.#takeIn(alert);
        due.push(...groups);
        if (taken.includes('duplicate')) this.counts.alertsDuplicate++;
        if (taken.includes('stale')) this.counts.alertsStale++;
      } catch (error) {
        this.#note('table', error);
        if (!(await this.#tellWithoutTable(alert))) isLost = true;
      }
    }
    return isLost ? undefined : due;
  }

  async #takeIn(alert: Alert): ReturnType<typeof ingestAlert> {
    return ingestAlert(alert, { root: this.#notifier.root, inhibitions: this.#notifier.flush.inhibitions }, this.#ingest);
  }

  /** Looks at a group that is due, or has it looked at in time; false where a flush failed by our own fault and must come again. */
  async lookOrRemind({ flushAt, groupId, isNew }: DueGroup): Promise<boolean> {
    const nowMs = this.#ports.now();
    if (flushAt > nowMs) {
      if (isNew) await this.#remind(groupId, flushAt);
      return true;
    }
    if (this.#ports.remainingMs() < LOOK_MS) {
      await this.#remind(groupId, nowMs + 1000);
      return true;
    }
    try {
      const flushed = await flushGroup(groupId, this.#notifier.flush, this.#flush);
      this.#count(flushed);
      for (const next of flushed.next ?? []) await this.#remind(next.groupId, next.flushAt);
      return true;
    } catch (error) {
      this.#note('look', error);
      return false;
    }
  }

  /** Rather told twice than not at all: without the table nobody knows what was told. */
  async #tellWithoutTable(alert: Alert): Promise<boolean> {
    this.counts.dedupUnavailable++;
    const nowMs = this.#ports.now();
    const isOver = alert.endsAt !== undefined && alert.endsAt <= nowMs;
    let isTold = true;
    for (const route of matchRoutes(this.#notifier.root, alert.labels)) {
      const isEvent = alert.lifecycle === 'once';
      const labels = groupLabels(route, alert.labels);
      const delivery = await this.#tell({
        receiver: route.receiver,
        // The one that it has in the table: a pager knows its incident by it, whoever closes it later.
        groupId: groupIdOf(route, labels, this.#ports),
        groupLabels: labels,
        reason: isEvent ? 'event' : isOver ? 'all-resolved' : 'first',
        firing: isOver || isEvent ? [] : [alert],
        resolved: isOver && !isEvent ? [alert] : [],
        events: isEvent ? [alert] : [],
        fresh: isOver || isEvent ? [] : [alert],
        mutedCount: 0,
        nowMs,
      });
      if (delivery.ok) this.counts.messagesTold++;
      else isTold = false;
    }
    return isTold;
  }

  async #tell(notice: Notice): ReturnType<Tell> {
    const delivery = await this.#ports.tell(notice);
    if (delivery.ok) {
      const changes = [...notice.fresh, ...notice.events].map(({ updatedAt }) => notice.nowMs - updatedAt);
      if (changes.length > 0 && notice.reason !== 'repeat') this.tellDelayMs = Math.max(this.tellDelayMs ?? 0, ...changes.slice(0, 1000));
    } else {
      this.counts.messagesFailed++;
      this.#reason(delivery.reason);
    }
    return delivery;
  }

  #count({ isUnrecorded, muted, outcome }: Flushed): void {
    this.counts.alertsMuted += muted;
    if (outcome === 'told') this.counts.messagesTold++;
    if (outcome === 'digested') this.counts.messagesDigested++;
    if (isUnrecorded) this.counts.unrecorded++;
  }

  async #remind(groupId: string, atMs: number): Promise<void> {
    try {
      await this.#ports.remind(groupId, atMs);
    } catch (error) {
      // The sweeper finds it within a minute.
      this.#note('timer', error);
    }
  }

  #note(what: string, error: unknown): void {
    this.#reason(what);
    this.#ports.onError(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }

  #reason(reason: string): void {
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
  }
}

/** What an operator needs to know: who did not hear of what, and why. The state itself stays in the table and is tried again. */
function givenUp({ events, firing, groupId, groupLabels: labels, reason, receiver, resolved }: Notice, why: string): object {
  const titles = (alerts: readonly Alert[]): string[] => alerts.slice(0, 50).map(({ title }) => title.slice(0, 200));
  return {
    eksTelemetryNotTold: {
      receiver,
      groupId,
      labels,
      why,
      reason,
      firing: titles(firing),
      resolved: titles(resolved),
      events: titles(events),
    },
  };
}

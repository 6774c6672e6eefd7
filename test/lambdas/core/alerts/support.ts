import { createHash } from 'node:crypto';
import type { Alert, Labels } from '../../../../lambdas/core/alerts/alert.ts';
import type { Delivery, Notice } from '../../../../lambdas/core/alerts/chat.ts';
import { type Flushed, type FlushPorts, type FlushRules, flushGroup } from '../../../../lambdas/core/alerts/flush.ts';
import { ingestAlert, ingestInto } from '../../../../lambdas/core/alerts/ingest.ts';
import { MemoryAlertStore } from '../../../../lambdas/core/alerts/memory-store.ts';
import { compileInhibitions, type InhibitRule } from '../../../../lambdas/core/alerts/mute.ts';
import { compileRoutes, type RouteRule, walkRoutes } from '../../../../lambdas/core/alerts/routes.ts';
import type { AlertStore } from '../../../../lambdas/core/alerts/store.ts';
import { compileTimeIntervals, type TimeIntervalRule } from '../../../../lambdas/core/alerts/time-intervals.ts';

export const NOW = Date.UTC(2026, 10, 21, 8, 25);
export const SECOND = 1000;
export const MINUTE = 60_000;
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** An alert with the fields that a test does not care about filled in. */
export function alertOf(name: string, fields: Partial<Alert> & { readonly labels?: Labels } = {}): Alert {
  const startsAt = fields.startsAt ?? NOW;
  return {
    key: name,
    kind: 'metric-alarm',
    lifecycle: 'state',
    title: name,
    severity: 'warning',
    startsAt,
    updatedAt: fields.endsAt ?? startsAt,
    ...fields,
    labels: { alertname: name, ...fields.labels },
  };
}

/** A receiver, a store and a clock around the engine, as one process has them. */
export class Rig {
  nowMs = NOW;
  readonly sent: Notice[] = [];
  readonly gaveUp: { readonly notice: Notice; readonly reason: string }[] = [];
  answer: (notice: Notice) => Delivery | Promise<Delivery> = () => ({ ok: true, posted: { channel: 'C1', ts: `${this.sent.length}` } });
  readonly store: MemoryAlertStore;
  readonly rules: FlushRules;
  readonly ports: FlushPorts;
  readonly #root: ReturnType<typeof compileRoutes>;
  #claims = 0;

  constructor(
    route: RouteRule = { receiver: 'platform', groupBy: ['cluster'] },
    options: {
      inhibit?: readonly InhibitRule[];
      sendResolved?: boolean;
      storm?: number;
      store?: AlertStore;
      intervals?: readonly TimeIntervalRule[];
    } = {},
  ) {
    this.store = new MemoryAlertStore();
    this.#root = compileRoutes(route);
    this.rules = {
      routes: new Map(walkRoutes(this.#root).map((one) => [one.id, one])),
      inhibitions: compileInhibitions(options.inhibit ?? []),
      intervals: compileTimeIntervals(options.intervals ?? []),
      sendResolved: () => options.sendResolved ?? true,
      storm: { messages: options.storm ?? 0, windowMs: 5 * MINUTE },
      claimMs: 90_000,
    };
    const store = options.store ?? this.store;
    this.ports = {
      store,
      tell: async (notice) => {
        const delivery = await this.answer(notice);
        if (delivery.ok) this.sent.push(notice);
        return delivery;
      },
      now: () => this.nowMs,
      random: () => 0,
      claimId: () => `claim-${this.#claims++}`,
      giveUp: async (notice, { reason }) => {
        this.gaveUp.push({ notice, reason });
      },
      intoDigest: async (into, alert) =>
        (await ingestInto(into, alert, sha256(alert.key), { store, hash: sha256, now: () => this.nowMs })).due,
      adopt: async (alert) =>
        (await ingestAlert(alert, { root: this.#root, inhibitions: [] }, { store, hash: sha256, now: () => this.nowMs })).due,
    };
  }

  /** Takes in alerts at the present time. */
  async take(...alerts: readonly Alert[]): Promise<void> {
    for (const alert of alerts) {
      await ingestAlert(
        alert,
        { root: this.#root, inhibitions: this.rules.inhibitions },
        { store: this.ports.store, hash: sha256, now: () => this.nowMs },
      );
    }
  }

  /** Moves the clock on and looks at every group when it is due. */
  async runUntil(untilMs: number): Promise<void> {
    for (;;) {
      const next = this.store.nextDueMs();
      if (next === undefined || next > untilMs) break;
      this.nowMs = Math.max(this.nowMs, next);
      for (const { id } of this.store.dueGroups(this.nowMs)) await this.flush(id);
    }
    this.nowMs = Math.max(this.nowMs, untilMs);
  }

  async flush(id: string): Promise<Flushed> {
    return flushGroup(id, this.rules, this.ports);
  }

  /** What was told: minutes from the start, reason, names that fire, names that are resolved. */
  log(): string[] {
    return this.sent.map(({ events, firing, nowMs, reason, resolved }) => {
      const names = (list: readonly Alert[]): string => list.map(({ title }) => title).join(' ');
      const at = (nowMs - NOW) / MINUTE;
      const parts = [
        names(firing) && `firing ${names(firing)}`,
        names(resolved) && `resolved ${names(resolved)}`,
        events.length > 0 && `events ${names(events)}`,
      ];
      return `${Math.round(at * 10) / 10} ${reason}: ${parts.filter(Boolean).join(', ')}`;
    });
  }
}

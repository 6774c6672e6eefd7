import { MINUTE, NOW, SECOND } from './support.ts';

/** Intervals of the walk. The repeat is no multiple of the group interval, as a clock that never agrees to the millisecond makes it. */
export const WALK = { waitMs: 30 * SECOND, intervalMs: 5 * MINUTE, repeatMs: 57 * MINUTE };

/** One step of a walk. */
export type Step =
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'fire' | 'resolve'; readonly alert: number; readonly ageMs: number }
  | { readonly do: 'silence'; readonly alert: number; readonly forMs: number };

interface ModelAlert {
  readonly name: string;
  ended: boolean;
}
interface ModelGroup {
  readonly alerts: Map<string, ModelAlert>;
  nextAt: number;
}

/**
 * Alertmanager in small, written down as the documentation tells it: every group wakes at every group interval and looks. Nothing is left out, nothing is
 * stored cleverly, so it is slow and easy to believe.
 */
export class ReferenceModel {
  nowMs = NOW;
  readonly log: string[] = [];
  readonly #sendResolved: boolean;
  readonly #groups = new Map<string, ModelGroup>();
  readonly #told = new Map<string, { firing: Set<string>; resolved: Set<string>; at: number }>();
  readonly #silences: { readonly name: string; readonly untilMs: number }[] = [];
  /** Alerts that anyone ever heard of: an end of another one is no news. */
  readonly #known = new Set<string>();

  constructor(sendResolved: boolean) {
    this.#sendResolved = sendResolved;
  }

  take(step: Step): void {
    switch (step.do) {
      case 'wait':
        this.#runUntil(this.nowMs + step.ms);
        break;
      case 'silence':
        this.#silences.push({ name: nameOf(step.alert), untilMs: this.nowMs + step.forMs });
        break;
      default:
        this.#report(nameOf(step.alert), groupOf(step.alert), step.do === 'resolve', this.nowMs - step.ageMs);
    }
  }

  #report(name: string, groupName: string, ended: boolean, startsAt: number): void {
    const group = this.#groups.get(groupName);
    const known = group?.alerts.get(name);
    if (ended && known === undefined) return;
    this.#known.add(name);
    if (group) {
      group.alerts.set(name, { name, ended });
      return;
    }
    const nextAt = startsAt + WALK.waitMs < this.nowMs ? this.nowMs : this.nowMs + WALK.waitMs;
    this.#groups.set(groupName, { alerts: new Map([[name, { name, ended }]]), nextAt });
  }

  #runUntil(untilMs: number): void {
    for (;;) {
      const due = [...this.#groups]
        .filter(([, { nextAt }]) => nextAt <= untilMs)
        .sort(([a, x], [b, y]) => x.nextAt - y.nextAt || (a < b ? -1 : 1));
      const [first] = due;
      if (!first) break;
      const [name, group] = first;
      this.nowMs = Math.max(this.nowMs, group.nextAt);
      this.#look(name, group);
      group.nextAt = this.nowMs + WALK.intervalMs;
    }
    this.nowMs = untilMs;
  }

  #look(name: string, group: ModelGroup): void {
    const heard = [...group.alerts.values()].filter(
      (alert) => !this.#silences.some((silence) => silence.name === alert.name && silence.untilMs > this.nowMs),
    );
    const firing = new Set(heard.filter(({ ended }) => !ended).map((alert) => alert.name));
    const resolved = new Set(heard.filter(({ ended }) => ended).map((alert) => alert.name));
    if (heard.length > 0) this.#tell(name, firing, resolved);
    for (const alert of group.alerts.values()) if (alert.ended) group.alerts.delete(alert.name);
    if (group.alerts.size === 0) this.#groups.delete(name);
  }

  #tell(name: string, firing: Set<string>, resolved: Set<string>): void {
    const told = this.#told.get(name);
    const hasNew = [...firing].some((alert) => !told?.firing.has(alert));
    const allEnded = firing.size === 0 && (told?.firing.size ?? 0) > 0;
    const hasNewEnd =
      this.#sendResolved && firing.size > 0 && told !== undefined && [...resolved].some((alert) => !told.resolved.has(alert));
    const isRepeat = firing.size > 0 && told !== undefined && told.at < this.nowMs - WALK.repeatMs;
    if (!hasNew && !allEnded && !hasNewEnd && !isRepeat) return;
    this.#told.set(name, { firing, resolved, at: this.nowMs });
    if (allEnded && !this.#sendResolved) return;
    const shown = this.#sendResolved ? resolved : [];
    this.log.push(`${this.nowMs - NOW} ${name} firing [${[...firing].sort()}] resolved [${[...shown].sort()}]`);
  }
}

/** Three alerts of one group, two of another. */
export const nameOf = (alert: number): string => `alert-${alert}`;
export const groupOf = (alert: number): string => (alert < 3 ? 'one' : 'two');

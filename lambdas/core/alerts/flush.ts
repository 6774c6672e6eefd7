import type { Alert } from './alert.ts';
import type { Delivery, Notice, Tell } from './chat.ts';
import type { Reason } from './dedup.ts';
import { decideFlush, type FlushDecision } from './flush-decision.ts';
import { CLOSED_KEPT_MS, type DueGroup, LIVE_KEPT_MS } from './ingest.ts';
import { compileSilences, type Inhibition, inhibitedBy } from './mute.ts';
import type { Route } from './routes.ts';
import { repeatTick, retryPauseMs } from './schedule.ts';
import type { AlertStore, GroupChange, GroupRow } from './store.ts';
import { digestAlert, isOverLimit, type StormLimit, stormRoute, stormWindow } from './storm.ts';
import { quietBy, type TimeTest } from './time-intervals.ts';

type Acceptance = Extract<Delivery, { ok: true }>;
type Refusal = Extract<Delivery, { ok: false }>;

/** What a look at a group needs. */
export interface FlushPorts {
  readonly store: AlertStore;
  readonly tell: Tell;
  now(): number;
  /** 0 to 1. */
  random(): number;
  /** A new id for a claim. */
  claimId(): string;
  /** Takes a copy of what Slack did not take for good or for long, so that an operator hears of it. */
  giveUp(notice: Notice, delivery: Refusal): Promise<void>;
  /** Puts an alert into the group of a storm. */
  intoDigest(route: Route, alert: Alert): Promise<DueGroup | undefined>;
  /** Puts an alert whose route is gone into the groups of the routes that there are now. */
  adopt(alert: Alert): Promise<readonly DueGroup[]>;
}

/** Settings of looks. */
export interface FlushRules {
  /** Routes by their id. */
  readonly routes: ReadonlyMap<string, Route>;
  readonly inhibitions: readonly Inhibition[];
  /** Named intervals, in which routes are quiet or not. */
  readonly intervals: ReadonlyMap<string, TimeTest>;
  /** Whether a receiver hears of what is resolved. */
  readonly sendResolved: (receiver: string) => boolean;
  readonly storm: StormLimit;
  /** How long a look may take before another may take the group, in ms; longer than the function's time-out. */
  readonly claimMs: number;
}

/** What became of a look. */
export interface Flushed {
  readonly outcome: 'told' | 'quiet' | 'digested' | 'failed' | 'not-due' | 'unrouted';
  readonly reason: Reason;
  readonly muted: number;
  /** Whether the message went out and the table does not know: it may go out once more. */
  readonly isUnrecorded: boolean;
  readonly failure?: string;
  readonly next?: readonly DueGroup[];
}

/** Failed attempts after which an operator is told by another way. */
const GIVE_UP_AFTER = 5;

/**
 * Looks at a group that is due: decides, tells, and only then records what was told. Dying in between repeats one message and loses none. Of several that
 * try at once, one gets the group. Rejects where the table cannot be read.
 */
export async function flushGroup(groupId: string, rules: FlushRules, ports: FlushPorts): Promise<Flushed> {
  const { store } = ports;
  const nowMs = ports.now();
  const claimId = ports.claimId();
  const group = await store.claimGroup(groupId, { nowMs, untilMs: nowMs + rules.claimMs, claimId });
  if (!group) return { outcome: 'not-due', reason: 'quiet', muted: 0, isUnrecorded: false };
  const route = rules.routes.get(group.routeId) ?? stormRoute(group, rules.storm);
  const rows = await store.liveAlerts(groupId);
  if (!route) {
    // The route is gone from the config. First the new groups, then the end of this one: in between they are in both, never in none.
    const next: DueGroup[] = [];
    for (const { alert } of rows) next.push(...(await ports.adopt(alert)));
    await store.finishGroup(group, claimId, { failures: 0, tickAt: nowMs, nextTickAt: nowMs, expiresAt: nowMs + CLOSED_KEPT_MS });
    await store.closeAlerts(rows, nowMs + CLOSED_KEPT_MS);
    return { outcome: 'unrouted', reason: 'quiet', muted: 0, isUnrecorded: false, next };
  }
  const alerts = rows.map(({ alert }) => alert);
  const decision = decideFlush(group, rows, {
    nowMs,
    repeatIntervalMs: route.repeatIntervalMs,
    sendResolved: rules.sendResolved(group.receiver),
    mutedBy: await muteTest(alerts, route, rules, store, nowMs),
  });
  const look: Look = { group, route, decision, claimId, nowMs, rules, ports };
  if (decision.reason === 'quiet') return finish(look, 'quiet');
  return (await isStorm(look)) ? digest(look) : notify(look, decision.reason);
}

/** One look at one group: what was found, by whose claim, and with what. */
interface Look {
  readonly group: GroupRow;
  readonly route: Route;
  readonly decision: FlushDecision;
  readonly claimId: string;
  readonly nowMs: number;
  readonly rules: FlushRules;
  readonly ports: FlushPorts;
}

async function notify(look: Look, reason: Notice['reason']): Promise<Flushed> {
  const { decision, group, nowMs, ports, rules } = look;
  const sendsResolved = rules.sendResolved(group.receiver);
  // Logged though not sent, so that the next alert of the group is a first one again.
  if (reason === 'all-resolved' && !sendsResolved && decision.events.length === 0) return finish(look, 'quiet');
  const notice: Notice = {
    receiver: group.receiver,
    groupId: group.id,
    groupLabels: group.labels,
    reason,
    firing: decision.firing,
    resolved: sendsResolved ? decision.resolved : [],
    events: decision.events,
    fresh: decision.fresh,
    mutedCount: decision.muted.length,
    // A new episode is a new message.
    ...(group.posted === undefined || reason === 'first' ? {} : { posted: group.posted }),
    nowMs,
  };
  const delivery = await ports.tell(notice);
  return delivery.ok ? finish(look, 'told', delivery) : fail(look, notice, delivery);
}

async function fail({ claimId, decision, group, nowMs: lookedAt, ports }: Look, notice: Notice, delivery: Refusal): Promise<Flushed> {
  const failures = group.failures + 1;
  // Once for each episode of failures: the state stays in the table and is tried on and on.
  const givenUp = group.givenUp === true || delivery.isPermanent || failures >= GIVE_UP_AFTER;
  if (givenUp && group.givenUp !== true) await ports.giveUp(notice, delivery);
  const nowMs = ports.now();
  const flushAt = nowMs + retryPauseMs(failures, delivery.retryAfterMs, ports.random());
  const saved = await ports.store.finishGroup(group, claimId, {
    failures,
    ...(givenUp ? { givenUp } : {}),
    flushAt,
    tickAt: group.tickAt ?? lookedAt,
    nextTickAt: flushAt,
    expiresAt: nowMs + LIVE_KEPT_MS,
  });
  const next = saved ? [{ groupId: group.id, flushAt, isNew: true }] : [];
  return { outcome: 'failed', reason: decision.reason, muted: decision.muted.length, isUnrecorded: false, failure: delivery.reason, next };
}

/** Records a look that succeeded, and closes what is over. */
async function finish(look: Look, outcome: 'told' | 'quiet' | 'digested', delivery?: Acceptance): Promise<Flushed> {
  const { claimId, decision, group, nowMs, route } = look;
  const { store } = look.ports;
  const isLogged = decision.reason !== 'quiet' && decision.reason !== 'event';
  const told = isLogged ? { ...decision.told, atMs: nowMs } : group.told;
  const nextTickAt = nowMs + route.groupIntervalMs;
  const flushAt = decision.hasLive ? nextLook(look, told?.atMs, nextTickAt) : undefined;
  const forgetsPosted = outcome !== 'quiet' && isLogged && (decision.reason === 'all-resolved' || delivery?.posted === undefined);
  const change: GroupChange = {
    ...(told === undefined ? {} : { told }),
    ...(isLogged && !forgetsPosted && delivery?.posted !== undefined ? { posted: delivery.posted } : {}),
    ...(forgetsPosted ? { forgetPosted: true } : {}),
    failures: 0,
    ...(flushAt === undefined ? {} : { flushAt }),
    tickAt: nowMs,
    nextTickAt,
    // The log of a group outlives two repeats, as in Alertmanager.
    expiresAt: nowMs + Math.max(2 * route.repeatIntervalMs, flushAt === undefined ? 0 : LIVE_KEPT_MS),
  };
  let isUnrecorded = false;
  try {
    // The log first: alerts that stay open by a crash in between are over, and the next look finds nothing to tell of them.
    isUnrecorded = !(await store.finishGroup(group, claimId, change));
    if (!isUnrecorded) await store.closeAlerts(decision.closing, nowMs + CLOSED_KEPT_MS);
  } catch (error) {
    if (outcome !== 'told') throw error;
    isUnrecorded = true;
  }
  const next = flushAt === undefined || isUnrecorded ? [] : [{ groupId: group.id, flushAt, isNew: true }];
  return { outcome, reason: decision.reason, muted: decision.muted.length, isUnrecorded, next };
}

/** Muted alerts may be heard at any tick; else nothing happens before the repeat. */
function nextLook({ decision, nowMs, route }: Look, toldAt: number | undefined, nextTickAt: number): number {
  if (decision.muted.length > 0 || decision.firing.length === 0 || toldAt === undefined) return nextTickAt;
  return repeatTick(nowMs, toldAt, route);
}

async function isStorm({ decision, group, nowMs, ports, rules }: Look): Promise<boolean> {
  const isNew = decision.reason === 'first' || decision.reason === 'event';
  // An attempt that failed was counted before.
  if (!isNew || group.failures > 0 || rules.storm.messages === 0 || !rules.routes.has(group.routeId)) return false;
  const window = stormWindow(nowMs, rules.storm);
  return isOverLimit(await ports.store.countFirst(group.receiver, window, nowMs + 2 * rules.storm.windowMs), rules.storm);
}

/** Too many first messages: this one becomes a line of the receiver's digest. Its group goes on as if it had been told. */
async function digest(look: Look): Promise<Flushed> {
  const { decision, group, nowMs, ports, rules } = look;
  const into = stormRoute({ receiver: group.receiver, routeId: '' }, rules.storm);
  const due: DueGroup[] = [];
  if (into) {
    for (const alert of [...decision.firing, ...decision.events]) {
      const added = await ports.intoDigest(into, digestAlert(alert, group, nowMs));
      if (added && !due.some(({ groupId }) => groupId === added.groupId)) due.push(added);
    }
  }
  const finished = await finish(look, 'digested');
  return { ...finished, next: [...due, ...(finished.next ?? [])] };
}

async function muteTest(
  alerts: readonly Alert[],
  { times }: Route,
  { inhibitions, intervals }: FlushRules,
  store: AlertStore,
  nowMs: number,
): Promise<(alert: Alert) => string | undefined> {
  if (alerts.length === 0) return () => undefined;
  const interval = quietBy(times, intervals, nowMs);
  if (interval !== undefined) return () => interval;
  const concerned = inhibitions.filter(({ isTarget }) => alerts.some(({ labels }) => isTarget(labels)));
  const sources = concerned.length === 0 ? [] : await store.sources(concerned.map(({ name }) => name));
  const silencedBy = compileSilences(await store.silences(), nowMs);
  return ({ labels }) => inhibitedBy(labels, concerned, sources, nowMs) ?? silencedBy(labels);
}

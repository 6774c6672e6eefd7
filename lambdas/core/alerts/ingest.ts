import { type Alert, isResolved, type Labels } from './alert.ts';
import { mergeReport } from './merge.ts';
import type { Inhibition } from './mute.ts';
import { groupKey, groupLabels, matchRoutes, type Route } from './routes.ts';
import { firstFlushAt, nextTick } from './schedule.ts';
import type { AlertRow, AlertStore, GroupSeed } from './store.ts';

/** What taking in an alert needs. */
export interface IngestPorts {
  readonly store: AlertStore;
  /** A digest of a text, in letters and digits, the same in every process. */
  hash(text: string): string;
  now(): number;
}

/** A group that must be looked at, and when. */
export interface DueGroup {
  readonly groupId: string;
  readonly flushAt: number;
  /** Whether this very report made it due then: whoever did before has set a timer. */
  readonly isNew: boolean;
}

/** What became of one report in one group. */
export type Taken = 'new' | 'changed' | 'duplicate' | 'stale';

/** What became of an alert. */
export interface Ingested {
  readonly due: readonly DueGroup[];
  readonly taken: readonly Taken[];
}

/** Closed alerts are kept so long, in ms: SQS keeps a message for up to 14 days, but a redrive after a day is by hand and rare. */
export const CLOSED_KEPT_MS = 2 * 86_400_000;
/** Alerts that fire are kept so long without any report, in ms; the sweeper asks after them meanwhile. */
export const LIVE_KEPT_MS = 30 * 86_400_000;
/** Attempts to write a row that others write too. */
const MAX_CONFLICTS = 8;

/**
 * Puts an alert into the groups of all its routes and says when they are due. Safe to repeat: a report that was taken before changes nothing, and still makes
 * its group due if it is not told yet.
 */
export async function ingestAlert(
  alert: Alert,
  { root, inhibitions }: { readonly root: Route; readonly inhibitions: readonly Inhibition[] },
  ports: IngestPorts,
): Promise<Ingested> {
  const fingerprint = ports.hash(alert.key).slice(0, 24);
  const due: DueGroup[] = [];
  const taken: Taken[] = [];
  for (const route of matchRoutes(root, alert.labels)) {
    const result = await ingestInto(route, alert, fingerprint, ports);
    taken.push(result.taken);
    if (result.due) due.push(result.due);
  }
  // A late report of something older must not bring a source back, nor end one.
  if (taken.some((result) => result !== 'stale')) await noteSource(alert, fingerprint, inhibitions, ports);
  return { due, taken };
}

/** Id of a group: the same in every process, with the table or without. */
export function groupIdOf(route: Pick<Route, 'id' | 'receiver'>, labels: Labels, { hash }: Pick<IngestPorts, 'hash'>): string {
  return hash(groupKey(route, labels)).slice(0, 32);
}

/** Puts an alert into one route's group. */
export async function ingestInto(
  route: Route,
  alert: Alert,
  fingerprint: string,
  { store, hash, now }: IngestPorts,
): Promise<{ readonly taken: Taken; readonly due?: DueGroup }> {
  const labels = groupLabels(route, alert.labels);
  const groupId = groupIdOf(route, labels, { hash });
  const taken = await writeAlert({ groupId, fingerprint, alert }, { store, now });
  if (!taken.wakes) return { taken: taken.taken };
  return {
    taken: taken.taken,
    due: await wakeGroup({ id: groupId, receiver: route.receiver, routeId: route.id, labels }, route, alert.startsAt, { store, now }),
  };
}

/** Makes a group due: after its wait where it was empty, else at its next tick at the latest. */
export async function wakeGroup(
  seed: GroupSeed,
  route: Route,
  startsAt: number,
  { store, now }: Pick<IngestPorts, 'store' | 'now'>,
): Promise<DueGroup> {
  const nowMs = now();
  const first = firstFlushAt(startsAt, nowMs, route);
  const group = await store.touchGroup(seed, first);
  const flushAt = group.flushAt ?? nowMs;
  const tick = group.tickAt === undefined ? flushAt : nextTick(group.tickAt, nowMs, route);
  if (tick >= flushAt) return { groupId: seed.id, flushAt, isNew: flushAt === first };
  await store.hastenGroup(seed.id, tick);
  return { groupId: seed.id, flushAt: tick, isNew: true };
}

/** Ends an alert that a group still takes for firing though it is over: its end was never reported. Undefined where there is nothing to end. */
export async function endAlert(
  row: { readonly groupId: string; readonly fingerprint: string; readonly atMs: number; readonly reason: string },
  routeOf: (routeId: string) => Route | undefined,
  ports: IngestPorts,
): Promise<DueGroup | undefined> {
  const { atMs, fingerprint, groupId, reason } = row;
  const [known, group] = await Promise.all([ports.store.alert(groupId, fingerprint), ports.store.group(groupId)]);
  const route = group && routeOf(group.routeId);
  if (!known || !group || !route || known.closed || isResolved(known.alert, ports.now()) || atMs < known.alert.updatedAt) return undefined;
  const ended: Alert = { ...known.alert, endsAt: Math.min(atMs, ports.now()), updatedAt: atMs, reason };
  const taken = await writeAlert({ groupId, fingerprint, alert: ended }, ports);
  return taken.wakes ? wakeGroup(group, route, ended.startsAt, ports) : undefined;
}

async function writeAlert(
  row: Omit<AlertRow, 'closed'>,
  { store, now }: Pick<IngestPorts, 'store' | 'now'>,
): Promise<{ readonly taken: Taken; readonly wakes: boolean }> {
  for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts++) {
    const known = await store.alert(row.groupId, row.fingerprint);
    const nowMs = now();
    const merged = mergeReport(known, row, nowMs);
    if (merged.kind === 'stale') return { taken: 'stale', wakes: false };
    if (merged.kind === 'duplicate') return { taken: 'duplicate', wakes: merged.wakes };
    const expiresAt = nowMs + (merged.row.closed ? CLOSED_KEPT_MS : LIVE_KEPT_MS);
    if (await store.putAlert(merged.row, known, expiresAt)) return { taken: known === undefined ? 'new' : 'changed', wakes: merged.wakes };
  }
  throw new Error(`alert ${row.fingerprint} of group ${row.groupId} is written by others all the time`);
}

async function noteSource(
  alert: Alert,
  fingerprint: string,
  inhibitions: readonly Inhibition[],
  { store, now }: IngestPorts,
): Promise<void> {
  for (const { name, isSource } of inhibitions) {
    if (alert.lifecycle !== 'state' || !isSource(alert.labels)) continue;
    if (isResolved(alert, now())) await store.removeSource(name, fingerprint);
    else {
      const { labels, endsAt } = alert;
      await store.putSource({ rule: name, labels, ...(endsAt === undefined ? {} : { endsAt }) }, fingerprint, now() + LIVE_KEPT_MS);
    }
  }
}

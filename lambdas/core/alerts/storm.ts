import type { Alert } from './alert.ts';
import { compileRoutes, type Route } from './routes.ts';
import type { GroupRow } from './store.ts';

/** How many first messages a receiver takes before the rest becomes a digest. */
export interface StormLimit {
  /** First messages in a window; 0 for no limit. */
  readonly messages: number;
  readonly windowMs: number;
}

/** Start of the window that a time lies in. */
export function stormWindow(nowMs: number, { windowMs }: StormLimit): number {
  return Math.floor(nowMs / windowMs) * windowMs;
}

/** Whether a count is over the limit. */
export function isOverLimit(count: number, { messages }: StormLimit): boolean {
  return messages > 0 && count > messages;
}

const STORM_ROUTE = 'storm';
/** Between the first line of a digest and its message, in ms: most of a storm is over in that time. */
const STORM_WAIT_MS = 30_000;

/** The route of a receiver's digest; undefined for a group that is none. One message a window at most. */
export function stormRoute({ receiver, routeId }: Pick<GroupRow, 'receiver' | 'routeId'>, storm: StormLimit): Route | undefined {
  if (routeId !== '' && routeId !== STORM_ROUTE) return undefined;
  const route = compileRoutes({
    receiver,
    groupBy: [],
    groupWaitMs: STORM_WAIT_MS,
    groupIntervalMs: Math.max(60_000, Math.floor(storm.windowMs / 2)),
  });
  return { ...route, id: STORM_ROUTE };
}

/** A line of a digest: what would have been a message. */
export function digestAlert(alert: Alert, group: Pick<GroupRow, 'id'>, nowMs: number): Alert {
  const { kind, title, severity, labels, startsAt, links } = alert;
  return {
    key: `storm/${group.id}/${alert.key}/${alert.startsAt}`,
    kind: 'storm',
    lifecycle: 'once',
    title,
    severity,
    labels: { ...labels, kind },
    // Now, not when the alert began: an old one would make the digest go out at once.
    startsAt: nowMs,
    updatedAt: startsAt,
    ...(links === undefined ? {} : { links }),
  };
}

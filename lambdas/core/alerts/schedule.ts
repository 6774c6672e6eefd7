import type { Route } from './routes.ts';

/** When a group that was empty is looked at first: after the group's wait, or at once if its first alert is older than that. */
export function firstFlushAt(startsAt: number, nowMs: number, route: Pick<Route, 'groupWaitMs'>): number {
  return startsAt + route.groupWaitMs < nowMs ? nowMs : nowMs + route.groupWaitMs;
}

/** The next look after `nowMs`, counted in group intervals from the last one. */
export function nextTick(tickAt: number, nowMs: number, route: Pick<Route, 'groupIntervalMs'>): number {
  const passed = Math.floor((nowMs - tickAt) / route.groupIntervalMs);
  return tickAt + (Math.max(0, passed) + 1) * route.groupIntervalMs;
}

/**
 * The look at which an unchanged group is told again: the first tick at which the repeat interval is over. Looks in between would find nothing to tell, so
 * they are left out; whatever comes in or is muted asks for its own.
 */
export function repeatTick(tickAt: number, toldAt: number, route: Pick<Route, 'groupIntervalMs' | 'repeatIntervalMs'>): number {
  const dueAt = toldAt + route.repeatIntervalMs;
  const ticks = Math.max(1, Math.ceil((dueAt - tickAt) / route.groupIntervalMs));
  // The interval must be over, not only reached.
  return Math.max(tickAt + ticks * route.groupIntervalMs, dueAt + 1);
}

/** Pauses after an attempt that Slack did not take, in ms: 5 s doubling to 10 minutes, never less than Slack asked for. */
export function retryPauseMs(failures: number, askedMs: number | undefined, random: number): number {
  const full = Math.min(600_000, 5_000 * 2 ** Math.min(failures - 1, 20));
  return Math.round(Math.max(full * (0.75 + random / 4), askedMs ?? 0));
}

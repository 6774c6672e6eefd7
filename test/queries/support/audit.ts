import { auditEvents, distinct, type ExpectedRow, earliest, type Json, latest, shownTime } from './independent.ts';

/** The audit sample, parsed once per test file by JSON.parse alone. */
export const EVENTS: readonly Json[] = auditEvents();

/** Path of a request: what stands before the "?". */
export function pathOf(event: Json): string {
  return event.requestURI.split('?')[0];
}

/** Different requests among events: a watch, a denied one above all, makes several events of one id. */
export function requestsIn(events: readonly Json[]): number {
  return distinct(events.map((event) => event.auditID));
}

/** When a group of events was first and last seen, as it is shown. */
export function spanOf(events: readonly Json[]): { first_seen: string; last_seen: string } {
  const times = events.map((event) => shownTime(event.stageTimestamp));
  return { first_seen: earliest(times), last_seen: latest(times) };
}

/** `requests` and `last_seen` of a group of events. */
export function counted(events: readonly Json[]): ExpectedRow {
  return { requests: requestsIn(events), last_seen: spanOf(events).last_seen };
}

/** What `ignored_users` leaves out by default, in words of its own: Kubernetes' components and the service accounts of kube-system. */
export function isComponent(event: Json): boolean {
  const name: string = event.user.username ?? '';
  return ['system:apiserver', 'system:kube-', 'system:node:', 'system:serviceaccount:kube-system:'].some((start) => name.startsWith(start));
}

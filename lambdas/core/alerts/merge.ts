import { type Alert, isResolved } from './alert.ts';
import type { AlertRow } from './store.ts';

/** What a report of an alert changes. */
export type Merged =
  | { readonly kind: 'write'; readonly row: AlertRow; readonly wakes: boolean }
  /** The same report again: it is not written, but its group must be due. */
  | { readonly kind: 'duplicate'; readonly wakes: boolean }
  /** Something newer is known. */
  | { readonly kind: 'stale' };

/**
 * Puts a report together with what is known of the alert. The later report counts; while both are of one episode, the earlier start and the later end do.
 * An end of something that nobody knows of is only kept, so that its late beginning is recognised as past.
 */
export function mergeReport(known: AlertRow | undefined, row: Omit<AlertRow, 'closed'>, nowMs: number): Merged {
  const { alert } = row;
  const ends = isResolved(alert, nowMs);
  if (known === undefined) {
    const isUnheard = ends && alert.lifecycle === 'state';
    return { kind: 'write', row: { ...row, closed: isUnheard }, wakes: !isUnheard };
  }
  const before = known.alert;
  if (alert.updatedAt < before.updatedAt) return { kind: 'stale' };
  if (alert.updatedAt === before.updatedAt) {
    // Of two reports of one moment, an end is the later one.
    const isNews = ends && !isResolved(before, nowMs) && !known.closed;
    if (!isNews) return { kind: 'duplicate', wakes: !known.closed };
  }
  if (known.closed)
    return { kind: 'write', row: { ...row, closed: ends && alert.lifecycle === 'state' }, wakes: !ends || alert.lifecycle === 'once' };
  return { kind: 'write', row: { ...row, alert: merge(before, alert, nowMs), closed: false }, wakes: true };
}

function merge(before: Alert, later: Alert, nowMs: number): Alert {
  const hadEnded = isResolved(before, nowMs);
  const ends = isResolved(later, nowMs);
  // It fires again before anyone was told of its end: a new episode.
  if (hadEnded && !ends) return later;
  const startsAt = Math.min(before.startsAt, later.startsAt);
  if (!ends) return { ...later, startsAt };
  const endsAt = hadEnded ? Math.max(before.endsAt ?? 0, later.endsAt ?? 0) : later.endsAt;
  return { ...later, startsAt, ...(endsAt === undefined ? {} : { endsAt }) };
}

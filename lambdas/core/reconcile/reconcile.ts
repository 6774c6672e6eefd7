import { type Counts, excludedTotal, imbalance } from '../delivery/counts.ts';

/** What is known of one source in one window of time. */
export interface SourceFacts {
  readonly source: string;
  readonly counts: Counts;
  /** Events that CloudWatch Logs took into the source's groups; undefined where nobody counted. */
  readonly incoming?: number;
  /** Events that its subscription forwarded; undefined where nobody counted. */
  readonly forwarded?: number;
  /** Events whose forwarding failed for good or for now (DeliveryErrors, DeliveryThrottling). */
  readonly notDelivered?: number;
  /** Whether the archive gets the events beside the route: its function counts them under the same source, and hands them on. */
  readonly isCopied?: boolean;
}

/** Whether a source adds up, and why not. */
export interface Verdict extends SourceFacts {
  readonly excluded: number;
  /** received − (indexed + duplicate + dead-lettered + excluded + joined + returned + handed on). */
  readonly unaccounted: number;
  /** Forwarded events that no function has finished with: 0 where nothing is missing. */
  readonly missing: number;
  readonly ok: boolean;
  /** What is wrong, in words; empty where nothing is. */
  readonly problems: readonly string[];
}

/**
 * The count check, per delivery attempt: received = indexed + duplicate + dead-lettered + excluded + joined + returned + handed on. Delivery is at least once, so
 * functions may receive more than was forwarded, never less: forwarded events must be among those that were finished (received without the returned).
 */
export function reconcileSource(facts: SourceFacts): Verdict {
  const { counts, forwarded, isCopied = false, notDelivered = 0 } = facts;
  const unaccounted = imbalance(counts);
  const missing = Math.max(0, (forwarded ?? 0) - (counts.received - counts.returned - (isCopied ? (counts.handedOn ?? 0) : 0)));
  const problems: string[] = [];
  if (unaccounted !== 0) problems.push(`${unaccounted} of the received events are unaccounted for`);
  if (missing > 0)
    problems.push(
      `${missing} forwarded events were not finished by any function: look at the on-failure objects and at the stream's iterator age`,
    );
  if (notDelivered > 0) problems.push(`CloudWatch Logs failed to deliver ${notDelivered} events; it tries again for up to 24 hours`);
  return { ...facts, excluded: excludedTotal(counts), unaccounted, missing, ok: unaccounted === 0 && missing === 0, problems };
}

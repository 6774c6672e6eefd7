import type { IndexFamily, TimeBounds } from '../rules/rules.ts';
import { MAX_DATE_MS } from './time-text.ts';

const DAY_MS = 86_400_000;

/** Why an event gets no document; `admitted` means that it does. */
export type Admission = 'admitted' | 'time-out-of-bounds' | 'older-than-retention';

/**
 * Decides by the CloudWatch time whether an event may have a document. Outside the bounds it is rejected, because a wrong time would make
 * an index of its own; older than the family's retention it is excluded, because ISM would delete its index the same day.
 */
export function admit(eventTimeMs: number, nowMs: number, bounds: TimeBounds, family: IndexFamily): Admission {
  if (!(Math.abs(eventTimeMs) <= MAX_DATE_MS)) return 'time-out-of-bounds';
  // Retention first: with a retention shorter than the bound both hold, and an exclusion is the truth: nothing is wrong with the event.
  if (eventTimeMs <= nowMs + bounds.aheadMs && eventTimeMs >= nowMs - bounds.backMs) {
    return eventTimeMs < nowMs - family.retentionDays * DAY_MS ? 'older-than-retention' : 'admitted';
  }
  return 'time-out-of-bounds';
}

/** Source events of one delivery attempt, by what became of them. */
export interface Counts {
  received: number;
  indexed: number;
  /** 409: the same `_id` was there. Also a record that was there with fewer of its lines, and was replaced by the whole. */
  duplicate: number;
  deadLettered: number;
  /** By exclusion rule, or by built-in reason such as `older-than-retention`. */
  excluded: { [rule: string]: number };
  /** Continuation events that became part of another event's document. */
  joined: number;
  /** Handed back to the route for another attempt. */
  returned: number;
  /** CONTROL_MESSAGEs: not events, counted apart. */
  controlMessages: number;
}

/** Counts with nothing in them. */
export function emptyCounts(): Counts {
  return { received: 0, indexed: 0, duplicate: 0, deadLettered: 0, excluded: {}, joined: 0, returned: 0, controlMessages: 0 };
}

/** Events excluded by all rules together. */
export function excludedTotal(counts: Counts): number {
  let total = 0;
  for (const count of Object.values(counts.excluded)) total += count;
  return total;
}

/** What is unaccounted for: 0 where received = indexed + duplicate + dead-lettered + excluded + joined + returned. */
export function imbalance(counts: Counts): number {
  return (
    counts.received - counts.indexed - counts.duplicate - counts.deadLettered - excludedTotal(counts) - counts.joined - counts.returned
  );
}

/** Adds `from` to `into`, in place. */
export function addCounts(into: Counts, from: Counts): void {
  into.received += from.received;
  into.indexed += from.indexed;
  into.duplicate += from.duplicate;
  into.deadLettered += from.deadLettered;
  into.joined += from.joined;
  into.returned += from.returned;
  into.controlMessages += from.controlMessages;
  for (const [rule, count] of Object.entries(from.excluded)) into.excluded[rule] = (into.excluded[rule] ?? 0) + count;
}

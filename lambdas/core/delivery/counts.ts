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
  /** Accepted by a Firehose delivery stream, which delivers them from here on. Absent where a function does not hand anything on. */
  handedOn?: number;
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

/** What is unaccounted for: 0 where received = indexed + duplicate + dead-lettered + excluded + joined + returned + handed on. */
export function imbalance(counts: Counts): number {
  const { received, indexed, duplicate, deadLettered, joined, returned, handedOn = 0 } = counts;
  return received - indexed - duplicate - deadLettered - excludedTotal(counts) - joined - returned - handedOn;
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
  if (from.handedOn !== undefined) into.handedOn = (into.handedOn ?? 0) + from.handedOn;
  for (const [rule, count] of Object.entries(from.excluded)) into.excluded[rule] = (into.excluded[rule] ?? 0) + count;
}

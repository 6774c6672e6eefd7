/** What was told last to one receiver about one group: the entry of the notification log. */
export interface Told {
  /** Fingerprints of what fired then. */
  readonly firing: ReadonlySet<string>;
  /** Fingerprints of what was resolved then. */
  readonly resolved: ReadonlySet<string>;
  /** When, in ms since the epoch; 0 for never. */
  readonly atMs: number;
}

/** Why a message goes out; `quiet` means that none does. */
export type Reason = 'first' | 'new-alerts' | 'all-resolved' | 'new-resolved' | 'repeat' | 'event' | 'quiet';

/** The group as it is now. */
export interface GroupNow {
  readonly firing: ReadonlySet<string>;
  readonly resolved: ReadonlySet<string>;
}

/** Settings of the decision. */
export interface DedupOptions {
  readonly repeatIntervalMs: number;
  readonly sendResolved: boolean;
  readonly nowMs: number;
}

/**
 * Whether a group needs a message, by Alertmanager's rules. One alert of three that ends is no change of what fires (a subset), so it is told only with
 * `sendResolved`; that everything ended is decided whatever `sendResolved` says, because the log must forget what fired.
 */
export function needsUpdate(told: Told | undefined, now: GroupNow, { repeatIntervalMs, sendResolved, nowMs }: DedupOptions): Reason {
  if (told === undefined) return now.firing.size > 0 ? 'first' : 'quiet';
  if (!isSubset(now.firing, told.firing)) return told.firing.size === 0 ? 'first' : 'new-alerts';
  // Fired and ended between two looks, or told as resolved before: the receiver knows nothing of it or all of it.
  if (now.firing.size === 0) return told.firing.size > 0 ? 'all-resolved' : 'quiet';
  if (sendResolved && !isSubset(now.resolved, told.resolved)) return 'new-resolved';
  return told.atMs < nowMs - repeatIntervalMs ? 'repeat' : 'quiet';
}

function isSubset(part: ReadonlySet<string>, whole: ReadonlySet<string>): boolean {
  for (const item of part) if (!whole.has(item)) return false;
  return true;
}

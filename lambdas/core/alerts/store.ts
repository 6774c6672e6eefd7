import type { Alert, Labels } from './alert.ts';
import type { FiringSource, Silence } from './mute.ts';

/** Where a message stands that can be changed later. */
export interface PostedMessage {
  readonly channel: string;
  /** Slack's id of a message. */
  readonly ts: string;
}

/** What was told last, as it is kept: lists instead of sets. */
export interface ToldEntry {
  readonly firing: readonly string[];
  readonly resolved: readonly string[];
  readonly atMs: number;
}

/** What is known of one group of one receiver. */
export interface GroupRow {
  readonly id: string;
  readonly receiver: string;
  /** `Route.id`; a group whose route is gone is not told any more. */
  readonly routeId: string;
  readonly labels: Labels;
  /** When it is looked at next, in ms; absent while nothing is in it. */
  readonly flushAt?: number;
  /** Last look, from which the next ones are counted. */
  readonly tickAt?: number;
  /** Grows with every alert that comes in. */
  readonly rev: number;
  readonly told?: ToldEntry;
  readonly posted?: PostedMessage;
  /** Attempts that Slack did not take, since the last that it took. */
  readonly failures: number;
  /** Whether an operator was told of these failures. */
  readonly givenUp?: boolean;
}

/** An alert inside a group. */
export interface AlertRow {
  readonly groupId: string;
  readonly fingerprint: string;
  readonly alert: Alert;
  /** Told for the last time, and kept only so that a late or second report of the same thing does not wake it. */
  readonly closed: boolean;
}

/** What a look at a group changes. */
export interface GroupChange {
  readonly told?: ToldEntry;
  readonly posted?: PostedMessage;
  /** Forgets the message that was changed so far. */
  readonly forgetPosted?: boolean;
  readonly failures: number;
  readonly givenUp?: boolean;
  /** Absent: nothing is left in it. */
  readonly flushAt?: number;
  readonly tickAt: number;
  /** Where alerts came in meanwhile, it is looked at again then at the latest. */
  readonly nextTickAt: number;
  /** After which the row may be forgotten, in ms. */
  readonly expiresAt: number;
}

/** What identifies a group that may not be there yet. */
export type GroupSeed = Pick<GroupRow, 'id' | 'receiver' | 'routeId' | 'labels'>;

/**
 * Where the state of alerts is kept. Every write is conditional, so that any number of consumers may work at once. Every method rejects where the state
 * cannot be read or written.
 */
export interface AlertStore {
  alert(groupId: string, fingerprint: string): Promise<AlertRow | undefined>;
  /** Writes an alert if it still is as it was seen; false where somebody else was quicker. */
  putAlert(row: AlertRow, seen: AlertRow | undefined, expiresAt: number): Promise<boolean>;
  /** Alerts of a group that are not closed, in no order. */
  liveAlerts(groupId: string): Promise<AlertRow[]>;
  /** Closes alerts that still are as they were seen. */
  closeAlerts(rows: readonly AlertRow[], expiresAt: number): Promise<void>;
  /** Makes the group if needed, counts the arrival, and sets `flushAt` where there is none. */
  touchGroup(seed: GroupSeed, firstFlushAt: number): Promise<GroupRow>;
  /** Brings the next look forward; a sooner one stays. */
  hastenGroup(id: string, flushAt: number): Promise<void>;
  group(id: string): Promise<GroupRow | undefined>;
  /** Takes a group that is due and that nobody else has; undefined otherwise. */
  claimGroup(
    id: string,
    claim: { readonly nowMs: number; readonly untilMs: number; readonly claimId: string },
  ): Promise<GroupRow | undefined>;
  /** Writes what a look changed and gives the group back; false where the claim was lost to somebody else. */
  finishGroup(group: GroupRow, claimId: string, change: GroupChange): Promise<boolean>;
  /** Counts one first message of a receiver in a window of time; gives the count so far. */
  countFirst(receiver: string, windowStartMs: number, expiresAt: number): Promise<number>;
  /** Notes that a source of an inhibition fires or ended. */
  putSource(source: FiringSource, fingerprint: string, expiresAt: number): Promise<void>;
  removeSource(rule: string, fingerprint: string): Promise<void>;
  sources(rules: readonly string[]): Promise<FiringSource[]>;
  silences(): Promise<Silence[]>;
}

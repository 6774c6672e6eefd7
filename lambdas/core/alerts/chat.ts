import type { Alert, Labels } from './alert.ts';
import type { Reason } from './dedup.ts';
import type { PostedMessage } from './store.ts';

/** Everything a message is made of. */
export interface Notice {
  readonly receiver: string;
  readonly groupId: string;
  readonly groupLabels: Labels;
  readonly reason: Exclude<Reason, 'quiet'>;
  readonly firing: readonly Alert[];
  readonly resolved: readonly Alert[];
  readonly events: readonly Alert[];
  /** Of `firing`, those that were not in the last message. */
  readonly fresh: readonly Alert[];
  /** Alerts of the group that somebody silenced or that another alert makes superfluous. */
  readonly mutedCount: number;
  /** The message that tells of this episode so far, where it can be changed. */
  readonly posted?: PostedMessage;
  readonly nowMs: number;
}

/** Whether a message was taken. */
export type Delivery =
  | { readonly ok: true; readonly posted?: PostedMessage }
  | {
      readonly ok: false;
      /** Such as `rate_limited`, `HTTP 500`, `channel_not_found`, `timed-out`: never a URL. */
      readonly reason: string;
      /** Whether the same message cannot be taken later either, unless somebody mends something. */
      readonly isPermanent: boolean;
      readonly retryAfterMs?: number;
    };

/** Tells a receiver. Resolves whatever happens; what was not taken is a value. */
export type Tell = (notice: Notice) => Promise<Delivery>;

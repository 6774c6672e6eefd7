import type { Tally } from '../../lambdas/core/delivery/settle.ts';
import type { Checkpoint } from './positions.ts';
import type { Send } from './sender.ts';
import type { Totals } from './totals.ts';

/** A document that the search will not take. Its text stays where it was read. */
export interface Refused {
  readonly reason: string;
  readonly index?: string;
  readonly id?: string;
}

/** What both kinds of run do with the world. */
export interface RunPorts {
  readonly send: Send;
  readonly overwrite: boolean;
  /** Adds what was done, and keeps the place behind it: undefined at the end. */
  readonly done: (totals: Totals, checkpoint: Checkpoint | undefined) => Promise<void>;
  readonly refused: (document: Refused) => void;
  /** Ends the run behind the piece that is being sent. */
  readonly signal: AbortSignal;
}

/** How a run ended. `stopped`: the search did not take something, and may later. */
export type RunEnd = { readonly kind: 'done' } | { readonly kind: 'interrupted' } | { readonly kind: 'stopped'; readonly returned: Tally };

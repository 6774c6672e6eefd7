/** What a decision about another attempt is made of. */
export interface BackoffState {
  /** Rounds that failed so far, from 1. */
  readonly failures: number;
  /** What the server asked for, in ms (`Retry-After`). */
  readonly retryAfterMs?: number;
  /** Time that this invocation has left, in ms. */
  readonly remainingMs: number;
  /** Time that must be left at the end, for dead letters and the answer, in ms. */
  readonly reserveMs: number;
  /** 0 to 1, from the caller's random source. */
  readonly random: number;
}

/** Shape of the pauses. */
export interface BackoffLimits {
  /** First pause, in ms, before jitter. */
  readonly baseMs: number;
  /** Longest pause, in ms, before jitter; a longer `Retry-After` is obeyed while time allows. */
  readonly capMs: number;
  /** Shortest time that an attempt is worth starting with, in ms. */
  readonly attemptMs: number;
}

/** From 200 ms to 10 s: a full write queue empties within seconds, a restarting node takes half a minute. */
export const BACKOFF: BackoffLimits = { baseMs: 200, capMs: 10_000, attemptMs: 1_000 };

/** Whether to go on, with the reason; `retry` carries the pause in ms. */
export type BackoffDecision =
  | { readonly action: 'retry'; readonly delayMs: number; readonly reason: 'backoff' | 'retry-after' }
  | { readonly action: 'stop'; readonly reason: 'out-of-time' };

/** Decides about another attempt: exponential pause with half of it random, never less than `Retry-After`, stopping where the attempt would not fit. */
export function decideRetry(state: BackoffState, limits: BackoffLimits = BACKOFF): BackoffDecision {
  const full = Math.min(limits.capMs, limits.baseMs * 2 ** Math.min(state.failures - 1, 30));
  const own = full / 2 + (full / 2) * state.random;
  const asked = state.retryAfterMs ?? 0;
  const delayMs = Math.round(Math.max(own, asked));
  if (delayMs + limits.attemptMs > state.remainingMs - state.reserveMs) return { action: 'stop', reason: 'out-of-time' };
  return { action: 'retry', delayMs, reason: asked > own ? 'retry-after' : 'backoff' };
}

/** `Retry-After` in ms: seconds, or an HTTP date compared with `nowMs`; undefined where it is absent or not understood. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

import type { Delivery } from '../core/alerts/chat.ts';

/** What waiting needs. */
export interface PausePorts {
  readonly sleep: (ms: number) => Promise<void>;
  /** Time that the invocation has left, in ms. */
  readonly remainingMs: () => number;
}

/** Longest pause that a receiver may ask for and still be waited for here, in ms; longer ones wait in the table. */
const MAX_PAUSE_MS = 5_000;
/** Time that must be left for another attempt, in ms. */
const ATTEMPT_MS = 15_000;
const MAX_ATTEMPTS = 3;

/** Tries again after the short pauses that a receiver asks for. Whatever else went wrong is the caller's. */
export async function withShortPauses<T extends { readonly ok: true } | Extract<Delivery, { readonly ok: false }>>(
  attempt: () => Promise<T>,
  { remainingMs, sleep }: PausePorts,
): Promise<T> {
  for (let attempts = 1; ; attempts++) {
    const answer = await attempt();
    if (answer.ok) return answer;
    const pauseMs = answer.retryAfterMs;
    if (pauseMs === undefined || pauseMs > MAX_PAUSE_MS || attempts >= MAX_ATTEMPTS || remainingMs() < pauseMs + ATTEMPT_MS) return answer;
    await sleep(pauseMs);
  }
}

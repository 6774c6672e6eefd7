import type { Delivery } from '../core/alerts/chat.ts';
import { retryAfterMs } from '../core/delivery/backoff.ts';
import type { Pager, PagerRequest } from '../core/pagers/render.ts';
import { type HttpClient, TransportError } from './signed-http.ts';

/** Longest wait for an answer, in ms. */
const TIMEOUT_MS = 10_000;

/** What a key looks like; anything else is never sent to anybody. */
const KEYS: { readonly [pager in Pager]: RegExp } = { pagerduty: /^[A-Za-z0-9]{32}$/, opsgenie: /^[A-Za-z0-9-]{20,200}$/ };

/**
 * Sends a request to a pager. Both take it with 202 and work on it later; 429 and 5xx pass, any other answer is final. The key is in no error, and nothing of an answer
 * but its status is: it may quote what was sent.
 */
export async function postPager(
  http: HttpClient,
  { address, key, pager }: { readonly pager: Pager; readonly address: string; readonly key: string },
  { body, path }: PagerRequest,
  nowMs: number,
): Promise<Delivery> {
  if (!KEYS[pager].test(key)) return { ok: false, reason: 'the secret is no integration key', isPermanent: true };
  const isHeader = pager === 'opsgenie';
  try {
    const { headers, status } = await http({
      method: 'POST',
      url: new URL(`${address}${path}`),
      headers: { 'content-type': 'application/json', ...(isHeader ? { authorization: `GenieKey ${key}` } : {}) },
      body: [Buffer.from(JSON.stringify(isHeader ? body : { routing_key: key, ...body }))],
      timeoutMs: TIMEOUT_MS,
    });
    if (status >= 200 && status < 300) return { ok: true };
    // Somebody deleted the alert that is to be closed.
    if (status === 404 && path.includes('/close')) return { ok: true };
    const asked = headers['retry-after'];
    const pauseMs = retryAfterMs(asked, nowMs);
    if (status === 429) return { ok: false, reason: 'rate_limited', isPermanent: false, retryAfterMs: pauseMs ?? 1000 };
    const refusal = { ok: false, reason: `HTTP ${status}`, isPermanent: status < 500 } as const;
    return pauseMs === undefined ? refusal : { ...refusal, retryAfterMs: pauseMs };
  } catch (error) {
    // Only our own error is known to hold nothing of the request.
    return { ok: false, reason: error instanceof TransportError ? error.code : 'not sent', isPermanent: false };
  }
}

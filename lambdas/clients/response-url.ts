import { type ChatAnswer, plainBody, responseBody } from '../core/chat/answer.ts';
import { retryAfterMs } from '../core/delivery/backoff.ts';
import type { HttpClient } from './signed-http.ts';
import { TransportError } from './signed-http.ts';

/** Slack takes five answers to one call, within thirty minutes. https://docs.slack.dev/interactivity/handling-user-interaction#message_responses */
const MAX_ANSWERS = 5;
const MAX_AGE_MS = 30 * 60_000;
const TIMEOUT_MS = 10_000;
/** Longest pause that Slack may ask for and still be waited for, in ms. */
const MAX_PAUSE_MS = 10_000;

/** Hosts to which answers may go: Slack's, and that of its version for US government. */
const HOSTS: ReadonlySet<string> = new Set(['hooks.slack.com', 'hooks.slack-gov.com']);

/** What answering needs. */
export interface ResponsePorts {
  /** Unsigned. */
  readonly http: HttpClient;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** The Slack of the local run, where there is one: the only other place that an answer may go to. */
  readonly localOrigin?: string;
}

/** Whether an answer was taken; `reason` never holds the address. */
export type Answered = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** Answers one call. */
export type Respond = (answer: ChatAnswer) => Promise<Answered>;

/**
 * The address of a call's answers; undefined for one that is not Slack's. The address comes with the request: without this, whoever can have a request signed
 * could have the function post anywhere.
 */
export function responseUrl(address: string, localOrigin?: string): URL | undefined {
  if (address.length > 2000 || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (localOrigin !== undefined && url.origin === new URL(localOrigin).origin) return url;
  const isPlain = url.username === '' && url.password === '' && url.port === '';
  return url.protocol === 'https:' && HOSTS.has(url.hostname) && isPlain ? url : undefined;
}

/** Makes the function that answers a call that was received at a time: at most five times, at most for half an hour. */
export function createRespond(address: string, receivedMs: number, ports: ResponsePorts): Respond {
  const url = responseUrl(address, ports.localOrigin);
  let count = 0;
  const post = async (body: object): Promise<Answered & { readonly retryMs?: number; readonly isUnliked?: boolean }> => {
    if (url === undefined) return { ok: false, reason: 'not an address of Slack' };
    if (count >= MAX_ANSWERS) return { ok: false, reason: 'five answers were given' };
    if (ports.now() - receivedMs > MAX_AGE_MS) return { ok: false, reason: 'half an hour is over' };
    count++;
    try {
      const answer = await ports.http({
        method: 'POST',
        url,
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: [Buffer.from(JSON.stringify(body))],
        timeoutMs: TIMEOUT_MS,
      });
      if (answer.status === 200) return okOf(answer.body.toString('utf8'));
      const asked = retryAfterMs(String(answer.headers['retry-after'] ?? ''), ports.now());
      const pause = answer.status === 429 || answer.status >= 500 ? (asked ?? 1_000) : undefined;
      const isUnliked = answer.status === 400;
      return { ok: false, reason: `HTTP ${answer.status}`, isUnliked, ...(pause === undefined ? {} : { retryMs: pause }) };
    } catch (error) {
      // It may have arrived: an answer twice is better than none.
      return { ok: false, reason: error instanceof TransportError ? error.code : 'not sent', retryMs: 500 };
    }
  };
  return async (answer) => {
    let result = await post(responseBody(answer));
    if (!result.ok && result.isUnliked === true) result = await post(plainBody(answer));
    else if (!result.ok && result.retryMs !== undefined && result.retryMs <= MAX_PAUSE_MS) {
      await ports.sleep(result.retryMs);
      result = await post(responseBody(answer));
    }
    return result.ok ? { ok: true } : { ok: false, reason: result.reason };
  };
}

/** Slack says `ok`, or JSON with an error inside of HTTP 200. */
function okOf(text: string): Answered & { readonly isUnliked?: boolean } {
  if (!/"ok"\s*:\s*false/.test(text)) return { ok: true };
  const reason = /"error"\s*:\s*"([a-z0-9_]{2,60})"/.exec(text)?.[1] ?? 'refused';
  return { ok: false, reason, isUnliked: /blocks|attachments|payload|too_long/.test(reason) };
}

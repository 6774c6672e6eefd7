import type { Delivery } from '../core/alerts/chat.ts';
import { retryAfterMs } from '../core/delivery/backoff.ts';
import type { SlackMessage } from '../core/slack/blocks.ts';
import { type HttpClient, type HttpResponse, TransportError } from './signed-http.ts';

/** An answer of Slack: taken, or why not. */
export type SlackAnswer =
  | { readonly ok: true; readonly body: { readonly [name: string]: unknown } }
  | Extract<Delivery, { readonly ok: false }>;

const FORM = 'application/x-www-form-urlencoded';
/** Longest wait for an answer, in ms. */
const TIMEOUT_MS = 10_000;

/** Errors of the Web API that pass by themselves. https://docs.slack.dev/reference/methods/chat.postMessage */
const TRANSIENT = new Set([
  'ratelimited',
  'rate_limited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
  'accesslimited',
]);
/** Errors that say that the message itself is not liked: as plain text it may be. */
const UNLIKED =
  /^(?:invalid_blocks|invalid_blocks_format|msg_blocks_too_long|invalid_attachments|too_many_attachments|invalid_payload|msg_too_long|invalid_arguments)/;

/** Whether the same in plain words may be taken. */
export function isUnliked(answer: SlackAnswer): boolean {
  return !answer.ok && UNLIKED.test(answer.reason);
}

/** The message in plain words only. */
export function plainMessage({ text }: SlackMessage): object {
  return { text, mrkdwn: false, unfurl_links: false, unfurl_media: false };
}

/** Posts to an incoming webhook. The address is a secret: it is in no error. */
export async function postWebhook(http: HttpClient, address: string, message: object, nowMs: number): Promise<SlackAnswer> {
  const url = secretUrl(address);
  if (url === undefined) return { ok: false, reason: 'the secret is no https address', isPermanent: true };
  return send(http, url, {}, message, nowMs, (answer) => {
    const text = answer.body.toString('utf8').trim();
    return answer.status === 200 && text === 'ok'
      ? { ok: true, body: {} }
      : { ok: false, reason: wordOf(text) ?? `HTTP ${answer.status}`, isPermanent: answer.status < 500 };
  });
}

/** Calls a method of the Web API. An error comes inside of HTTP 200. */
export async function callSlack(
  http: HttpClient,
  place: { readonly api: string; readonly token: string },
  method: string,
  body: object,
  nowMs: number,
): Promise<SlackAnswer> {
  if (!/^xox[a-z]-[A-Za-z0-9-]+$/.test(place.token)) return { ok: false, reason: 'the secret is no token of Slack', isPermanent: true };
  const url = new URL(`${place.api.replace(/\/+$/, '')}/${method}`);
  // Methods of files take forms only.
  const headers = { authorization: `Bearer ${place.token}`, ...(method.startsWith('files.') ? { 'content-type': FORM } : {}) };
  return send(http, url, headers, body, nowMs, (answer) => {
    let json: { readonly [name: string]: unknown } = {};
    try {
      json = (JSON.parse(answer.body.toString('utf8')) ?? {}) as typeof json;
    } catch {
      return { ok: false, reason: `HTTP ${answer.status} without JSON`, isPermanent: answer.status >= 400 && answer.status < 500 };
    }
    if (answer.status === 200 && json['ok'] === true) return { ok: true, body: json };
    const reason = wordOf(json['error']) ?? `HTTP ${answer.status}`;
    return { ok: false, reason, isPermanent: answer.status < 500 && !TRANSIENT.has(reason) };
  });
}

async function send(
  http: HttpClient,
  url: URL,
  headers: { readonly [name: string]: string },
  body: object,
  nowMs: number,
  read: (answer: HttpResponse) => SlackAnswer,
): Promise<SlackAnswer> {
  try {
    const answer = await http({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
      body: [Buffer.from(headers['content-type'] === FORM ? formOf(body) : JSON.stringify(body))],
      timeoutMs: TIMEOUT_MS,
    });
    const asked = retryAfterMs(headerOf(answer, 'retry-after'), nowMs);
    if (answer.status === 429) return { ok: false, reason: 'rate_limited', isPermanent: false, retryAfterMs: asked ?? 1000 };
    const result = read(answer);
    return result.ok || asked === undefined ? result : { ...result, retryAfterMs: asked };
  } catch (error) {
    // Only our own error is known to hold no address.
    return { ok: false, reason: error instanceof TransportError ? error.code : 'not sent', isPermanent: false };
  }
}

function headerOf({ headers }: HttpResponse, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function formOf(body: object): string {
  const pairs = Object.entries(body).map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return new URLSearchParams(pairs).toString();
}

/** A reason of Slack is a word; anything else may be a page of a proxy. */
function wordOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[a-z0-9_]{2,60}$/.test(value) ? value : undefined;
}

function secretUrl(address: string): URL | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  return url.protocol === 'https:' || ['127.0.0.1', 'localhost'].includes(url.hostname) ? url : undefined;
}

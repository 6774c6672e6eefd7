import type { Delivery, Notice, Tell } from '../core/alerts/chat.ts';
import type { Notifier, ReceiverRule } from '../core/alerts/notifier-rules.ts';
import type { PostedMessage } from '../core/alerts/store.ts';
import type { SlackMessage } from '../core/slack/blocks.ts';
import { renderMessage } from '../core/slack/message.ts';
import type { Evidence } from '../core/slack/settings.ts';
import { renderReply } from '../core/slack/thread.ts';
import type { ReadSecret } from './secret-store.ts';
import type { HttpClient } from './signed-http.ts';
import { callSlack, isUnliked, plainMessage, postWebhook, type SlackAnswer } from './slack-api.ts';

/** What telling Slack needs. */
export interface ChatPorts {
  readonly http: HttpClient;
  readonly readSecret: ReadSecret;
  /** `https://slack.com/api`, or the sink of the local run. */
  readonly api: string;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly remainingMs: () => number;
  /** Looks up log lines; resolves whatever happens. */
  readonly lookUp: (notice: Notice) => Promise<Evidence>;
  /** Told of what went wrong beside the message itself, by reason. */
  readonly onFlaw?: (reason: string) => void;
}

/** Errors after which the message cannot be changed any more: it is told anew. */
const GONE = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed', 'channel_not_found', 'thread_not_found']);
/** Longest pause that Slack may ask for and still be waited for here, in ms; longer ones wait in the table. */
const MAX_PAUSE_MS = 5_000;
/** Time that must be left for another attempt, in ms. */
const ATTEMPT_MS = 15_000;

/** Makes the function that tells a receiver of Slack. What Slack does not like is sent once more in plain words. */
export function createTell(notifier: Notifier, ports: ChatPorts): Tell {
  return async (notice) => {
    const receiver = notifier.receivers.get(notice.receiver);
    if (!receiver) return { ok: false, reason: 'the config has no such receiver', isPermanent: true };
    let secret: string;
    try {
      secret = await ports.readSecret(receiver.secretArn, receiver.secretKey);
    } catch {
      // The store's error names the secret's ARN: enough in the log of the store, too much in a message.
      return { ok: false, reason: 'secret_not_read', isPermanent: false };
    }
    const settings = notifier.settingsOf(notice.receiver);
    const evidence = notice.firing.length > 0 && notice.reason !== 'repeat' ? await ports.lookUp(notice) : {};
    const message = renderMessage(notice, settings, evidence);
    if (receiver.kind === 'webhook')
      return asDelivery(
        await withPauses(ports, (plain) => postWebhook(ports.http, secret, plain ? plainMessage(message) : message, ports.now())),
      );
    const bot = new Bot(ports, receiver, secret);
    if (notice.posted === undefined) return bot.post(message);
    const reply = renderReply(notice, settings);
    return bot.update(notice.posted, message, reply);
  };
}

/** A bot in one channel. */
class Bot {
  readonly #ports: ChatPorts;
  readonly #receiver: ReceiverRule;
  readonly #token: string;

  constructor(ports: ChatPorts, receiver: ReceiverRule, token: string) {
    this.#ports = ports;
    this.#receiver = receiver;
    this.#token = token;
  }

  async post(message: SlackMessage): Promise<Delivery> {
    const channel = this.#receiver.channel ?? '';
    const answer = await withPauses(this.#ports, (plain) =>
      this.#call('chat.postMessage', { channel, ...(plain ? plainMessage(message) : message) }),
    );
    return asDelivery(answer, postedOf(answer));
  }

  /** First the reply, which people are told of, then the message above it: an update that is lost only looks old. */
  async update(posted: PostedMessage, message: SlackMessage, reply: ReturnType<typeof renderReply>): Promise<Delivery> {
    if (reply) {
      const said = await withPauses(this.#ports, (plain) =>
        this.#call('chat.postMessage', {
          channel: posted.channel,
          thread_ts: posted.ts,
          ...(reply.isBroadcast ? { reply_broadcast: true } : {}),
          ...(plain ? plainMessage(reply.message) : reply.message),
        }),
      );
      if (!said.ok) return GONE.has(said.reason) ? this.post(message) : said;
    }
    const changed = await withPauses(this.#ports, (plain) =>
      this.#call('chat.update', { channel: posted.channel, ts: posted.ts, ...(plain ? plainMessage(message) : message) }),
    );
    if (changed.ok) return { ok: true, posted };
    if (GONE.has(changed.reason)) return this.post(message);
    if (!reply) return changed;
    this.#ports.onFlaw?.(`update: ${changed.reason}`);
    return { ok: true, posted };
  }

  #call(method: string, body: object): Promise<SlackAnswer> {
    return callSlack(this.#ports.http, { api: this.#ports.api, token: this.#token }, method, body, this.#ports.now());
  }
}

/** Tries again after short pauses that Slack asks for, and in plain words what it does not like. */
async function withPauses(
  { now: _now, remainingMs, sleep, onFlaw }: ChatPorts,
  attempt: (plain: boolean) => Promise<SlackAnswer>,
): Promise<SlackAnswer> {
  let plain = false;
  for (let attempts = 1; ; attempts++) {
    const answer = await attempt(plain);
    if (answer.ok) return answer;
    if (isUnliked(answer) && !plain) {
      onFlaw?.(`blocks: ${answer.reason}`);
      plain = true;
      continue;
    }
    const pauseMs = answer.retryAfterMs;
    if (pauseMs === undefined || pauseMs > MAX_PAUSE_MS || attempts >= 3 || remainingMs() < pauseMs + ATTEMPT_MS) return answer;
    await sleep(pauseMs);
  }
}

function asDelivery(answer: SlackAnswer, posted?: PostedMessage): Delivery {
  if (!answer.ok) return answer;
  return posted === undefined ? { ok: true } : { ok: true, posted };
}

function postedOf(answer: SlackAnswer): PostedMessage | undefined {
  if (!answer.ok) return undefined;
  const { channel, ts } = answer.body;
  return typeof channel === 'string' && typeof ts === 'string' ? { channel, ts } : undefined;
}

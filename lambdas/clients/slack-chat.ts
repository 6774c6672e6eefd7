import type { Delivery, Notice } from '../core/alerts/chat.ts';
import type { ReceiverRule } from '../core/alerts/notifier-rules.ts';
import type { PostedMessage } from '../core/alerts/store.ts';
import type { SlackMessage } from '../core/slack/blocks.ts';
import { renderMessage } from '../core/slack/message.ts';
import type { Evidence, MessageSettings } from '../core/slack/settings.ts';
import { renderReply } from '../core/slack/thread.ts';
import { type PausePorts, withShortPauses } from './short-pauses.ts';
import type { HttpClient } from './signed-http.ts';
import { callSlack, isUnliked, plainMessage, postWebhook, type SlackAnswer } from './slack-api.ts';

/** What telling Slack needs. */
export interface ChatPorts extends PausePorts {
  readonly http: HttpClient;
  /** `https://slack.com/api`, or the sink of the local run. */
  readonly api: string;
  readonly now: () => number;
  /** Looks up log lines; resolves whatever happens. */
  readonly lookUp: (notice: Notice) => Promise<Evidence>;
  /** Told of what went wrong beside the message itself, by reason. */
  readonly onFlaw?: (reason: string) => void;
}

/** Errors after which the message cannot be changed any more: it is told anew. */
const GONE = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed', 'channel_not_found', 'thread_not_found']);

/** Tells a receiver of Slack. What Slack does not like is sent once more in plain words. */
export async function tellSlack(
  notice: Notice,
  { receiver, secret, settings }: { readonly receiver: ReceiverRule; readonly secret: string; readonly settings: MessageSettings },
  ports: ChatPorts,
): Promise<Delivery> {
  // A repeat that is a post of its own needs no lines again; one that changes the message in place must not take them away.
  const showsLines = notice.firing.length > 0 && (notice.reason !== 'repeat' || notice.posted !== undefined);
  const evidence = showsLines ? await ports.lookUp(notice) : {};
  const message = renderMessage(notice, settings, evidence);
  if (receiver.kind === 'webhook')
    return asDelivery(
      await withPauses(ports, (plain) => postWebhook(ports.http, secret, plain ? plainMessage(message) : message, ports.now())),
    );
  const bot = new Bot(ports, receiver, secret);
  return notice.posted === undefined ? bot.post(message) : bot.update(notice.posted, message, renderReply(notice, settings));
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
async function withPauses(ports: ChatPorts, attempt: (plain: boolean) => Promise<SlackAnswer>): Promise<SlackAnswer> {
  const answer = await withShortPauses(() => attempt(false), ports);
  if (!isUnliked(answer)) return answer;
  ports.onFlaw?.(`blocks: ${answer.ok ? '' : answer.reason}`);
  return withShortPauses(() => attempt(true), ports);
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

import { postPager } from '../../lambdas/clients/pager-api.ts';
import { createSecretStore } from '../../lambdas/clients/secret-store.ts';
import { createHttpClient, type HttpClient } from '../../lambdas/clients/signed-http.ts';
import { callSlack, postWebhook, type SlackAnswer } from '../../lambdas/clients/slack-api.ts';
import type { Delivery } from '../../lambdas/core/alerts/chat.ts';
import type { NotifierRules, ReceiverRule } from '../../lambdas/core/alerts/notifier-rules.ts';
import { type PagerRequest, pagerAddress } from '../../lambdas/core/pagers/render.ts';
import type { Io } from '../io.ts';
import { isForPager, type PreviewedMessage } from './messages.ts';

/** Variables that stand for the secrets of every receiver: for a try without AWS. */
export const WEBHOOK_VARIABLE = 'SLACK_WEBHOOK_URL';
export const TOKEN_VARIABLE = 'SLACK_BOT_TOKEN';
export const PAGER_VARIABLE = 'PAGER_KEY';

/** Posts a message to its receiver now, whatever was told before; nothing is written down. */
export async function sendNow({ notice, payload }: PreviewedMessage, rules: NotifierRules, io: Io): Promise<Delivery | SlackAnswer> {
  const receiver = rules.receivers.find(({ name }) => name === notice.receiver);
  if (!receiver) return { ok: false, reason: 'the config has no such receiver', isPermanent: true };
  const now = (): number => io.now();
  const http = createHttpClient({ service: '', region: rules.region, credentials: () => undefined, now, unsigned: true });
  const secret = await secretOf(receiver, io);
  if (isForPager(payload)) return sendToPager(receiver, payload, secret, { http, io });
  if (receiver.kind === 'webhook') return postWebhook(http, secret, payload, io.now());
  const api = io.env['SLACK_API_URL'] ?? 'https://slack.com/api';
  return callSlack(http, { api, token: secret }, 'chat.postMessage', { channel: receiver.channel, ...payload }, io.now());
}

async function sendToPager(
  { kind, site = 'us' }: ReceiverRule,
  requests: readonly PagerRequest[],
  key: string,
  { http, io }: { readonly http: HttpClient; readonly io: Io },
): Promise<Delivery> {
  const pager = kind === 'opsgenie' ? kind : 'pagerduty';
  const address = io.env['PAGER_API_URL'] ?? pagerAddress(pager, site);
  if (address === undefined) return { ok: false, reason: `${pager} has no site ${site}`, isPermanent: true };
  for (const request of requests) {
    const delivery = await postPager(http, { pager, address, key }, request, io.now());
    if (!delivery.ok) return delivery;
  }
  return { ok: true };
}

async function secretOf({ kind, secretArn, secretKey }: ReceiverRule, io: Io): Promise<string> {
  const given = io.env[{ webhook: WEBHOOK_VARIABLE, bot: TOKEN_VARIABLE, pagerduty: PAGER_VARIABLE, opsgenie: PAGER_VARIABLE }[kind]];
  if (given !== undefined && given !== '') return given.trim();
  const read = createSecretStore({
    env: io.env,
    now: () => io.now(),
    random: Math.random,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    remainingMs: () => 30_000,
  });
  return read(secretArn, secretKey);
}

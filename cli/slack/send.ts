import { createSecretStore } from '../../lambdas/clients/secret-store.ts';
import { createHttpClient } from '../../lambdas/clients/signed-http.ts';
import { callSlack, postWebhook, type SlackAnswer } from '../../lambdas/clients/slack-api.ts';
import type { NotifierRules, ReceiverRule } from '../../lambdas/core/alerts/notifier-rules.ts';
import type { Io } from '../io.ts';
import type { PreviewedMessage } from './messages.ts';

/** Variables that stand for the secrets of every receiver: for a try without AWS. */
export const WEBHOOK_VARIABLE = 'SLACK_WEBHOOK_URL';
export const TOKEN_VARIABLE = 'SLACK_BOT_TOKEN';

/** Posts a message to its receiver now, whatever was told before; nothing is written down. */
export async function sendNow({ notice, payload }: PreviewedMessage, rules: NotifierRules, io: Io): Promise<SlackAnswer> {
  const receiver = rules.receivers.find(({ name }) => name === notice.receiver);
  if (!receiver) return { ok: false, reason: 'the config has no such receiver', isPermanent: true };
  const now = (): number => io.now();
  const http = createHttpClient({ service: '', region: rules.region, credentials: () => undefined, now, unsigned: true });
  const secret = await secretOf(receiver, io);
  if (receiver.kind === 'webhook') return postWebhook(http, secret, payload, io.now());
  const api = io.env['SLACK_API_URL'] ?? 'https://slack.com/api';
  return callSlack(http, { api, token: secret }, 'chat.postMessage', { channel: receiver.channel, ...payload }, io.now());
}

async function secretOf({ kind, secretArn, secretKey }: ReceiverRule, io: Io): Promise<string> {
  const given = io.env[kind === 'webhook' ? WEBHOOK_VARIABLE : TOKEN_VARIABLE];
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

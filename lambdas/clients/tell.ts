import type { Delivery, Notice, Tell } from '../core/alerts/chat.ts';
import type { Notifier, ReceiverRule } from '../core/alerts/notifier-rules.ts';
import { type Pager, pagerAddress, renderPager } from '../core/pagers/render.ts';
import type { MessageSettings } from '../core/slack/settings.ts';
import { postPager } from './pager-api.ts';
import type { ReadSecret } from './secret-store.ts';
import { withShortPauses } from './short-pauses.ts';
import { type ChatPorts, tellSlack } from './slack-chat.ts';

/** What telling receivers of every kind needs. */
export interface TellPorts extends ChatPorts {
  readonly readSecret: ReadSecret;
  /** Where pagers answer in the local run. @default - the pager's own address */
  readonly pagerApi?: string | undefined;
}

/** Refusals of a secret: one that was rotated a moment ago is read anew before the next try. */
const IS_ABOUT_THE_SECRET =
  /^(?:invalid_auth|token_revoked|token_expired|account_inactive|not_authed|invalid_token|no_service|no_team|HTTP 40[13]|the secret is no .*)$/;

/** Makes the function that tells a receiver, whatever its kind. */
export function createTell(notifier: Notifier, ports: TellPorts): Tell {
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
    const to = { receiver, secret, settings: notifier.settingsOf(notice.receiver) };
    const { kind } = receiver;
    const delivery = await (kind === 'webhook' || kind === 'bot' ? tellSlack(notice, to, ports) : tellPager(kind, notice, to, ports));
    if (!delivery.ok && IS_ABOUT_THE_SECRET.test(delivery.reason)) ports.readSecret.forget?.(receiver.secretArn);
    return delivery;
  };
}

/** Sends all that a notice means. After a refusal the rest is left: all of it comes again, and a pager knows its incidents by their ids. */
async function tellPager(
  pager: Pager,
  notice: Notice,
  { receiver, secret, settings }: { readonly receiver: ReceiverRule; readonly secret: string; readonly settings: MessageSettings },
  ports: TellPorts,
): Promise<Delivery> {
  const address = ports.pagerApi ?? pagerAddress(pager, receiver.site ?? 'us');
  if (address === undefined) return { ok: false, reason: `${pager} has no site ${receiver.site}`, isPermanent: true };
  for (const request of renderPager(pager, notice, settings)) {
    const delivery = await withShortPauses(() => postPager(ports.http, { pager, address, key: secret }, request, ports.now()), ports);
    if (!delivery.ok) return delivery;
  }
  return { ok: true };
}

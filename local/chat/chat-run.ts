import { createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatForm } from '../../lambdas/core/chat/form.ts';
import type { ChatRules, SecretPlace } from '../../lambdas/core/chat/rules.ts';
import { signatureHeaders } from '../../lambdas/core/chat/signature.ts';
import type { SlackMessage } from '../../lambdas/core/slack/blocks.ts';
import type { LocalAccount } from '../account/account.ts';
import type { AlertServices } from '../alerts/services.ts';
import type { RunningServer } from '../http/server.ts';
import { SINK_TOKEN, type SlackSink } from '../slack/sink.ts';
import { textAt } from '../template/json.ts';
import type { Resolver } from '../template/resolver.ts';
import { serveFunctionUrl } from './function-url.ts';

/** The signing secret of the app on this machine: it signs nothing elsewhere. */
export const LOCAL_SIGNING_SECRET = 'local-signing-secret';

/** Who writes on the page. */
export interface LocalPerson {
  readonly user: string;
  readonly team: string;
}

/** Somebody whom the config lists, and somebody whom it does not. */
export const LOCAL_PEOPLE: { readonly [name: string]: LocalPerson } = {
  you: { user: 'U0LOCAL', team: 'T0LOCAL' },
  guest: { user: 'U0GUEST', team: 'T0LOCAL' },
};

const hmac = (key: string, text: string): string => createHmac('sha256', key).update(text).digest('hex');

/** Plays Slack for the slash command and the buttons: signs what somebody does on the page and sends it to the function's URL. */
export class ChatRun {
  readonly rules: ChatRules;
  readonly #url: RunningServer;
  readonly #sink: SlackSink;
  readonly #now: () => number;
  #calls = 0;

  private constructor(rules: ChatRules, url: RunningServer, sink: SlackSink, now: () => number) {
    this.rules = rules;
    this.#url = url;
    this.#sink = sink;
    this.#now = now;
  }

  /** Serves the function that has a URL in the templates; undefined where none has. */
  static async wire(
    account: LocalAccount,
    resolver: Resolver,
    { hooks, sink }: Pick<AlertServices, 'hooks' | 'sink'>,
  ): Promise<ChatRun | undefined> {
    const [url] = resolver.resources((type) => type === 'AWS::Lambda::Url');
    const functionArn = url && textAt(url.properties, 'TargetFunctionArn');
    if (functionArn === undefined) return undefined;
    const host = account.host(resolver, functionArn);
    const { clock } = account.parts;
    const rules = chatRulesOf(host.spec.assetDirectory);
    if (rules === undefined) return undefined;
    const others = hooks.secret;
    hooks.secret = (place) => others(place) ?? secretOf(rules, place);
    const server = await serveFunctionUrl(
      (event) => account.call(host, event),
      () => clock.now(),
    );
    return new ChatRun(rules, server, sink, () => clock.now());
  }

  /** Where Slack would call. */
  get url(): string {
    return this.#url.url;
  }

  /** The channel in which the page writes: the first that is listed. */
  get channel(): string {
    return this.rules.access.channels[0] ?? 'C0LOCAL';
  }

  async close(): Promise<void> {
    await this.#url.close();
  }

  /** Somebody writes `/logs …`. Resolves to the HTTP status that Slack would see. */
  async command(text: string, person: LocalPerson = LOCAL_PEOPLE['you'] as LocalPerson): Promise<number> {
    const { channel, rules } = this;
    this.#sink.write(channel, `${rules.command} ${text}`, person.user);
    return this.send(
      formatForm({
        token: 'deprecated',
        team_id: person.team,
        channel_id: channel,
        user_id: person.user,
        command: rules.command,
        text: asSlackSends(text),
        response_url: this.#sink.responseUrl(channel),
        trigger_id: this.#triggerId(),
      }),
      channel,
    );
  }

  /** Somebody presses a button of a message that stands in the sink. */
  async press(
    { action, ts }: { readonly ts: string; readonly action: { readonly action_id: string; readonly value?: string } },
    person: LocalPerson = LOCAL_PEOPLE['you'] as LocalPerson,
  ): Promise<number> {
    const message = this.#sink.messages.find((each) => each.ts === ts);
    const channel = message?.channel === 'webhook' || message === undefined ? this.channel : message.channel;
    const payload = {
      type: 'block_actions',
      team: { id: person.team, domain: 'local' },
      user: { id: person.user, team_id: person.team },
      channel: { id: channel, name: 'alerts' },
      container: { type: 'message_attachment', message_ts: ts, channel_id: channel, is_ephemeral: false },
      trigger_id: this.#triggerId(),
      message: message?.message,
      response_url: this.#sink.responseUrl(channel),
      actions: [{ ...action, type: 'button', action_ts: String(this.#now() / 1000) }],
    };
    return this.send(formatForm({ payload: JSON.stringify(payload) }), channel);
  }

  /** Sends a body as Slack does: signed at the run's time. What is answered at once is shown to who asked. */
  async send(body: string, channel = this.channel, headers: { readonly [name: string]: string } = {}): Promise<number> {
    const answer = await fetch(this.#url.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...signatureHeaders(body, LOCAL_SIGNING_SECRET, this.#now(), hmac),
        ...headers,
      },
      body,
    });
    const text = await answer.text();
    if (answer.status === 200 && text !== '')
      this.#sink.answer(channel, JSON.parse(text) as SlackMessage & { readonly response_type?: string });
    return answer.status;
  }

  #triggerId(): string {
    return `${++this.#calls}.${Math.floor(this.#now())}.local`;
  }
}

/** The rules as the bundled function has them. */
function chatRulesOf(assetDirectory: string): ChatRules | undefined {
  const file = join(assetDirectory, 'chat.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ChatRules) : undefined;
}

/** What the app's secrets hold here, in JSON where the config names a member. */
function secretOf({ botToken, signingSecret }: ChatRules, place: string): string | undefined {
  const isAt = (secret: SecretPlace | undefined): boolean =>
    secret !== undefined && (secret.arn === place || secret.arn.endsWith(`:parameter${place}`));
  const [secret, value] = isAt(signingSecret)
    ? [signingSecret, LOCAL_SIGNING_SECRET]
    : isAt(botToken)
      ? [botToken, SINK_TOKEN]
      : [undefined, ''];
  if (secret === undefined) return undefined;
  return secret.key === undefined ? value : JSON.stringify({ [secret.key]: value });
}

/** What Slack makes of a text before it sends it on. */
function asSlackSends(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

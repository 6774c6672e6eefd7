import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { SlackMessage } from '../../lambdas/core/slack/blocks.ts';
import { limitProblems } from '../../lambdas/core/slack/limits.ts';
import { listen, type RunningServer, readBody } from '../http/server.ts';

/** A message as it stands in a channel. */
export interface SinkMessage {
  readonly channel: string;
  /** Slack's id of it. */
  readonly ts: string;
  /** Message whose thread it is in. */
  readonly threadTs?: string;
  /** In the channel as well. */
  readonly isBroadcast: boolean;
  /** When it was posted, in ms of the run. */
  readonly postedMs: number;
  message: SlackMessage;
  /** Times that it was changed in place. */
  edits: number;
  /** Who wrote it; absent: the app. */
  readonly author?: string;
  /** Only who asked sees it. */
  readonly isEphemeral?: boolean;
}

/** A file that the app uploaded. */
export interface SinkFile {
  readonly channel: string;
  readonly threadTs: string;
  readonly title: string;
  readonly bytes: number;
  readonly body: Buffer;
}

/** An address for the answers to one call, as Slack gives it: five times, for half an hour of the run. */
interface ResponseAddress {
  readonly channel: string;
  readonly untilMs: number;
  left: number;
}

/** What the sink answers instead of taking a message: status, body, headers; `hang` answers nothing. */
export type Fault = { readonly status: number; readonly body: string; readonly headers?: { readonly [name: string]: string } } | 'hang';

/** Token and webhook path that this Slack knows. */
export const SINK_TOKEN = 'xoxb-local-sink';
export const WEBHOOK_PATH = '/services/T00000000/B00000000/localsink';

/** Answers to one call, and how long its address is good, in ms. https://docs.slack.dev/interactivity/handling-user-interaction#message_responses */
const RESPONSES = 5;
const RESPONSE_MS = 30 * 60_000;

/** Answers like Slack's incoming webhooks and Web API, keeps what was posted, and refuses what Slack refuses. */
export class SlackSink {
  readonly messages: SinkMessage[] = [];
  readonly files: SinkFile[] = [];
  /** Asked before each post. */
  fault: (request: { readonly method: string; readonly count: number }) => Fault | undefined = () => undefined;
  requests = 0;
  readonly #now: () => number;
  #server: RunningServer | undefined;
  #ids = 0;
  readonly #uploads = new Map<string, Buffer>();
  readonly #addresses = new Map<string, ResponseAddress>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Starts to listen. */
  async start(port = 0): Promise<this> {
    this.#server = await listen(
      createServer((request, response) => void this.#answer(request, response)),
      port,
    );
    return this;
  }

  get url(): string {
    return this.#server?.url ?? '';
  }
  /** For `SLACK_API_URL`. */
  get api(): string {
    return `${this.url}/api`;
  }
  get webhook(): string {
    return `${this.url}${WEBHOOK_PATH}`;
  }

  /** Where the answers to a new call may be posted. */
  responseUrl(channel: string): string {
    const path = `/actions/T0LOCAL/${this.#addresses.size + 1}/localsink`;
    this.#addresses.set(path, { channel, untilMs: this.#now() + RESPONSE_MS, left: RESPONSES });
    return `${this.url}${path}`;
  }

  /** Somebody writes into a channel. */
  write(channel: string, text: string, author: string): void {
    const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    this.#post(channel, { text: escaped, blocks: [], unfurl_links: false, unfurl_media: false }, { author });
  }

  /** What the app answers to a call: shown to who asked unless it says otherwise. */
  answer(channel: string, body: SlackMessage & { readonly response_type?: string; readonly thread_ts?: string }): void {
    const threadTs = this.messages.some(({ ts }) => ts === body.thread_ts) ? body.thread_ts : undefined;
    this.#post(channel, body, { threadTs, isEphemeral: body.response_type !== 'in_channel' });
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    const body = await readBody(request).catch(() => Buffer.alloc(0));
    const method = path === WEBHOOK_PATH ? 'webhook' : path.replace(/^\/api\//, '');
    const fault = this.fault({ method, count: ++this.requests });
    if (fault === 'hang') return;
    if (fault) {
      response.writeHead(fault.status, fault.headers ?? {}).end(fault.body);
      return;
    }
    if (method === 'webhook') this.#webhook(body, response);
    else if (path.startsWith('/upload/')) {
      this.#uploads.set(path.slice('/upload/'.length), body);
      response.writeHead(200).end('OK');
    } else if (path.startsWith('/actions/')) this.#respond(path, body, response);
    else this.#method(method, request, body, response);
  }

  /** A message to an address that a call came with. */
  #respond(path: string, body: Buffer, response: ServerResponse): void {
    const address = this.#addresses.get(path);
    const message = parse(body) as (SlackMessage & { readonly response_type?: string }) | undefined;
    const refusal = refusalOf(message);
    const answer = (status: number, value: object): unknown =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (address === undefined || address.untilMs < this.#now()) answer(404, { ok: false, error: 'expired_url' });
    else if (address.left-- <= 0) answer(404, { ok: false, error: 'used_url' });
    else if (refusal !== undefined || message === undefined) answer(400, { ok: false, error: refusal ?? 'invalid_payload' });
    else {
      this.answer(address.channel, message);
      answer(200, { ok: true });
    }
  }

  #webhook(body: Buffer, response: ServerResponse): void {
    const message = parse(body);
    const refusal = refusalOf(message);
    if (refusal !== undefined) response.writeHead(400, { 'content-type': 'text/plain' }).end(refusal);
    else {
      this.#post('webhook', message as SlackMessage);
      response.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
    }
  }

  /** An error comes inside of HTTP 200, as in Slack. */
  #method(method: string, request: IncomingMessage, body: Buffer, response: ServerResponse): unknown {
    const answer = (value: object): unknown => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (request.headers.authorization !== `Bearer ${SINK_TOKEN}`) return answer({ ok: false, error: 'invalid_auth' });
    if (method.startsWith('files.')) return this.#file(method, new URLSearchParams(body.toString('utf8')), answer);
    if (method === 'conversations.open') {
      const { users = '' } = (parse(body) ?? {}) as { users?: string };
      return answer(users === '' ? { ok: false, error: 'users_list_not_supplied' } : { ok: true, channel: { id: `D${users.slice(1)}` } });
    }
    const json = parse(body) as
      | (SlackMessage & { channel?: string; ts?: string; thread_ts?: string; reply_broadcast?: boolean })
      | undefined;
    if (!json?.channel) return answer({ ok: false, error: 'channel_not_found' });
    const refusal = refusalOf(json);
    if (refusal !== undefined) return answer({ ok: false, error: refusal });
    if (method === 'chat.postMessage') {
      const options = { threadTs: json.thread_ts, isBroadcast: json.reply_broadcast === true };
      if (options.threadTs !== undefined && !this.messages.some(({ ts }) => ts === options.threadTs))
        return answer({ ok: false, error: 'thread_not_found' });
      return answer({ ok: true, channel: json.channel, ts: this.#post(json.channel, json, options).ts });
    }
    if (method !== 'chat.update') return answer({ ok: false, error: 'unknown_method' });
    const found = this.messages.find(({ ts, channel }) => ts === json.ts && channel === json.channel);
    if (!found) return answer({ ok: false, error: 'message_not_found' });
    found.message = json;
    found.edits++;
    return answer({ ok: true, channel: found.channel, ts: found.ts });
  }

  #file(method: string, form: URLSearchParams, answer: (value: object) => unknown): void {
    if (method === 'files.getUploadURLExternal') {
      const id = `F${++this.#ids}`;
      answer({ ok: true, upload_url: `${this.url}/upload/${id}`, file_id: id });
      return;
    }
    const [file] = JSON.parse(form.get('files') ?? '[]') as { id?: string; title?: string }[];
    const body = this.#uploads.get(file?.id ?? '');
    if (body === undefined) {
      answer({ ok: false, error: 'file_not_found' });
      return;
    }
    const place = { channel: form.get('channel_id') ?? '', threadTs: form.get('thread_ts') ?? '' };
    this.files.push({ ...place, title: file?.title ?? '', bytes: body.length, body });
    answer({ ok: true, files: [file] });
  }

  #post(
    channel: string,
    message: SlackMessage,
    {
      author,
      isBroadcast = false,
      isEphemeral,
      threadTs,
    }: { threadTs?: string | undefined; isBroadcast?: boolean; author?: string; isEphemeral?: boolean } = {},
  ): SinkMessage {
    const postedMs = this.#now();
    const ts = `${Math.floor(postedMs / 1000)}.${String(++this.#ids).padStart(6, '0')}`;
    const posted: SinkMessage = {
      channel,
      ts,
      isBroadcast,
      postedMs,
      message,
      edits: 0,
      ...(threadTs === undefined ? {} : { threadTs }),
      ...(author === undefined ? {} : { author }),
      ...(isEphemeral === true ? { isEphemeral } : {}),
    };
    this.messages.push(posted);
    return posted;
  }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** What Slack says to a message that it does not take. */
function refusalOf(value: unknown): string | undefined {
  if (value === null || typeof value !== 'object') return 'invalid_payload';
  const message: SlackMessage = { text: '', blocks: [], unfurl_links: false, unfurl_media: false, ...value };
  if (!message.text && message.blocks.length === 0) return 'no_text';
  if (message.blocks.length === 0) return undefined;
  const [problem] = limitProblems(message);
  if (problem === undefined) return undefined;
  return problem.startsWith('JSON of all blocks') ? 'msg_blocks_too_long' : 'invalid_blocks';
}

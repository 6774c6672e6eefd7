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
}

/** What the sink answers instead of taking a message: status, body, headers; `hang` answers nothing. */
export type Fault = { readonly status: number; readonly body: string; readonly headers?: { readonly [name: string]: string } } | 'hang';

/** Token and webhook path that this Slack knows. */
export const SINK_TOKEN = 'xoxb-local-sink';
export const WEBHOOK_PATH = '/services/T00000000/B00000000/localsink';

/** Answers like Slack's incoming webhooks and Web API, keeps what was posted, and refuses what Slack refuses. */
export class SlackSink {
  readonly messages: SinkMessage[] = [];
  readonly files: { readonly threadTs: string; readonly bytes: number }[] = [];
  /** Asked before each post. */
  fault: (request: { readonly method: string; readonly count: number }) => Fault | undefined = () => undefined;
  requests = 0;
  readonly #now: () => number;
  #server: RunningServer | undefined;
  #ids = 0;

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
    else if (path.startsWith('/upload/')) response.writeHead(200).end('OK');
    else this.#method(method, request, body, response);
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
    if (method === 'files.getUploadURLExternal')
      answer({ ok: true, upload_url: `${this.url}/upload/${form.get('length')}`, file_id: `F${form.get('length')}` });
    else {
      const [file] = JSON.parse(form.get('files') ?? '[]') as { id?: string }[];
      this.files.push({ threadTs: form.get('thread_ts') ?? '', bytes: Number(file?.id?.slice(1) ?? 0) });
      answer({ ok: true, files: [file] });
    }
  }

  #post(
    channel: string,
    message: SlackMessage,
    { isBroadcast = false, threadTs }: { threadTs?: string | undefined; isBroadcast?: boolean } = {},
  ): SinkMessage {
    const postedMs = this.#now();
    const ts = `${Math.floor(postedMs / 1000)}.${String(++this.#ids).padStart(6, '0')}`;
    const posted: SinkMessage = { channel, ts, ...(threadTs === undefined ? {} : { threadTs }), isBroadcast, postedMs, message, edits: 0 };
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

import { parseArgs } from 'node:util';

/** What a call of `slack command` asks for. */
export interface CommandOptions {
  readonly action: 'command';
  /** What somebody would write, with or without `/logs`. */
  readonly text: string;
  readonly config: string;
  /** Id of who writes it; default: the first who is listed. */
  readonly user: string | undefined;
  readonly channel: string | undefined;
  /** Files that a saved query runs on, instead of the account's log groups. */
  readonly logs: readonly string[];
  readonly json: boolean;
  readonly html: string | undefined;
  readonly nowMs: number | undefined;
}

/** What a call of `slack manifest` asks for. */
export interface ManifestOptions {
  readonly action: 'manifest';
  readonly config: string;
  readonly url: string;
}

/** Reads the arguments behind `slack command` and `slack manifest`; a text is what is wrong with them. */
export function readChatOptions(args: string[]): CommandOptions | ManifestOptions | string {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return (error as Error).message;
  }
  const { positionals, values } = parsed;
  const [action, ...words] = positionals;
  const { channel, config, html, json = false, logs = [], now, url, user } = values;
  if (config === undefined) return `${action} needs --config F: it says what may be asked, and by whom`;
  if (action === 'manifest') {
    if (url === undefined || !/^https:\/\/[^\s"]{4,300}$/.test(url))
      return 'manifest needs --url: the output ChatUrl of the deployed chat stack';
    return { action, config, url };
  }
  if (words.length === 0) return 'write the command as in Slack, in quotes: slack command "/logs list" --config F';
  const nowMs = now === undefined ? undefined : Date.parse(now);
  if (nowMs !== undefined && Number.isNaN(nowMs)) return `"${now}" is no time; write 2026-11-21T08:30:00Z`;
  return { action: 'command', text: words.join(' '), config, user, channel, logs, json, html, nowMs };
}

function parse(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      config: { type: 'string' },
      user: { type: 'string' },
      channel: { type: 'string' },
      logs: { type: 'string', multiple: true },
      json: { type: 'boolean' },
      html: { type: 'string' },
      now: { type: 'string' },
      url: { type: 'string' },
    },
  });
}

import { parseArgs } from 'node:util';

/** What a call of `slack silence`, `silences` or `unsilence` asks for. */
export interface SilenceOptions {
  readonly action: 'silence' | 'silences' | 'unsilence';
  /** Matchers of a new silence, or the id of one that is to end. */
  readonly words: readonly string[];
  readonly config: string;
  readonly span: string;
  readonly author: string | undefined;
  readonly comment: string;
  readonly json: boolean;
}

/** What a call of `slack` asks for. */
export interface SlackOptions {
  readonly action: 'preview' | 'send';
  /** Files with events; `-` is stdin. */
  readonly files: readonly string[];
  readonly config: string | undefined;
  readonly json: boolean;
  /** File that gets the messages as a page. */
  readonly html: string | undefined;
  /** Only this receiver. */
  readonly receiver: string | undefined;
  readonly language: 'en' | 'ko' | undefined;
  /** The message of a repeat, a resolve, or as if nothing was told before. */
  readonly as: 'first' | 'repeat' | undefined;
  /** Time of the look, in ms; default: half a minute after the newest change. */
  readonly nowMs: number | undefined;
}

/** Reads the arguments; a text is what is wrong with them. */
export function readOptions(args: string[]): SlackOptions | SilenceOptions | string {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return (error as Error).message;
  }
  const { positionals, values } = parsed;
  const [action, ...files] = positionals;
  if (action === 'silence' || action === 'silences' || action === 'unsilence') {
    if (values.config === undefined) return `${action} needs --config F: it names the account's table`;
    if (action === 'unsilence' && files.length !== 1) return 'unsilence takes the id of one silence; silences shows them';
    const { author, comment = '', config, json = false } = values;
    return { action, words: files, config, span: values.for ?? '1h', author, comment, json };
  }
  if (action !== 'preview' && action !== 'send')
    return `say what to do: preview, send, silence, silences, unsilence, command or manifest${action === undefined ? '' : `, not "${action}"`}`;
  if (files.length === 0) return 'name a file with an event, or - for stdin';
  const { as, config, html, json = false, language, now, receiver } = values;
  if (language !== undefined && language !== 'en' && language !== 'ko') return `--language is en or ko, not "${language}"`;
  if (as !== undefined && as !== 'first' && as !== 'repeat') return `--as is first or repeat, not "${as}"`;
  if (action === 'send' && config === undefined) return 'send needs --config F: it says who gets what';
  const nowMs = now === undefined ? undefined : Date.parse(now);
  if (nowMs !== undefined && Number.isNaN(nowMs)) return `"${now}" is no time; write 2026-11-21T08:30:00Z`;
  return { action, files, config, json, html, receiver, language, as, nowMs };
}

function parse(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      config: { type: 'string' },
      json: { type: 'boolean' },
      html: { type: 'string' },
      receiver: { type: 'string' },
      language: { type: 'string' },
      as: { type: 'string' },
      now: { type: 'string' },
      for: { type: 'string' },
      comment: { type: 'string' },
      author: { type: 'string' },
    },
  });
}

import { type Matcher, parseMatcher } from '../alerts/matchers.ts';
import { type AskedScope, COMMAND_NAMES, type Command, type CommandName, type LookCommand, type TopCommand } from './command.ts';
import { readSpan } from './span.ts';
import { normalizeText, splitWords, type Word } from './words.ts';

/** What is wrong with a call; `word` is what somebody wrote. */
export type CommandProblem =
  | { readonly code: 'unknown-command' | 'unknown-word' | 'unknown-option' | 'bad-limit' | 'bad-span' | 'bad-top'; readonly word: string }
  | { readonly code: 'bad-matcher'; readonly word: string; readonly reason: string }
  | { readonly code: 'no-query' | 'no-matcher' | 'no-silence' };

export type ParsedCommand = { readonly ok: true; readonly command: Command } | { readonly ok: false; readonly problem: CommandProblem };

/** Words that every question takes; a parameter of a saved query cannot be given by such a name. */
export const RESERVED_WORDS = ['since', 'until', 'cluster', 'limit'] as const;
/** Longest silence, in ms: what is to be quiet for longer should be switched off in the config. */
export const MAX_SILENCE_MS = 30 * 86_400_000;
const DEFAULT_SILENCE = '1h';
/** Rows that may be asked for. */
const MAX_LIMIT = 1000;

const PAIR = /^([A-Za-z_][A-Za-z0-9_.]*)=(.*)$/s;
const MATCHER = /^(?:"(?:[^"\\]|\\.)*"|[A-Za-z_][A-Za-z0-9_.:/-]*)(?:=~|!~|!=|=)/;

/** Reads the text behind `/logs`. Never throws. */
export function parseCommand(text: string): ParsedCommand {
  const [head, ...words] = splitWords(normalizeText(text));
  const name = (head?.text ?? '').toLowerCase();
  switch (name) {
    case '':
      return done({ name: 'help', topic: '' });
    case 'ping':
    case 'config':
      return done({ name });
    case 'help':
      return done({ name, topic: words[0]?.text ?? '' });
    case 'list':
    case 'status':
      return done({ name, text: words.map((word) => word.text).join(' ') });
    case 'run':
      return parseRun(words);
    case 'pods':
    case 'events':
    case 'logs':
      return parseLook(name, words);
    case 'top':
      return parseTop(words);
    case 'silence':
      return parseSilence(words);
    case 'unsilence':
      return words[0] === undefined ? fail({ code: 'no-silence' }) : done({ name, target: words[0].text });
    case 'kubectl':
    case 'kc':
    case 'k':
      return done({ name: 'kubectl', verb: words.find((word) => /^[a-z-]+$/.test(word.text))?.text ?? '' });
    default:
      return fail({ code: 'unknown-command', word: head?.text ?? '' });
  }
}

const done = (command: Command): ParsedCommand => ({ ok: true, command });
const fail = (problem: CommandProblem): ParsedCommand => ({ ok: false, problem });

/** What all questions take, and the words that are left. */
type Scoped =
  | { readonly ok: true; readonly scope: AskedScope; readonly pairs: ReadonlyMap<string, string>; readonly rest: readonly Word[] }
  | { readonly ok: false; readonly problem: CommandProblem };

function readScope(words: readonly Word[]): Scoped {
  const pairs = new Map<string, string>();
  const rest: Word[] = [];
  let isShared = false;
  for (const [index, word] of words.entries()) {
    const pair = PAIR.exec(word.text);
    if (pair && !/^["']/.test(word.raw)) pairs.set(pair[1] ?? '', pair[2] ?? '');
    else if (word.raw === 'share' && index === words.length - 1) isShared = true;
    else rest.push(word);
  }
  const take = (name: string): string | undefined => {
    const value = pairs.get(name);
    pairs.delete(name);
    return value === undefined || value === '' ? undefined : value;
  };
  const [since, until, cluster, limitText] = [take('since'), take('until'), take('cluster'), take('limit')];
  const limit = limitText === undefined ? undefined : Number(/^\d{1,4}$/.test(limitText) ? limitText : Number.NaN);
  if (limit !== undefined && !(limit >= 1 && limit <= MAX_LIMIT))
    return { ok: false, problem: { code: 'bad-limit', word: limitText ?? '' } };
  const scope: AskedScope = {
    isShared,
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(cluster === undefined ? {} : { cluster }),
    ...(limit === undefined ? {} : { limit }),
  };
  return { ok: true, scope, pairs, rest };
}

function parseRun(words: readonly Word[]): ParsedCommand {
  const [query, ...others] = words;
  if (query === undefined) return fail({ code: 'no-query' });
  const scoped = readScope(others);
  if (!scoped.ok) return scoped;
  const [stray] = scoped.rest;
  if (stray !== undefined) return fail({ code: 'unknown-word', word: stray.text });
  return done({ name: 'run', query: query.text, values: Object.fromEntries(scoped.pairs), ...scoped.scope });
}

const LOOK_OPTIONS: { readonly [name in LookCommand['name']]: readonly string[] } = {
  pods: ['ns', 'namespace', 'pod'],
  events: ['ns', 'namespace', 'reason', 'object', 'pod'],
  logs: ['ns', 'namespace', 'pod', 'container', 'level', 'text'],
};

function parseLook(name: LookCommand['name'], words: readonly Word[]): ParsedCommand {
  const scoped = readScope(words);
  if (!scoped.ok) return scoped;
  const { pairs, rest, scope } = scoped;
  const strange = [...pairs.keys()].find((option) => !LOOK_OPTIONS[name].includes(option));
  if (strange !== undefined) return fail({ code: 'unknown-option', word: strange });
  const [first, ...more] = rest;
  // `logs POD words…`; `pods` and `events` take one word: how a name begins.
  if (name !== 'logs' && more[0] !== undefined) return fail({ code: 'unknown-word', word: more[0].text });
  const object = pairs.get('pod') ?? pairs.get('object') ?? first?.text;
  const text = pairs.get('text') ?? more.map((word) => word.text).join(' ');
  const [namespace, container, level, reason] = [
    pairs.get('ns') ?? pairs.get('namespace'),
    pairs.get('container'),
    pairs.get('level'),
    pairs.get('reason'),
  ];
  return done({
    name,
    ...scope,
    ...(namespace ? { namespace } : {}),
    ...(object ? { object } : {}),
    ...(container ? { container } : {}),
    ...(level ? { level } : {}),
    ...(reason ? { reason } : {}),
    ...(text ? { text } : {}),
  });
}

function parseTop(words: readonly Word[]): ParsedCommand {
  const scoped = readScope(words);
  if (!scoped.ok) return scoped;
  const { pairs, rest, scope } = scoped;
  const [what = 'pods', by = pairs.get('by') ?? 'cpu', stray] = rest.map((word) => word.text.toLowerCase());
  const strange = [...pairs.keys()].find((option) => option !== 'by') ?? stray;
  if (strange !== undefined) return fail({ code: 'unknown-word', word: strange });
  const kind = ['pods', 'nodes', 'namespaces'].find((each) => each === what || each === `${what}s`) as TopCommand['what'] | undefined;
  const measure = by === 'mem' || by === 'memory' ? 'memory' : by === 'cpu' ? 'cpu' : undefined;
  if (kind === undefined || measure === undefined) return fail({ code: 'bad-top', word: kind === undefined ? what : by });
  return done({ name: 'top', what: kind, by: measure, ...scope });
}

/** `silence pods-oom for=4h we know`, `silence alertname="pods-oom" namespace=~"dev-.*" for=2d reason="…"`. */
function parseSilence(words: readonly Word[]): ParsedCommand {
  const matchers: Matcher[] = [];
  const reason: string[] = [];
  let span = DEFAULT_SILENCE;
  for (const [index, word] of words.entries()) {
    if (word.raw.startsWith('for=')) span = word.text.slice('for='.length);
    else if (word.raw.startsWith('reason=')) reason.push(word.text.slice('reason='.length));
    else if (MATCHER.test(word.raw) && reason.length === 0) {
      const parsed = parseMatcher(word.raw);
      if (!parsed.ok) return fail({ code: 'bad-matcher', word: word.text, reason: parsed.reason });
      matchers.push(parsed.matcher);
    } else if (index === 0) matchers.push({ label: 'alertname', op: '=', value: word.text });
    else reason.push(word.text);
  }
  if (matchers.length === 0) return fail({ code: 'no-matcher' });
  const spanMs = readSpan(span);
  if (spanMs === undefined || spanMs > MAX_SILENCE_MS) return fail({ code: 'bad-span', word: span });
  return done({ name: 'silence', matchers, spanMs, reason: reason.join(' ') });
}

/** The command that a mistyped one may have meant: one that begins alike. */
export function nearestCommand(word: string): CommandName | undefined {
  const lower = word.toLowerCase();
  return COMMAND_NAMES.find((name) => lower.length >= 2 && (name.startsWith(lower.slice(0, 3)) || lower.startsWith(name)));
}

import { cutText } from '../alerts/text.ts';
import { context, section } from '../slack/blocks.ts';
import { code, inert } from '../slack/escape.ts';
import { durationText } from '../slack/format.ts';
import { TEXTS } from '../slack/texts.ts';
import { type ChatAnswer, listBlocks, messageOf, sayTo } from './answer.ts';
import { bytesText } from './bytes-text.ts';
import { COMMAND_NAMES, type Command } from './command.ts';
import { type CommandProblem, nearestCommand } from './parse-command.ts';

import type { ChatQuery, ChatRules } from './rules.ts';
import type { ChatTexts } from './text-shape.ts';
import { CHAT_TEXTS } from './texts.ts';

/** What a call cannot be, in words. */
export function problemText(problem: CommandProblem, texts: ChatTexts, command: string): string {
  const word = 'word' in problem ? code(problem.word, 100) || '""' : '';
  switch (problem.code) {
    case 'unknown-command':
      return texts.unknownCommand(word, nearestCommand(problem.word), command);
    case 'unknown-word':
      return texts.unknownWord(word);
    case 'unknown-option':
      return texts.unknownOption(inert(problem.word, 100));
    case 'bad-limit':
      return texts.badLimit(word);
    case 'bad-span':
      return texts.badSpan(word);
    case 'bad-top':
      return texts.badTop(word);
    case 'bad-matcher':
      return texts.badMatcher(word, inert(problem.reason, 200));
    case 'no-query':
      return texts.noQuery(command);
    case 'no-matcher':
      return texts.noMatcher;
    case 'no-silence':
      return texts.noSilenceNamed;
  }
}

/** The answer to a command that needs nothing but the rules; undefined for one that somebody has to look something up for. */
export function immediateAnswer(command: Command, rules: ChatRules): ChatAnswer | undefined {
  const texts = CHAT_TEXTS[rules.language];
  switch (command.name) {
    case 'ping':
      return sayTo(texts.pong(rules.region, inert(rules.clusters.map(({ name }) => name).join(', '), 500)));
    case 'help':
      return helpAnswer(command.topic, rules.command, texts);
    case 'list':
      return listAnswer(command.text, rules, texts);
    case 'config':
      return configAnswer(rules, texts);
    case 'kubectl':
      return sayTo(texts.kubectl(rules.command));
    default:
      return undefined;
  }
}

function helpAnswer(topic: string, command: string, texts: ChatTexts): ChatAnswer {
  const asked = COMMAND_NAMES.filter((name) => name === topic.toLowerCase());
  const names = asked.length > 0 ? asked : COMMAND_NAMES;
  const lines = names.map((name) => {
    const { example, usage, what } = texts.help[name] ?? { usage: name, what: '' };
    const line = `${code(`${command} ${usage}`, 200)}  ${what}`;
    return example === undefined ? line : `${line}\n      ${code(`${command} ${example}`, 200)}`;
  });
  const head = texts.helpHead(command);
  return {
    message: messageOf(head, [section(`*${head}*`), ...listBlocks(lines, texts.more), context([texts.helpRange])]),
    isPublic: false,
  };
}

/** Whether every word of a text occurs in a query's name, question or parameters. */
function answersTo({ name, parameters, question }: ChatQuery, words: readonly string[]): boolean {
  const text = [name, question, ...parameters.flatMap((parameter) => [parameter.name, parameter.description])].join(' ').toLowerCase();
  return words.every((word) => text.includes(word));
}

function listAnswer(text: string, rules: ChatRules, texts: ChatTexts): ChatAnswer {
  const words = text
    .toLowerCase()
    .split(' ')
    .filter((word) => word !== '');
  const found = rules.queries.filter((query) => answersTo(query, words));
  if (found.length === 0) return sayTo(texts.noQueries);
  const head = texts.queries(found.length);
  const lines = found.map(({ name, parameters, question }) => {
    const given = parameters.map((parameter) => code(`${parameter.name}=${cutText(parameter.defaultValue ?? '…', 40)}`, 120)).join(' ');
    return `${code(name, 120)} ${given}\n      ${inert(question, 200)}`;
  });
  return { message: messageOf(head, [section(`*${head}*`), ...listBlocks(lines, texts.more)]), isPublic: false };
}

function configAnswer(rules: ChatRules, texts: ChatTexts): ChatAnswer {
  const { access, clusters, indices, limits, logGroups, queries } = rules;
  const { settings } = texts;
  const list = (items: readonly string[]): string =>
    items.length === 0
      ? settings.none
      : items
          .slice(0, 30)
          .map((item) => code(item, 150))
          .join(' ');
  // Who is listed stands in the config; in a channel only how many.
  const people = (items: readonly string[]): string => (items.includes('*') ? settings.anybody : String(items.length));
  const span = durationText(limits.maxRangeMs, TEXTS[rules.language]);
  const lines = [
    `*${settings.clusters}*: ${list(clusters.map(({ name }) => name))}`,
    `*${settings.queries}*: ${queries.length}`,
    `*${settings.logGroups}*: ${list(logGroups)}`,
    `*${settings.indices}*: ${list([...indices.records, ...indices.events])}`,
    `*${settings.limits}*: ${settings.window} ${span}, ${settings.scan} ${bytesText(limits.maxScanBytes)}, ${limits.timeoutMs / 1000} ${settings.seconds}`,
    `*${settings.people}*: ${settings.mayAsk} ${people(access.users)}, ${settings.maySilence} ${people(access.silencers)}`,
  ];
  return { message: messageOf(`${rules.command} config`, listBlocks(lines, texts.more)), isPublic: false };
}

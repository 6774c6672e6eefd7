import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import type { Incoming } from '../lambdas/core/alerts/incoming.ts';
import type { NotifierRules } from '../lambdas/core/alerts/notifier-rules.ts';
import { limitProblems } from '../lambdas/core/slack/limits.ts';
import { openAnyNotification } from '../lambdas/events/notifications.ts';
import type { Io } from './io.ts';
import { printable } from './query/width.ts';
import { defaultRules, isForPager, type PreviewedMessage, previewMessages } from './slack/messages.ts';
import { readOptions, type SilenceOptions, type SlackOptions } from './slack/options.ts';
import { pageOf } from './slack/page.ts';
import { PAGER_VARIABLE, sendNow, TOKEN_VARIABLE, WEBHOOK_VARIABLE } from './slack/send.ts';

export const summary = 'the message that an event would post to Slack, and why; or post it';
export const usage = `Usage: eks-telemetry slack preview EVENT… [options]
       eks-telemetry slack send EVENT… --config F [options]
       eks-telemetry slack silence MATCHER… --config F [--for 1h] [--comment C] [--author A]
       eks-telemetry slack silences --config F [--json]
       eks-telemetry slack unsilence ID --config F
       eks-telemetry slack command '/logs …' --config F [--logs FILE] [--user U] [--channel C] [--now T] [--json] [--html OUT]
       eks-telemetry slack manifest --config F --url URL

preview shows the exact payload that events would post, which route they take and why, by the code that is deployed. send
posts it now to the receiver that the route names; what was told before does not matter, and nothing is written down.

silence keeps alerts of an account quiet whose labels fulfil every MATCHER ('alertname="pods-oom"', 'namespace=~"dev-.*"') for 15m, 4h,
2d …; silences lists them, unsilence ends one. What still fires behind a silence is told then.

command shows what the slash command would answer, by the code that is deployed: the payload at once, what a saved query would ask in the
account, and with --logs FILE (again for more) its answer on these files. manifest prints the app for Slack (docs/slack.md).

EVENT is a file (- is stdin): an alarm's notification as SNS sends it, an event of EventBridge, a text; with or without the
envelope of SNS, or a record list as a function gets it. samples/notifications holds one of each kind. Several events of one group are
one message.

Options:
  --config F     the config with receivers and routes; without it one receiver gets everything by the defaults
  --json         an array of {alert, route, reason, payload}, one for each alert and route
  --html OUT     writes a page that shows the messages as Slack does
  --receiver R   only what goes to this receiver
  --language L   en or ko, instead of the config's
  --as WHAT      first (the default) or repeat
  --now T        time of the message; default: when the group wait is over
  --help         this text

send reads the secret where the config says (credentials from AWS_ACCESS_KEY_ID and so on), or takes ${WEBHOOK_VARIABLE},
${TOKEN_VARIABLE} or ${PAGER_VARIABLE} from the environment. The secret is shown nowhere.

Exit codes: 0 ok, 1 there is nothing to tell, or Slack did not take it, 2 used wrongly.`;

/** Runs the command. */
export async function run(args: string[], io: Io): Promise<number> {
  if (args[0] === 'command' || args[0] === 'manifest') return runChat(args, io);
  const options = readOptions(args);
  if (typeof options === 'string') return fail(io, 2, options);
  if ('words' in options) return runSilences(options, io);
  const rules = await rulesOf(options, io);
  if (typeof rules === 'string') return fail(io, 2, rules);
  const incomings: Incoming[] = [];
  for (const file of options.files) {
    try {
      const content = file === '-' ? await readAll(io.stdin) : await readFile(resolve(io.cwd, file), 'utf8');
      incomings.push(...openAnyNotification(content, io.now()));
    } catch (error) {
      return fail(
        io,
        2,
        `${file}: ${(error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message}`,
      );
    }
  }
  const preview = previewMessages(incomings, rules, options);
  const messages = preview.messages.filter(({ notice }) => options.receiver === undefined || notice.receiver === options.receiver);
  if (messages.length === 0)
    return fail(io, 1, preview.quiet > 0 ? 'understood, and nothing to tell of' : 'no message: no route leads there');
  if (options.html !== undefined) await writeFile(resolve(io.cwd, options.html), pageOf(messages, options.files.join(', ')));
  if (options.action === 'send') return send(messages, rules, io);
  if (options.json) io.stdout.write(`${JSON.stringify(messages.flatMap(asJson))}\n`);
  else for (const message of messages) io.stdout.write(asText(message));
  return 0;
}

async function runChat(args: string[], io: Io): Promise<number> {
  const { readChatOptions } = await import('./slack/command-options.ts');
  const options = readChatOptions(args);
  if (typeof options === 'string') return fail(io, 2, options);
  return (await import('./slack/chat-command.ts')).runChatCommand(options, io);
}

async function runSilences({ action, author, comment, config, json, span, words }: SilenceOptions, io: Io): Promise<number> {
  const [{ formatProblem, loadConfigFile }, silences] = await Promise.all([import('../lib/config/load.ts'), import('./slack/silences.ts')]);
  const loaded = loadConfigFile(resolve(io.cwd, config), config, { provesRegexes: false });
  if (!loaded.ok) return fail(io, 2, loaded.problems.map(formatProblem).join('\n'));
  const nowMs = io.now();
  const table = silences.alertTable(loaded.config.prefix, loaded.config.region, io);
  if (action === 'silences') {
    for (const silence of await table.silences())
      io.stdout.write(`${json ? JSON.stringify(silence) : silences.silenceText(silence, nowMs)}\n`);
    return 0;
  }
  if (action === 'unsilence') {
    const [id = ''] = words;
    return (await silences.endSilence(table, id, nowMs)) ? 0 : fail(io, 1, `no silence ${id} lasts`);
  }
  const spanMs = silences.readSpan(span);
  if (spanMs === undefined) return fail(io, 2, `--for is a time such as 90m, 4h or 2d, at most 30d, not "${span}"`);
  const silence = silences.makeSilence({ matchers: words, spanMs, author: author ?? io.env['USER'] ?? 'operator', comment }, nowMs);
  if (typeof silence === 'string') return fail(io, 2, silence);
  await silences.addSilence(table, silence);
  io.stdout.write(`${json ? JSON.stringify(silence) : silences.silenceText(silence, nowMs)}\n`);
  return 0;
}

async function rulesOf({ config, language }: SlackOptions, io: Io): Promise<NotifierRules | string> {
  let rules = defaultRules('111122223333', 'us-east-1');
  if (config !== undefined) {
    // The config and its checks are a second of loading that a preview without them need not wait for.
    const [{ formatProblem, loadConfigFile }, { notifierRulesFor }] = await Promise.all([
      import('../lib/config/load.ts'),
      import('../lib/config/notifier-rules.ts'),
    ]);
    const loaded = loadConfigFile(resolve(io.cwd, config), config, { provesRegexes: false });
    if (!loaded.ok) return loaded.problems.map(formatProblem).join('\n');
    if (loaded.config.slack.receivers.length === 0) return `${config}: slack has no receivers`;
    rules = notifierRulesFor(loaded.config);
  }
  return language === undefined ? rules : { ...rules, language };
}

function asJson({ alerts, notice, payload, reason, route }: PreviewedMessage): object[] {
  const of = { path: route.path, receiver: route.receiver, group: notice.groupLabels };
  return alerts.map((alert) => ({ alert, route: of, reason: notice.reason, why: reason, payload }));
}

function asText({ alerts, payload, reason }: PreviewedMessage): string {
  const list = alerts.map(
    ({ endsAt, kind, lifecycle, severity, title }) =>
      `  ${lifecycle === 'once' ? 'event' : endsAt === undefined ? 'firing' : 'resolved'} ${severity} ${kind}: ${title}`,
  );
  const problems = (isForPager(payload) ? [] : limitProblems(payload)).map((problem) => `  over a limit of Slack: ${problem}`);
  return `${[`why: ${reason}`, 'alerts:', ...list, ...problems, 'payload:', JSON.stringify(payload, null, 2)].join('\n')}\n`;
}

async function send(messages: readonly PreviewedMessage[], rules: NotifierRules, io: Io): Promise<number> {
  let code = 0;
  for (const message of messages) {
    const answer = await sendNow(message, rules, io);
    io.stderr.write(`slack: ${message.notice.receiver}: ${answer.ok ? 'posted' : `not taken: ${printable(answer.reason)}`}\n`);
    if (!answer.ok) code = 1;
  }
  return code;
}

function fail(io: Io, code: number, what: string): number {
  io.stderr.write(`slack: ${what}\n`);
  return code;
}

import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { slackManifest } from '../../lambdas/core/chat/manifest.ts';
import { escapeText } from '../../lambdas/core/slack/escape.ts';
import { messageToHtml, SLACK_CSS } from '../../lambdas/core/slack/html.ts';
import { limitProblems } from '../../lambdas/core/slack/limits.ts';
import type { Io } from '../io.ts';
import type { CommandOptions, ManifestOptions } from './command-options.ts';
import { dateTextOf } from './page.ts';
import { type TriedCommand, tryCommand } from './try-command.ts';

/** Runs `slack command` and `slack manifest`. */
export async function runChatCommand(options: CommandOptions | ManifestOptions, io: Io): Promise<number> {
  const [{ formatProblem, loadConfigFile }, { chatRulesFor }] = await Promise.all([
    import('../../lib/config/load.ts'),
    import('../../lib/config/chat-rules.ts'),
  ]);
  const fail = (code: number, what: string): number => {
    io.stderr.write(`slack: ${what}\n`);
    return code;
  };
  const loaded = loadConfigFile(resolve(io.cwd, options.config), options.config, { provesRegexes: false });
  if (!loaded.ok) return fail(2, loaded.problems.map(formatProblem).join('\n'));
  const { config } = loaded;
  if (!config.slack.chat.enabled) return fail(2, `${options.config}: slack.chat.enabled is not true`);
  const rules = chatRulesFor(config);
  if (options.action === 'manifest') {
    io.stdout.write(slackManifest({ command: rules.command, url: options.url, hasFiles: rules.botToken !== undefined }));
    return 0;
  }
  const { access } = rules;
  const user = options.user ?? [...access.silencers, ...access.users].find((id) => id !== '*') ?? 'U0000000000';
  const trial = {
    user,
    channel: options.channel ?? access.channels[0] ?? '',
    nowMs: options.nowMs ?? io.now(),
    files: options.logs.map((file) => resolve(io.cwd, file)),
  };
  const tried = await tryCommand(options.text, rules, trial, io);
  if (options.html !== undefined) await writeFile(resolve(io.cwd, options.html), pageOf(options.text, tried));
  if (options.json) io.stdout.write(`${JSON.stringify(tried)}\n`);
  else io.stdout.write(textOf(tried));
  return tried.reason === undefined || tried.record?.outcome === 'answered' ? 0 : 1;
}

function textOf({ atOnce, later, question, reason, record }: TriedCommand): string {
  const messages = [atOnce, ...later];
  const parts = [
    ...(reason === undefined ? [] : [`reason: ${reason}`]),
    ...messages.flatMap((message) => limitProblems(message).map((problem) => `over a limit of Slack: ${problem}`)),
    'at once:',
    JSON.stringify(atOnce, null, 2),
    ...later.flatMap((message) => ['then:', JSON.stringify(message, null, 2)]),
    ...(question === undefined ? [] : ['asks:', JSON.stringify(question, null, 2)]),
    ...(record === undefined ? [] : ['logs:', JSON.stringify(record)]),
  ];
  return `${parts.join('\n')}\n`;
}

function pageOf(text: string, { atOnce, later }: TriedCommand): string {
  const items = [atOnce, ...later].map(
    (message) =>
      `<article class="message ephemeral"><div class="avatar">e</div><div><span class="who">eks-telemetry</span><span class="app">APP</span>${messageToHtml(message, { dateText: dateTextOf })}</div></article>`,
  );
  return `<!doctype html>\n<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeText(text)}</title><style>${SLACK_CSS}</style><main class="channel"><article class="message"><div class="avatar">U</div><div>${escapeText(text)}</div></article>${items.join('\n')}</main></html>\n`;
}

import { messageToHtml, SLACK_CSS } from '../../lambdas/core/slack/html.ts';
import type { SinkMessage } from './sink.ts';

export { SLACK_CSS };

/** A page of all that was posted, as Slack shows it: messages in their order, threads below them. Its style is `/slack.css`. */
export function slackPage(messages: readonly SinkMessage[]): string {
  const roots = messages.filter(({ threadTs }) => threadTs === undefined);
  const body = roots
    .map((root) => {
      const thread = messages.filter(({ threadTs }) => threadTs === root.ts).map(article);
      return `${article(root)}${thread.length === 0 ? '' : `<div class="thread">${thread.join('')}</div>`}`;
    })
    .join('\n');
  const empty = '<p class="note">Nothing was told yet.</p>';
  return `<!doctype html>\n<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Slack of the local run</title><link rel="stylesheet" href="/slack.css"><main class="channel">${roots.length === 0 ? empty : body}</main></html>\n`;
}

function article({ edits, isBroadcast, message, postedMs }: SinkMessage): string {
  const notes = [edits > 0 ? `changed ${edits === 1 ? 'once' : `${edits} times`}` : '', isBroadcast ? 'also sent to the channel' : '']
    .filter((note) => note !== '')
    .join(', ');
  const html = messageToHtml({ ...message, blocks: message.blocks ?? [] }, { dateText: dateTextOf });
  const when = new Date(postedMs).toISOString().slice(0, 19).replace('T', ' ');
  return `<article class="message"><div class="avatar">e</div><div><span class="who">eks-telemetry</span><span class="app">APP</span><span class="when">${when} UTC</span>${html}${notes === '' ? '' : `<p class="note">${notes}</p>`}</div></article>`;
}

/** A time in UTC, in Slack's format. */
function dateTextOf(seconds: number, format: string): string {
  const iso = new Date(seconds * 1000).toISOString();
  return format
    .replace('{date_short_pretty}', iso.slice(0, 10))
    .replace('{time_secs}', iso.slice(11, 19))
    .replace('{time}', iso.slice(11, 16));
}

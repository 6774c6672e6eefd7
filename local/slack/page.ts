import { messageToHtml, SLACK_CSS } from '../../lambdas/core/slack/html.ts';
import type { SinkFile, SinkMessage } from './sink.ts';

export { SLACK_CSS };

/** What a page shows. */
export interface SlackPageContent {
  readonly messages: readonly SinkMessage[];
  readonly files?: readonly SinkFile[];
  /** The slash command, where somebody answers to it: the page then has a line to write. */
  readonly command?: string | undefined;
}

/** A page of all that was posted, as Slack shows it: messages in their order, threads below them. Its style is `/slack.css`, its script `/slack.js`. */
export function slackPage({ command, files = [], messages }: SlackPageContent): string {
  const roots = messages.filter(({ threadTs }) => threadTs === undefined);
  const body = roots
    .map((root) => {
      const thread = messages.filter(({ threadTs }) => threadTs === root.ts).map(article);
      return `${article(root)}${thread.length === 0 ? '' : `<div class="thread">${thread.join('')}</div>`}`;
    })
    .join('\n');
  const shown = files.filter(({ body: bytes }) => bytes.length > 0 && bytes[0] !== PNG_BYTE).map(fileCard);
  const empty = '<p class="note">Nothing was told yet.</p>';
  const main = `<main class="channel">${roots.length === 0 ? empty : body}${shown.join('\n')}</main>`;
  return `<!doctype html>\n<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Slack of the local run</title><link rel="stylesheet" href="/slack.css">${main}${command === undefined ? '' : compose(command)}<script src="/slack.js" type="module"></script></html>\n`;
}

/** Pictures of the local run are of one pixel: nothing to look at. */
const PNG_BYTE = 0x89;

function compose(command: string): string {
  return (
    `<form class="compose"><code>${escapeText(command)}</code><input name="text" aria-label="what to ask" placeholder="help" autocomplete="off" autofocus>` +
    '<select name="person" aria-label="who asks"><option value="you">you (may silence)</option><option value="guest">a guest (may ask)</option></select>' +
    '<button class="button primary" type="submit">Send</button></form>'
  );
}

function article({ author, edits, isBroadcast, isEphemeral, message, postedMs, ts }: SinkMessage): string {
  const notes = [edits > 0 ? `changed ${edits === 1 ? 'once' : `${edits} times`}` : '', isBroadcast ? 'also sent to the channel' : '']
    .filter((note) => note !== '')
    .join(', ');
  const html = messageToHtml({ ...message, blocks: message.blocks ?? [] }, { dateText: dateTextOf });
  const when = new Date(postedMs).toISOString().slice(0, 19).replace('T', ' ');
  const who =
    author === undefined
      ? '<span class="who">eks-telemetry</span><span class="app">APP</span>'
      : `<span class="who">${escapeText(author)}</span> `;
  const only = isEphemeral === true ? '<p class="only">Only visible to you</p>' : '';
  return `<article class="message${isEphemeral === true ? ' ephemeral' : ''}" data-ts="${ts}"><div class="avatar">${author === undefined ? 'e' : 'U'}</div><div>${only}${who}<span class="when">${when} UTC</span>${html}${notes === '' ? '' : `<p class="note">${notes}</p>`}</div></article>`;
}

function fileCard({ body, channel, title }: SinkFile): string {
  const lines = body.toString('utf8').split('\r\n').length - 2;
  return `<article class="message"><div class="avatar">e</div><div><span class="who">eks-telemetry</span><span class="app">APP</span><div><span class="file">📄 <b>${escapeText(title)}</b>.csv: ${Math.max(0, lines)} rows, ${body.length} bytes, sent to ${escapeText(channel)}</span></div></div></article>`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** A time in UTC, in Slack's format. */
function dateTextOf(seconds: number, format: string): string {
  const iso = new Date(seconds * 1000).toISOString();
  return format
    .replace('{date_short_pretty}', iso.slice(0, 10))
    .replace('{time_secs}', iso.slice(11, 19))
    .replace('{time}', iso.slice(11, 16));
}

import { escapeText } from '../../lambdas/core/slack/escape.ts';
import { utcText } from '../../lambdas/core/slack/format.ts';
import { messageToHtml, SLACK_CSS } from '../../lambdas/core/slack/html.ts';
import { isForPager, type PreviewedMessage } from './messages.ts';

/** A page that shows messages as Slack does, each under what led to it. */
export function pageOf(messages: readonly PreviewedMessage[], title: string): string {
  const items = messages.map(({ notice, payload, reason }) => {
    const html = isForPager(payload)
      ? `<div class="body"><pre>${escapeText(JSON.stringify(payload, null, 2))}</pre></div>`
      : messageToHtml(payload, { dateText: dateTextOf });
    const when = utcText(notice.nowMs).slice(11, 16);
    return `<article class="message"><div class="avatar">e</div><div><span class="who">eks-telemetry</span><span class="app">APP</span><span class="when">${when}</span>${html}<p class="note">${escapeText(reason).replaceAll('"', '&quot;')}</p></div></article>`;
  });
  return `<!doctype html>\n<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeText(title)}</title><style>${SLACK_CSS}</style><main class="channel">${items.join('\n')}</main></html>\n`;
}

/** A time as Slack's English client shows it, in UTC. */
export function dateTextOf(seconds: number, format: string): string {
  const date = new Date(seconds * 1000);
  const day = date.toLocaleDateString('en-US', { month: 'short', day: 'numeric', year: 'numeric', timeZone: 'UTC' });
  const time = date.toLocaleTimeString('en-US', { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' });
  const withSeconds = date.toLocaleTimeString('en-US', { hour: 'numeric', minute: '2-digit', second: '2-digit', timeZone: 'UTC' });
  return format.replace('{date_short_pretty}', day).replace('{time_secs}', withSeconds).replace('{time}', time);
}

import type { Block, Button, RichText, SlackMessage } from './blocks.ts';

/** What a page of messages needs besides them. */
export interface HtmlOptions {
  /** How a time of a message reads here: seconds since the epoch and Slack's format. */
  readonly dateText: (seconds: number, format: string) => string;
  /** Names of users and groups that are mentioned, by id. @default - the id */
  readonly names?: { readonly [id: string]: string };
}

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');

/** Text of Slack's Markdown is escaped for `&`, `<` and `>`: back to plain text. */
const plainOf = (text: string): string => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** Slack's Markdown as HTML: dates, mentions, links, bold, italics, strike-through, code, line ends. Everything else is text. */
export function mrkdwnToHtml(text: string, options: HtmlOptions): string {
  let html = '';
  for (const [index, part] of text.split(/(<[^<>]*>)/).entries())
    html += index % 2 === 1 ? special(part.slice(1, -1), options) : styled(part);
  return html.replaceAll('\n', '<br>');
}

function special(inner: string, { dateText, names }: HtmlOptions): string {
  const date = /^!date\^(\d+)\^([^|^]*)(?:\^[^|]*)?\|(.*)$/s.exec(inner);
  if (date) return `<time>${escapeHtml(dateText(Number(date[1]), date[2] ?? ''))}</time>`;
  const mention = /^(?:@|!subteam\^|!)([A-Za-z0-9]+)/.exec(inner);
  if (mention && /^[@!]/.test(inner)) return `<span class="mention">@${escapeHtml(names?.[mention[1] ?? ''] ?? mention[1] ?? '')}</span>`;
  const [url = '', text] = inner.split('|');
  if (!/^https?:/.test(url)) return escapeHtml(`<${plainOf(inner)}>`);
  return `<a href="${escapeHtml(plainOf(url))}" rel="noreferrer">${escapeHtml(plainOf(text ?? url))}</a>`;
}

function styled(text: string): string {
  let html = '';
  for (const [index, part] of text.split(/(`[^`\n]+`)/).entries()) {
    if (index % 2 === 1) {
      html += `<code>${escapeHtml(plainOf(part.slice(1, -1)))}</code>`;
      continue;
    }
    html += escapeHtml(plainOf(part))
      .replace(/(^|[\s(·])\*([^*\n]+)\*(?=$|[\s).,:;·–-])/g, '$1<b>$2</b>')
      .replace(/(^|[\s(·])_([^_\n]+)_(?=$|[\s).,:;·])/g, '$1<i>$2</i>')
      .replace(/(^|[\s(·])~([^~\n]+)~(?=$|[\s).,:;·])/g, '$1<s>$2</s>');
  }
  return html;
}

function button({ action_id, style, text, url, value = '' }: Button): string {
  const classes = `button${style === undefined ? '' : ` ${style}`}`;
  const label = escapeHtml(text.text);
  return url === undefined
    ? `<button class="${classes}" type="button" data-action="${escapeHtml(action_id)}" data-value="${escapeHtml(value)}">${label}</button>`
    : `<a class="${classes}" href="${escapeHtml(url)}" rel="noreferrer">${label}</a>`;
}

function richText({ elements }: RichText): string {
  return elements
    .map((part) => {
      const text = part.elements.map((element) => escapeHtml(element.text)).join('');
      return part.type === 'rich_text_preformatted' ? `<pre>${text}</pre>` : `<p>${text.replaceAll('\n', '<br>')}</p>`;
    })
    .join('');
}

/** One block as HTML. */
export function blockToHtml(block: Block, options: HtmlOptions): string {
  switch (block.type) {
    case 'section': {
      const text = block.text ? `<div class="text">${mrkdwnToHtml(block.text.text, options)}</div>` : '';
      const columns = block.fields?.map((field) => `<div class="field">${mrkdwnToHtml(field.text, options)}</div>`).join('');
      return `<div class="section">${text}${columns === undefined ? '' : `<div class="fields">${columns}</div>`}</div>`;
    }
    case 'context':
      return `<div class="context">${block.elements.map(({ text }) => `<span>${mrkdwnToHtml(text, options)}</span>`).join(' ')}</div>`;
    case 'actions':
      return `<div class="actions">${block.elements.map(button).join('')}</div>`;
    case 'divider':
      return '<hr>';
    case 'rich_text':
      return `<div class="rich">${richText(block)}</div>`;
  }
}

/** One message as Slack shows it: blocks, then the attachment behind its coloured bar. `text` is shown only where there are no blocks. */
export function messageToHtml(message: SlackMessage, options: HtmlOptions): string {
  const blocks = (list: readonly Block[]): string => list.map((block) => blockToHtml(block, options)).join('');
  const body = message.blocks.length === 0 ? `<div class="section">${mrkdwnToHtml(message.text, options)}</div>` : blocks(message.blocks);
  const [attachment] = message.attachments ?? [];
  // A class, because a page that allows no inline styles shows it as well.
  const color = /^#([0-9A-Fa-f]{6})$/.exec(attachment?.color ?? '')?.[1]?.toLowerCase() ?? 'dddddd';
  const attached = attachment ? `<div class="attachment bar-${color}">${blocks(attachment.blocks)}</div>` : '';
  return `<div class="body">${body}${attached}</div>`;
}

/** Looks like Slack's light theme. */
export const SLACK_CSS = `
body{margin:0;background:#fff;color:#1d1c1d;font:15px/1.46668 Lato,"Helvetica Neue",Helvetica,"Noto Sans KR","Noto Sans CJK KR",sans-serif}
.channel{max-width:46rem;margin:0 auto;padding:1rem}
.message{display:grid;grid-template-columns:36px minmax(0,1fr);gap:0 8px;padding:8px 20px;border-radius:6px}
.message:hover{background:#f8f8f8}
.avatar{width:36px;height:36px;border-radius:8px;background:#4a154b;color:#fff;display:grid;place-items:center;font-weight:900}
.who{font-weight:900}.app{background:#ebebeb;border-radius:2px;font-size:10px;padding:1px 3px;margin:0 6px;color:#616061;font-weight:700}.when{color:#616061;font-size:12px}
.note{color:#616061;font-size:12px;margin:2px 0 0}
.section,.rich{margin:4px 0}.rich p{margin:4px 0}
.fields{display:grid;grid-template-columns:1fr 1fr;gap:8px 16px;margin:6px 0}.field{overflow-wrap:anywhere}
.context{color:#616061;font-size:13px;margin:6px 0;overflow-wrap:anywhere}
.attachment{border-left:4px solid #ddd;border-radius:4px;padding:2px 0 2px 12px;margin:6px 0}
.bar-d0312d{border-color:#d0312d}.bar-e8912d{border-color:#e8912d}.bar-2e7dd1{border-color:#2e7dd1}.bar-2eb67d{border-color:#2eb67d}.bar-868686{border-color:#868686}
.actions{display:flex;flex-wrap:wrap;gap:8px;margin:8px 0}
.button{border:1px solid rgba(29,28,29,.3);border-radius:4px;padding:0 12px;height:28px;line-height:26px;font:700 13px/26px Lato,"Helvetica Neue",Helvetica,"Noto Sans KR",sans-serif;color:#1d1c1d;background:#fff;text-decoration:none;cursor:pointer}
.button.primary{background:#007a5a;color:#fff;border-color:#007a5a}.button.danger{background:#e01e5a;color:#fff;border-color:#e01e5a}
code{background:rgba(29,28,29,.04);border:1px solid rgba(29,28,29,.13);border-radius:3px;color:#c01343;font:12px Monaco,Menlo,Consolas,monospace;padding:2px 3px 1px}
pre{background:rgba(29,28,29,.04);border:1px solid rgba(29,28,29,.13);border-radius:4px;font:12px/1.5 Monaco,Menlo,Consolas,monospace;padding:8px;margin:4px 0;white-space:pre-wrap;overflow-wrap:anywhere}
.mention{background:rgba(242,199,68,.4);color:#1264a3;border-radius:3px;padding:0 2px}
a{color:#1264a3;text-decoration:none}a:hover{text-decoration:underline}
.thread{margin-left:44px;border-left:2px solid #e8e8e8;padding-left:8px}
img{max-width:100%;border-radius:8px;border:1px solid #ddd}
.ephemeral{background:#f8f8f8}
.only{color:#616061;font-size:12px;margin:0 0 2px}
.file{display:inline-block;border:1px solid #ddd;border-radius:8px;padding:8px 12px;margin:4px 0;font-size:13px}
.compose{position:sticky;bottom:0;display:flex;gap:8px;background:#fff;border:1px solid rgba(29,28,29,.3);border-radius:8px;padding:8px;margin:1rem auto;max-width:44rem}
.compose input{flex:1;border:0;outline:0;font:inherit;min-width:0}.compose select{font:13px Lato,sans-serif;border:1px solid #ddd;border-radius:4px}
@media(max-width:600px){.fields{grid-template-columns:1fr}.message{padding:8px 4px}}
`;

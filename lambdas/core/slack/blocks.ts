/** Slack's limits, in code points, of what is sent. https://docs.slack.dev/reference/block-kit/blocks */
export const LIMITS = {
  blocks: 50,
  sectionText: 3000,
  fields: 10,
  fieldText: 2000,
  contextElements: 10,
  contextText: 2000,
  actions: 25,
  buttonText: 75,
  buttonValue: 2000,
  buttonUrl: 3000,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  actionId: 255,
  blockId: 255,
  text: 4000,
  /** JSON of all blocks together: Slack refuses more than about 13,200 characters (msg_blocks_too_long), whatever the single limits say. */
  blocksJson: 12_000,
} as const;

export interface Mrkdwn {
  readonly type: 'mrkdwn';
  readonly text: string;
  /** No links, users or channels are made of plain words. */
  readonly verbatim: true;
}
export interface PlainText {
  readonly type: 'plain_text';
  readonly text: string;
  readonly emoji: boolean;
}
export interface Button {
  readonly type: 'button';
  readonly text: PlainText;
  readonly action_id: string;
  readonly url?: string;
  readonly value?: string;
  readonly style?: 'primary' | 'danger';
  /** What Slack asks before it tells us of the press. */
  readonly confirm?: { readonly title: PlainText; readonly text: PlainText; readonly confirm: PlainText; readonly deny: PlainText };
}
export interface RichText {
  readonly type: 'rich_text';
  readonly elements: readonly (
    | { readonly type: 'rich_text_section'; readonly elements: readonly RichTextElement[] }
    | { readonly type: 'rich_text_preformatted'; readonly elements: readonly RichTextElement[]; readonly border: 0 }
  )[];
}
export interface RichTextElement {
  readonly type: 'text';
  readonly text: string;
}
export type Block =
  | { readonly type: 'section'; readonly text?: Mrkdwn; readonly fields?: readonly Mrkdwn[] }
  | { readonly type: 'context'; readonly elements: readonly Mrkdwn[] }
  | { readonly type: 'actions'; readonly elements: readonly Button[] }
  | { readonly type: 'divider' }
  | RichText;

/** What is sent to Slack. */
export interface SlackMessage {
  /** For notifications and screen readers; not shown where there are blocks. */
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly attachments?: readonly [{ readonly color: string; readonly fallback: string; readonly blocks: readonly Block[] }];
  readonly unfurl_links: false;
  readonly unfurl_media: false;
}

/** Markdown of ours. */
export const mrkdwn = (text: string): Mrkdwn => ({ type: 'mrkdwn', text, verbatim: true });

/** A paragraph. */
export const section = (text: string): Block => ({ type: 'section', text: mrkdwn(text) });

/** Pairs in two columns; those above ten are left out. */
export const fields = (texts: readonly string[]): Block => ({ type: 'section', fields: texts.slice(0, LIMITS.fields).map(mrkdwn) });

/** Small grey text. */
export const context = (texts: readonly string[]): Block => ({
  type: 'context',
  elements: texts.slice(0, LIMITS.contextElements).map(mrkdwn),
});

/** Text as it is: nothing in it is read as anything. */
export const preformatted = (text: string): RichText => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text }], border: 0 }],
});

/** A paragraph of text as it is. */
export const verbatim = (text: string): RichText => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
});

/** A button that opens an address. */
export const linkButton = (id: string, text: string, url: string, isPrimary = false): Button => ({
  type: 'button',
  text: { type: 'plain_text', text, emoji: true },
  action_id: id,
  url,
  ...(isPrimary ? { style: 'primary' as const } : {}),
});

/** A button that asks our own endpoint. */
export const actionButton = (id: string, text: string, value: string): Button => ({
  type: 'button',
  text: { type: 'plain_text', text, emoji: true },
  action_id: id,
  value,
});

/** A button of consequence: Slack asks before it tells us. */
export function confirmedButton(
  button: Button,
  style: NonNullable<Button['style']>,
  ask: { readonly text: string; readonly deny: string },
): Button {
  const words = (text: string): PlainText => ({ type: 'plain_text', text, emoji: false });
  const confirm = { title: words(button.text.text), text: words(ask.text), confirm: words(button.text.text), deny: words(ask.deny) };
  return { ...button, style, confirm };
}

/** Bytes of the JSON of all blocks of a message. Slack's limit is not documented: whether it counts characters or bytes, this is not less. */
export function blocksLength(message: Pick<SlackMessage, 'blocks' | 'attachments'>): number {
  return utf8Length(JSON.stringify(message.blocks)) + utf8Length(JSON.stringify(message.attachments?.[0].blocks ?? []));
}

function utf8Length(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    // Each half of a pair is two of its four bytes.
    if (unit >= 0x80) bytes += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2;
  }
  return bytes;
}

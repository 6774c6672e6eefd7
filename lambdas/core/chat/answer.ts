import { cutText } from '../alerts/text.ts';
import { type Block, blocksLength, LIMITS, type SlackMessage, section } from '../slack/blocks.ts';
import { oneLine } from '../slack/escape.ts';
import type { RedactText } from '../slack/settings.ts';

/** What is posted to `response_url`. */
export interface ChatAnswer {
  readonly message: SlackMessage;
  /** Whether everybody in the channel sees it; otherwise only who asked. */
  readonly isPublic: boolean;
  /** Message whose thread it goes to. */
  readonly threadTs?: string;
}

/** Bytes of blocks that lists fill: the rest is for what stands around them. */
const LIST_BYTES = 9_000;

/** What a cut leaves of an escape or of a date. */
const BROKEN_END = /(?:&[a-z]{0,3}|<[^<>]*)…$/;

/** A message of blocks. `plain` is for notifications: our own words, or what `inert` made. */
export function messageOf(plain: string, blocks: readonly Block[]): SlackMessage {
  return { text: cutText(plain, 300).replace(BROKEN_END, '…') || '…', blocks, unfurl_links: false, unfurl_media: false };
}

/** The answer without secrets in any text: what somebody wrote is repeated in many of them. Tables are clean already, and stay as they are. */
export function redactAnswer(answer: ChatAnswer, redact: RedactText): ChatAnswer {
  const { message } = answer;
  return {
    ...answer,
    message: { ...message, text: redact(message.text), blocks: message.blocks.map((block) => redactBlock(block, redact)) },
  };
}

function redactBlock(block: Block, redact: RedactText): Block {
  const clean = <T extends { readonly text: string }>(part: T): T => ({ ...part, text: redact(part.text) });
  switch (block.type) {
    case 'section':
      return {
        ...block,
        ...(block.text === undefined ? {} : { text: clean(block.text) }),
        ...(block.fields === undefined ? {} : { fields: block.fields.map(clean) }),
      };
    case 'context':
      return { ...block, elements: block.elements.map(clean) };
    case 'rich_text':
      return { ...block, elements: block.elements.map((part) => ({ ...part, elements: part.elements.map(clean) })) };
    default:
      return block;
  }
}

/** A sentence or two for who asked. Texts of others in it are escaped already, and short. */
export function sayTo(text: string): ChatAnswer {
  return { message: messageOf(text, [section(text)]), isPublic: false };
}

/** The same for everybody in the channel. */
export function tellAll(text: string, threadTs = ''): ChatAnswer {
  return { message: messageOf(text, [section(text)]), isPublic: true, ...(threadTs === '' ? {} : { threadTs }) };
}

/** Lines as blocks, as many as fit, then how many do not. A line has at most 900 characters. */
export function listBlocks(lines: readonly string[], more: (count: number) => string, bytes = LIST_BYTES): Block[] {
  const blocks: Block[] = [];
  let text = '';
  let shown = 0;
  let filled = 0;
  const flush = (): void => {
    if (text !== '') blocks.push(section(text));
    text = '';
  };
  for (const line of lines) {
    if (text !== '' && text.length + line.length + 1 > LIMITS.sectionText - 200) flush();
    // As if each line were a block of its own: never less than what they take together.
    filled += blocksLength({ blocks: [section(line)] });
    if (filled > bytes || blocks.length >= LIMITS.blocks - 6) break;
    text = text === '' ? line : `${text}\n${line}`;
    shown++;
  }
  flush();
  if (shown < lines.length) blocks.push(section(`_${more(lines.length - shown)}_`));
  return blocks;
}

/** What Slack gets at `response_url`. https://docs.slack.dev/interactivity/handling-user-interaction#message_responses */
export function responseBody({ isPublic, message, threadTs }: ChatAnswer): object {
  return {
    response_type: isPublic ? 'in_channel' : 'ephemeral',
    // The message that a button stands in goes on: it is updated by its alert.
    replace_original: false,
    ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
    ...message,
  };
}

/** The same in plain words, for where Slack does not like the blocks. */
export function plainBody({ isPublic, message, threadTs }: ChatAnswer): object {
  return {
    response_type: isPublic ? 'in_channel' : 'ephemeral',
    replace_original: false,
    ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
    text: oneLine(message.text),
    mrkdwn: false,
    unfurl_links: false,
    unfurl_media: false,
  };
}

import { cutText } from '../alerts/text.ts';

// Characters that change how the text around them is shown, or are not shown at all: controls, bidirectional and zero-width marks, separators, fillers.
const HIDDEN = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0]/gu;

/** A text without characters that hide or turn what is around them; halves of surrogate pairs become U+FFFD, tabs a space. Lines stay. */
export function plain(text: string): string {
  return text.toWellFormed().replaceAll('\r\n', '\n').replaceAll('\t', ' ').replace(HIDDEN, '');
}

/** The same on one line. */
export function oneLine(text: string): string {
  // No expression: one that looks for spaces around line ends takes the square of a long run of spaces.
  return plain(text)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
}

/** Escapes what Slack reads as a mention, a channel, a link or an entity. To be done once, and cut before it. */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Characters that mean bold, italics, code or strike-through, as look-alikes that mean nothing. */
const MARKUP: { readonly [character: string]: string } = { '*': '∗', _: '_', '~': '∼', '`': 'ˋ' };

/** Text of others inside Markdown: on one line, cut to code points, escaped, without markup of its own. */
export function inert(text: string, maxPoints: number): string {
  // An underscore is markup only at the border of a word; inside names it stays as it is, so that they can be copied.
  const bare = oneLine(text).replace(/[*~`]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, (character) =>
    character === '_' ? '＿' : (MARKUP[character] ?? ''),
  );
  return escapeText(cutText(bare, maxPoints));
}

/** Text of others as code: it can be copied, and a backtick in it does not end it. Empty for an empty text. */
export function code(text: string, maxPoints: number): string {
  const bare = oneLine(text).replaceAll('`', 'ˋ');
  return bare === '' ? '' : `\`${escapeText(cutText(bare, maxPoints))}\``;
}

/** A link; the address must be one of ours or checked, the text is escaped here. */
export function link(url: string, text: string): string {
  return `<${url.replaceAll('>', '%3E').replaceAll('|', '%7C').replaceAll('<', '%3C')}|${inert(text, 200)}>`;
}

const USER = /^[UW][A-Z0-9]{2,20}$/;
const USER_GROUP = /^S[A-Z0-9]{2,20}$/;

/** A mention from the config: a user's id, a user group's id, `here` or `channel`. Empty for anything else. */
export function mention(id: string): string {
  if (USER.test(id)) return `<@${id}>`;
  if (USER_GROUP.test(id)) return `<!subteam^${id}>`;
  return id === 'here' || id === 'channel' ? `<!${id}>` : '';
}

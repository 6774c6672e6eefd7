/** A word of a call: as it stands there, and without its quotes. */
export interface Word {
  readonly raw: string;
  readonly text: string;
}

/**
 * Text as its author meant it: Slack makes curly quotes of straight ones, links of hosts and mentions of names, and escapes `&`, `<` and `>`. Spaces of
 * any kind are one, and what cannot be seen is gone.
 */
export function normalizeText(text: string): string {
  return text
    .toWellFormed()
    .replace(/[“”„‟«»]/g, '"')
    .replace(/[‘’‚‛]/g, "'")
    .replace(/<([^<>]*)>/g, (_, inner: string) => insideOf(inner))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/\s+/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .trim();
}

/** `<http://api.example.com|api.example.com>` was written as `api.example.com`, `<@U1|kim>` is `U1`. */
function insideOf(inner: string): string {
  const [target = '', label] = inner.split('|');
  const id = /^(?:@|#|!subteam\^|!)([A-Za-z0-9]+)/.exec(target);
  if (id) return id[1] ?? '';
  return label ?? target.replace(/^mailto:/, '');
}

/** Quotes stand at the beginning of a word or behind an operator: that of `it's` is a letter. */
const BEFORE_QUOTE = /^$|[=~]$/;

/** Splits a normalized text at spaces outside of quotes. A quote that is not closed goes on to the end. Inside of double quotes `\"` and `\\` are escapes. */
export function splitWords(text: string): Word[] {
  const words: Word[] = [];
  let raw = '';
  let plain = '';
  let quote: string | undefined;
  const end = (): void => {
    if (raw !== '') words.push({ raw, text: plain });
    raw = '';
    plain = '';
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    const next = text[at + 1];
    if (quote === '"' && char === '\\' && (next === '"' || next === '\\')) {
      raw += char + next;
      plain += next;
      at++;
    } else if (char === quote) {
      quote = undefined;
      raw += char;
    } else if (quote === undefined && (char === '"' || char === "'") && BEFORE_QUOTE.test(raw)) {
      quote = char;
      raw += char;
    } else if (quote === undefined && char === ' ') end();
    else {
      raw += char;
      plain += char;
    }
  }
  end();
  return words;
}

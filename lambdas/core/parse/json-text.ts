/** `text` as a JSON string with its quotes; a lone surrogate becomes U+FFFD, so that what is read back is what was stored. */
export function quoteJson(text: string): string {
  const quoted = JSON.stringify(text);
  // JSON.stringify writes a lone surrogate as an escape; only then is the longer way taken.
  return quoted.length > text.length + 2 && quoted.includes('\\ud') ? JSON.stringify(text.toWellFormed()) : quoted;
}

/** The string that JSON text between `start` (at its opening quote) and `end` holds. */
export function unquoteJson(text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end - 1);
  return raw.includes('\\') ? (JSON.parse(text.slice(start, end)) as string) : raw;
}

/** Removes line breaks between tokens of valid JSON text; inside strings there are none. */
export function onOneLine(text: string): string {
  return /[\n\r]/.test(text) ? text.replace(/[\n\r]+/g, ' ') : text;
}

/**
 * A copy of `text` that does not keep the text it was cut from alive: V8's slices refer to their origin, and a cache of them would hold whole messages.
 */
export function detached(text: string): string {
  return ` ${text}`.slice(1);
}

/** Joins member texts, leaving out empty ones. */
export function joinMembers(...members: readonly string[]): string {
  let joined = '';
  for (const member of members) if (member !== '') joined = joined === '' ? member : `${joined},${member}`;
  return joined;
}

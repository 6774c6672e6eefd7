/** The last text that was asked for: the text of an event and the origin of its fields are the same string. */
const last = { text: '', answer: false };

/**
 * Whether a letter (or `_`, or a quote) may be written as an escape, such as `\u0070`. Audit events are full of `\u0026` and `\u003c`, which are none: their first
 * varying digit is 2 or 3, and no 22.
 */
export function holdsEscapedLetter(text: string): boolean {
  if (text !== last.text) noteEscapedLetter(text, searchEscapedLetter(text));
  return last.answer;
}

/** Saves the next question of {@link holdsEscapedLetter} about this very text its search. */
export function noteEscapedLetter(text: string, answer: boolean): void {
  last.text = text;
  last.answer = answer;
}

function searchEscapedLetter(text: string): boolean {
  for (let at = text.indexOf('\\u00'); at >= 0; at = text.indexOf('\\u00', at + 4)) {
    const digit = text.charCodeAt(at + 4);
    if ((digit >= 52 && digit <= 55) || text.startsWith('22', at + 4)) return true;
  }
  return false;
}

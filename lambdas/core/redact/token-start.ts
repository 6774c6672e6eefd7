/**
 * Whether a token may start at `at`: no letter or digit stands before it. The letter of an escape in JSON is none: `\nAKIA…` is a line break and a key,
 * and `\u0026token` an ampersand and a word.
 */
export function isTokenStart(text: string, at: number): boolean {
  if (!isWordCharacter(text.charCodeAt(at - 1))) return true;
  if (text.charCodeAt(at - 2) === 92) return 'nrtbf'.includes(text.charAt(at - 1));
  return text.startsWith('\\u00', at - 6);
}

/** Whether a character is a letter or a digit of ASCII. */
export function isWordCharacter(c: number): boolean {
  const lower = c | 32;
  return (lower >= 97 && lower <= 122) || (c >= 48 && c <= 57);
}

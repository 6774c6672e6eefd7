/** The name that ends at `end`, as far as it decides anything: 64 characters at most. */
export function nameBefore(text: string, end: number): string {
  let start = end;
  for (let c = text.charCodeAt(start - 1); end - start < 64 && isNameCharacter(c); c = text.charCodeAt(start - 1)) start--;
  // The letter of an escape in JSON is none of the name: `\nCookie`, `\u0026token`.
  if (text.charCodeAt(start - 1) === 92) start += text.startsWith('u00', start) ? 5 : 'nrtbf'.includes(text.charAt(start)) ? 1 : 0;
  return text.slice(start, Math.max(start, end));
}

/** Whether names hold the character: letters and digits of ASCII, `_`, `-` and `.`. */
export function isNameCharacter(c: number): boolean {
  const lower = c | 32;
  return (lower >= 97 && lower <= 122) || (c >= 48 && c <= 57) || c === 95 || c === 45 || c === 46;
}

/** Whether the text is a JSON object or list. */
export function isJson(text: string): boolean {
  const c = text.trimStart().charCodeAt(0);
  if (c !== 123 && c !== 91) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Valid JSON with `change` applied to every string in it, names included, decoded and encoded again only where it changes: numbers keep their digits, members
 * their order, and escapes their spelling.
 */
export function mapStrings(json: string, change: (text: string) => string): string {
  let result = '';
  let done = 0;
  for (let open = json.indexOf('"'); open >= 0; ) {
    const end = stringEnd(json, open);
    const raw = json.slice(open, end);
    const text = raw.includes('\\') ? (JSON.parse(raw) as string) : raw.slice(1, -1);
    const changed = change(text);
    if (changed !== text) {
      result += json.slice(done, open) + JSON.stringify(changed);
      done = end;
    }
    open = json.indexOf('"', end);
  }
  return done === 0 ? json : result + json.slice(done);
}

/** Position behind the string whose opening quote is at `at`. */
export function stringEnd(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 92) i++;
    else if (c === 34) return i + 1;
  }
  return text.length;
}

/** Members of a form at most: Slack sends some fifteen. */
const MAX_MEMBERS = 100;

/**
 * Decodes `application/x-www-form-urlencoded`. Of two members with one name the first stays. Undefined for what is none: a stray `%`, bytes that are no
 * UTF-8, or more than 100 members.
 */
export function parseForm(body: string): ReadonlyMap<string, string> | undefined {
  const members = new Map<string, string>();
  if (body === '') return members;
  const pairs = body.split('&', MAX_MEMBERS + 1);
  if (pairs.length > MAX_MEMBERS) return undefined;
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = decode(equals < 0 ? '' : pair.slice(equals + 1));
    if (name === undefined || value === undefined) return undefined;
    if (!members.has(name)) members.set(name, value);
  }
  return members;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

/** Encodes members as a form: what the local run and tests send. */
export function formatForm(members: { readonly [name: string]: string }): string {
  return Object.entries(members)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value.toWellFormed())}`)
    .join('&');
}

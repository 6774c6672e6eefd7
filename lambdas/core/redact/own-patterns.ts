import { markOf } from './rule-names.ts';

/** A pattern of the config, ready to run. */
export interface OwnPattern {
  readonly regex: RegExp;
  readonly mark: string;
}

/** Compiles patterns of the config, which `check` has proven to be valid and linear; an invalid one throws, as a broken deploy should. */
export function compileOwnPatterns(patterns: readonly { readonly name: string; readonly regex: string }[]): OwnPattern[] {
  return patterns.map(({ name, regex }) => ({ regex: new RegExp(regex, 'g'), mark: markOf(name) }));
}

/** Replaces what a pattern matches, or its group 1 where it has one. In JSON that a replacement would break, the texts inside are searched one by one. */
export function redactOwn(text: string, patterns: readonly OwnPattern[]): string {
  let result = text;
  for (const pattern of patterns) {
    const redacted = replaceAll(result, pattern);
    if (redacted !== result) result = isJson(result) && !isJson(redacted) ? insideJson(result, pattern) : redacted;
  }
  return result;
}

function replaceAll(text: string, { regex, mark }: OwnPattern): string {
  regex.lastIndex = 0;
  return text.replace(regex, (match: string, ...rest: unknown[]) => {
    const group = rest[0];
    if (match === '' || typeof group !== 'string') return match === '' ? '' : mark;
    const at = match.indexOf(group);
    return group === '' || at < 0 ? match : match.slice(0, at) + mark + match.slice(at + group.length);
  });
}

function isJson(text: string): boolean {
  const c = text.trimStart().charCodeAt(0);
  if (c !== 123 && c !== 91) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const STRING = /"(?:[^"\\]|\\.)*"/g;

/** String by string, decoded and encoded again only where something is found: numbers keep their digits and keys their order. */
function insideJson(text: string, pattern: OwnPattern): string {
  return text.replace(STRING, (quoted) => {
    const value = JSON.parse(quoted) as string;
    const redacted = replaceAll(value, pattern);
    return redacted === value ? quoted : JSON.stringify(redacted);
  });
}

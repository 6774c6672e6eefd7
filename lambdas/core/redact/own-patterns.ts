import { isJson, mapStrings } from './json-strings.ts';
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

/**
 * Replaces what a pattern matches, or its group 1 where it has one. JSON is searched as it is and, where it has escapes, inside its texts too: there
 * `<` may be written `\\u003c`. What would break the JSON around it is replaced text by text only.
 */
export function redactOwn(text: string, patterns: readonly OwnPattern[]): string {
  let result = text;
  for (const pattern of patterns) {
    const redacted = replaceAll(result, pattern);
    const isObject = isJson(result);
    if (!isObject || isJson(redacted)) result = redacted;
    if (isObject && (redacted !== result || result.includes('\\'))) result = mapStrings(result, (inner) => replaceAll(inner, pattern));
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

import { compileRegex, type Regex } from '../regex/regex.ts';
import type { Labels } from './alert.ts';
import { labelOf } from './labels.ts';

/** A condition on one label, as Alertmanager writes it: `severity="critical"`, `namespace=~"prod-.*"`. Plain data. */
export interface Matcher {
  readonly label: string;
  readonly op: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

/** A matcher, or why the text is none. */
export type ParsedMatcher = { readonly ok: true; readonly matcher: Matcher } | { readonly ok: false; readonly reason: string };

const SHAPE = /^\s*([A-Za-z_][A-Za-z0-9_.:/-]*|"(?:[^"\\]|\\.)*")\s*(=~|!~|!=|=)\s*(.*?)\s*$/s;

/** Reads a matcher. The value may stand without quotes where it holds none; in quotes `\"`, `\\` and `\n` are escapes. */
export function parseMatcher(text: string): ParsedMatcher {
  const found = SHAPE.exec(text);
  if (!found) return { ok: false, reason: 'not a matcher: label, one of = != =~ !~, and a value in double quotes' };
  const [, rawName = '', op = '=', rawValue = ''] = found;
  const label = rawName.startsWith('"') ? unquote(rawName) : rawName;
  const value = rawValue.startsWith('"') ? unquote(rawValue) : rawValue;
  if (label === undefined || value === undefined || (!rawValue.startsWith('"') && /["{},]/.test(rawValue)))
    return { ok: false, reason: 'the value needs double quotes around it' };
  const matcher: Matcher = { label, op: op as Matcher['op'], value };
  if (op === '=~' || op === '!~') {
    try {
      compileRegex(`^(?:${value})$`, 's');
    } catch (error) {
      return { ok: false, reason: `not a regular expression: ${error instanceof Error ? error.message : String(error)}` };
    }
  }
  return { ok: true, matcher };
}

function unquote(text: string): string | undefined {
  const found = /^"((?:[^"\\]|\\.)*)"$/s.exec(text);
  return found?.[1]?.replace(/\\(.)/gs, (_, character: string) => (character === 'n' ? '\n' : character));
}

/** A matcher as it is written, and canonical: equal matchers give equal texts. */
export function formatMatcher({ label, op, value }: Matcher): string {
  const name = /^[A-Za-z_][A-Za-z0-9_.:/-]*$/.test(label) ? label : JSON.stringify(label);
  return `${name}${op}"${value.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`;
}

/** The text of a list of matchers, sorted: their order says nothing. */
export function formatMatchers(matchers: readonly Matcher[]): string {
  return `{${matchers.map(formatMatcher).sort().join(',')}}`;
}

/** Whether labels fulfil every matcher. Expressions are anchored; an absent label is empty. Without matchers: true. */
export type LabelTest = (labels: Labels) => boolean;

/** Makes matchers ready to run. Throws for an expression that `parseMatcher` refuses. */
export function compileMatchers(matchers: readonly Matcher[]): LabelTest {
  const tests = matchers.map(({ label, op, value }) => {
    const regex: Regex | undefined = op === '=~' || op === '!~' ? compileRegex(`^(?:${value})$`, 's') : undefined;
    const wanted = op === '=' || op === '=~';
    return (labels: Labels): boolean => {
      const given = labelOf(labels, label);
      return (regex === undefined ? given === value : regex.test(given)) === wanted;
    };
  });
  return (labels) => tests.every((test) => test(labels));
}

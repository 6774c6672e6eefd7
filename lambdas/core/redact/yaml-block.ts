import type { Findings } from './findings.ts';
import type { BuiltinRule } from './rule-names.ts';

const BLOCK = /[|>][+-]?\d?[ \t\r]*(?:\n|(\\+)[nr])/y;
/** A line, its indentation first; in a string of JSON or logfmt its end is an escape, and the string's quote ends all. */
const LINE = /([ \t]*)([^\n]*)\n?/y;
const ESCAPED_LINE = /([ \t]*)((?:(?!\\+[nr])[^\n"])*)(?:\\+[nr])*/y;
const KIND = /(?:^|\\n|")[ \t-]*kind:[ \t]*\\*["']?Secret\\*["']?[ \t\r]*(?:$|\\+[nr])/m;
const DATA = /(?:^|(\\+)n)([ \t]*)(?:data|stringData):[ \t\r]*(?:\n|\\+[nr])/gm;
const ENTRY = /^\\*["']?[\w.-]{1,253}\\*["']?:[ \t]*/;
const BLOCK_SIGN = /^[|>][+-]?\d?\s*$/;
/** Lines of a block that are read. A key has some thirty. */
const MAX_LINES = 400;

/** Takes the lines of a block scalar, `password: |`, that opens at `at`; returns whether one does. It goes on as long as lines are indented more than its key. */
export function takeBlockScalar(findings: Findings, rule: BuiltinRule, at: number): boolean {
  BLOCK.lastIndex = at;
  const block = BLOCK.exec(findings.text);
  if (block === null) return false;
  const lines = { from: BLOCK.lastIndex, indent: indentOf(findings.text, at), isEscaped: block[1] !== undefined };
  eachIndented(findings.text, lines, (start, end) => findings.add(rule, start, end));
  return true;
}

/** Takes the values of `data:` and `stringData:` in Secrets that are written as YAML. */
export function takeYamlSecret(findings: Findings): void {
  const { text } = findings;
  if (!KIND.test(text)) return;
  DATA.lastIndex = 0;
  for (let match = DATA.exec(text); match !== null; match = DATA.exec(text)) {
    const lines = { from: DATA.lastIndex, indent: (match[2] as string).length, isEscaped: text.charCodeAt(DATA.lastIndex - 1) !== 10 };
    DATA.lastIndex = eachIndented(text, lines, (start, end) => {
      const from = start + (ENTRY.exec(text.slice(start, Math.min(end, start + 300)))?.[0].length ?? 0);
      if (!BLOCK_SIGN.test(text.slice(from, end))) findings.add('passwordAssignment', from, end);
    });
  }
}

/** Indentation of the line that a position is in; the dash of a list counts as one. */
function indentOf(text: string, at: number): number {
  const before = text.slice(Math.max(0, at - 300), at);
  return /(?:^|\n|\\n|")([ \t-]*)[^\n"]*$/.exec(before.slice(before.lastIndexOf('\\n') + 1).replace(/^n/, '\n'))?.[1]?.length ?? 0;
}

interface Lines {
  readonly from: number;
  readonly indent: number;
  readonly isEscaped: boolean;
}

/** Hands on what is indented more, and returns where that ends. */
function eachIndented(text: string, { from, indent, isEscaped }: Lines, take: (start: number, end: number) => void): number {
  const shape = isEscaped ? ESCAPED_LINE : LINE;
  let at = from;
  for (let line = 0; line < MAX_LINES && at < text.length; line++) {
    shape.lastIndex = at;
    const match = shape.exec(text);
    if (match === null || shape.lastIndex === at) return at;
    const [, blanks = '', rest = ''] = match;
    const value = rest.trimEnd();
    if (value !== '' && blanks.length <= indent) return at;
    if (value !== '') take(at + blanks.length, at + blanks.length + value.length);
    at = shape.lastIndex;
  }
  return at;
}

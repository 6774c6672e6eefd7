import type { Findings } from './findings.ts';
import { secretName } from './secret-words.ts';
import { after } from './sticky.ts';

/** The beginning of a tag with its name behind a prefix; `<` may be written as JSON writes it. */
const OPEN = /(?:<|\\+u003[cC])(?:[\w.-]{1,64}:)?([\w.-]{1,64})/y;
const REST_OF_TAG = /[^<>]{0,2000}>\s*/y;
const CDATA = /<!\[CDATA\[/y;
const INNER = /<(?:[\w.-]{1,64}:)?(?:value|plain|text|string|data)\b[^<>]{0,500}>\s*/iy;
/** The text of an element whose `<` and `>` are escaped, in JSON that is cut: whole JSON is searched text by text. */
const ESCAPED_VALUE = /[^<>"\\]{0,2000}\\+u003[eE]([^<>"\\]{1,8192})/y;

/**
 * Takes the text of an XML element whose name is that of a secret, with or without a prefix: `<wsse:Password Type="…">hunter2</wsse:Password>`. Without
 * a closing tag the element is cut, and its line ends it. `at` is where the `<` is, or the backslash before `u003c`.
 */
export function takeElement(findings: Findings, at: number): void {
  const { text } = findings;
  OPEN.lastIndex = at;
  const name = OPEN.exec(text)?.[1];
  const rule = name === undefined ? undefined : secretName(name)?.rule;
  if (rule === undefined) return;
  const nameEnd = OPEN.lastIndex;
  if (text.charCodeAt(at) === 92) {
    ESCAPED_VALUE.lastIndex = nameEnd;
    const value = ESCAPED_VALUE.exec(text)?.[1] ?? '';
    findings.addLoose(rule, ESCAPED_VALUE.lastIndex - value.length, ESCAPED_VALUE.lastIndex);
    return;
  }
  let start = after(REST_OF_TAG, text, nameEnd);
  if (start < 0 || text.slice(nameEnd, start).trimEnd().endsWith('/>')) return;
  start = Math.max(start, after(INNER, text, start));
  const data = after(CDATA, text, start);
  const end = data < 0 ? textEnd(text, start) : cdataEnd(text, data);
  const value = text.slice(Math.max(start, data), end).trimEnd();
  start = Math.max(start, data);
  findings.add(rule, start, start + value.length, /["\\]/.test(text.slice(at, start + value.length)));
}

function textEnd(text: string, start: number): number {
  const next = text.indexOf('<', start);
  if (next >= 0 && text.charCodeAt(next + 1) === 47) return next;
  const rest = text.slice(start, next < 0 ? text.length : next);
  const stop = rest.search(/[\s"'\\]/);
  return stop < 0 ? start + rest.length : start + stop;
}

function cdataEnd(text: string, start: number): number {
  const end = text.indexOf(']]>', start);
  return end < 0 ? textEnd(text, start) : end;
}

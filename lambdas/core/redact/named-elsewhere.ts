import { takeValue } from './assignment.ts';
import type { Findings } from './findings.ts';
import { looksRandom, type SecretName } from './secret-words.ts';
import { after, matchAt } from './sticky.ts';

/** Blanks of JSON that is perhaps inside of a string, where a line break is an escape. */
const S = '(?:\\s|\\\\+[nrt])*';
/** A line break, and the blanks around it. */
const BREAK = '[ \\t\\r]*(?:\\n|\\\\+n)[ \\t]*';

/** Part of an expression: what follows a name that is itself a value, `{"name":"DB_PASSWORD","value":…}`, or that is written in another way than with `:` and `=`. */
export const ELSEWHERE = `\\\\*["'](?:${S},${S}\\\\*"[vV]alue|\\s*(?:>|\\\\+u003[eE]))|<\\/|\\\\+u003[cC]\\/|%3[dD]|(?:&|\\\\+u0026)gt;|\\\\*["']?${BREAK}value:`;

/** The member beside the name; a variable of a container may say first that it comes from nowhere else. */
const MEMBER = new RegExp(`(\\\\*)"${S},${S}(?:\\1"valueFrom\\1"${S}:${S}null${S},${S})?\\1"[vV]alue\\1"${S}:${S}`, 'y');
const ATTRIBUTE_BEFORE = /\b(?:name|key|id)\s*=\s*\\*["']$/i;
const TAG_END = /\\*["']\s*(?:>|\\+u003[eE])\s*/y;
const VALUE_ELEMENT = new RegExp(
  `(?:<|\\\\+u003[cC])\\/[\\w.:-]{1,64}(?:>|\\\\+u003[eE])${S}(?:<|\\\\+u003[cC])[\\w.:-]{0,40}value\\b[^<>\\\\]{0,200}(?:>|\\\\+u003[eE])${S}`,
  'iy',
);
const PERCENT = /%3[dD]/y;
const ENTITY = /(?:&|\\+u0026)gt;\s*/y;
const YAML_BEFORE = /\bname:[ \t]*\\*["']?$/;
const YAML_VALUE = new RegExp(`\\\\*["']?${BREAK}value:[ \\t]*`, 'y');

const XML_TEXT = /[^<\\]{1,8192}/y;
const PERCENT_TEXT = /(?:(?!%26)[^\s"'\\&<>]){1,8192}/y;
const ENTITY_TEXT = /[^\s"'\\&<>]{1,8192}/y;
const YAML_TEXT = /\\*["']?([^"'\\#\n]{1,8192})/y;

/** Takes the value of a secret name that stands elsewhere than behind `:` or `=`. `nameEnd` is the position behind the name. */
export function takeElsewhere(findings: Findings, name: SecretName, nameEnd: number): void {
  const { text } = findings;
  const { rule } = name;
  let end = nameEnd;
  while (text.charCodeAt(end) >= 48 && text.charCodeAt(end) <= 57) end++;
  MEMBER.lastIndex = end;
  const member = MEMBER.exec(text);
  if (member !== null) {
    takeValue(findings, name, { at: MEMBER.lastIndex, depth: (member[1] as string).length, isColon: true });
    return;
  }
  const head = text.slice(Math.max(0, end - 160), end).replace(/[\w.-]{1,64}$/, '');
  if (ATTRIBUTE_BEFORE.test(head)) takeText(findings, rule, after(TAG_END, text, end), XML_TEXT);
  takeText(findings, rule, after(VALUE_ELEMENT, text, end), XML_TEXT);
  takeText(findings, rule, after(PERCENT, text, end), PERCENT_TEXT);
  const entity = after(ENTITY, text, end);
  if (entity >= 0 && (!name.isWeak || looksRandom(matchAt(ENTITY_TEXT, text, entity)))) takeText(findings, rule, entity, ENTITY_TEXT);
  const yaml = YAML_BEFORE.test(head) ? after(YAML_VALUE, text, end) : -1;
  if (yaml >= 0) {
    YAML_TEXT.lastIndex = yaml;
    const value = YAML_TEXT.exec(text)?.[1]?.trimEnd() ?? '';
    const start = text.indexOf(value, yaml);
    findings.add(rule, start, start + value.length);
  }
}

function takeText(findings: Findings, rule: SecretName['rule'], at: number, shape: RegExp): void {
  if (at < 0) return;
  const value = matchAt(shape, findings.text, at).trimEnd();
  findings.add(rule, at, at + value.length, value.includes('"'));
}

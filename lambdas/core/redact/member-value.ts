import { takeValue, valueStart } from './assignment.ts';
import type { Findings } from './findings.ts';
import { nameBefore } from './name-before.ts';
import { openingQuote, quotedEnd } from './quoted.ts';
import { secretName } from './secret-words.ts';
import { takeInside } from './values.ts';

const NAME_AFTER = /(\\*)"\s*,\s*\1"name\1"\s*:\s*\1"([^"\\]{1,256})\1"/y;
/** A member of a JSON patch that says where in a Secret the value goes, before the value and behind it. */
const PATH_BEFORE =
  /"path\\*"\s*:\s*\\*"\/(?:data|stringData)(?:\/[^"\\]{1,300})?\\*"\s*,\s*(?:\\*"op\\*"\s*:\s*\\*"[a-z]{1,10}\\*"\s*,\s*)?$/;
const PATH_AFTER = /\\*"?\s*,\s*(?:\\*"op\\*"\s*:\s*\\*"[a-z]{1,10}\\*"\s*,\s*)?\\*"path\\*"\s*:\s*\\*"\/(?:data|stringData)[/"\\]/y;
/** The longest path of a key in a Secret, with its two members around it. */
const MAX_PATH_CHARS = 400;

/**
 * Takes the value of a member that is called `value`, where the members beside it say that it is a secret: a variable of a container
 * (`{"name":"DB_PASSWORD","value":"…"}`, in either order), a header in a list, an operation on a Secret (`{"op":"add","path":"/data/key","value":"…"}`).
 * In XML, `name="password" value="…"`. `start` is where the word starts.
 */
export function takeMemberValue(findings: Findings, start: number, isQuoted: boolean): void {
  const { text } = findings;
  let i = start - 1;
  if (isQuoted) while (text.charCodeAt(i) === 34 || text.charCodeAt(i) === 92 || text.charCodeAt(i) === 39) i--;
  const opening = i + 1;
  while (text.charCodeAt(i) <= 32) i--;
  const value = valueStart(text, start + 5);
  if (value === undefined) return;
  const isMember = isQuoted && text.charCodeAt(i) === 44;
  if (isMember) i--;
  if (isMember || !isQuoted) {
    let end = i;
    while (text.charCodeAt(end) === 34 || text.charCodeAt(end) === 92) end--;
    const name = end < i ? nameBefore(text, end + 1) : '';
    const secret = secretName(name);
    if (secret !== undefined) {
      takeValue(findings, secret, value);
      return;
    }
  }
  if (!isQuoted || value.depth < 0) return;
  if (findings.isOfSecret && isMember && PATH_BEFORE.test(text.slice(Math.max(0, opening - MAX_PATH_CHARS), opening))) {
    takeAll(findings, value.at, value.depth);
    return;
  }
  const quote = openingQuote(text, value.at);
  if (quote - value.at !== value.depth) return;
  takeBeforeName(findings, quote, value.depth);
}

function takeBeforeName(findings: Findings, quote: number, depth: number): void {
  const { text } = findings;
  const end = quotedEnd(text, quote);
  NAME_AFTER.lastIndex = end;
  const after = NAME_AFTER.exec(text);
  if (after !== null && (after[1] as string).length === depth) {
    const secret = secretName(after[2] as string);
    if (secret !== undefined) findings.add(secret.rule, quote + 1, end);
    return;
  }
  if (!findings.isOfSecret) return;
  PATH_AFTER.lastIndex = end;
  if (PATH_AFTER.test(text)) findings.add('passwordAssignment', quote + 1, end);
}

/** Takes `"data":{…}` of a Secret: every text in it, whatever its name. */
export function takeSecretData(findings: Findings, nameEnd: number): void {
  const value = valueStart(findings.text, nameEnd);
  if (value === undefined || value.depth < 0 || findings.text.charCodeAt(value.at) !== 123 || !findings.isOfSecret) return;
  takeAll(findings, value.at, value.depth);
}

function takeAll(findings: Findings, at: number, depth: number): void {
  takeInside(findings, at, { rule: 'passwordAssignment', depth, keepsDescriptions: false });
}

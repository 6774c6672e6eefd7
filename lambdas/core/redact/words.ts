import { takeAssigned, takeDockerAuth } from './assignment.ts';
import { Findings, type Search, type Wanted } from './findings.ts';
import { takeAuthorization, takeCookies } from './header.ts';
import { takeMemberValue, takeSecretData } from './member-value.ts';
import { isNameCharacter, nameBefore } from './name-before.ts';
import { ELSEWHERE, takeElsewhere } from './named-elsewhere.ts';
import { secretName } from './secret-words.ts';
import { takeSignature } from './signed-url.ts';
import { takeYamlSecret } from './yaml-block.ts';

/** What stands between a name and its value: the end of the name, a quote, and the separator; `"automountServiceAccountToken":false` is in every pod. */
const THEN_VALUE = `s?\\d*(?=[\\\\"'\\s:=<%&])(?:\\\\*(?:["'](?:\\s|\\\\+[nrt])*|[ \\t]*)[:=](?! ?(?:true|false|null)\\b)|${ELSEWHERE})`;

/**
 * The rarest letter of each word that gives a value away, and the word from there on: `w` of `password`, `k` of `token`, `key` and `cookie`, `c` of `secret`
 * and `credential`, `z` of `authorization`; `"value":` of a name beside it; parameters of addresses. V8 skips to the next of a few characters many at a
 * time. That holds while they are rare enough together: with two more of them the same search takes four times as long, which is why there is
 * another expression for what needs no name. Looking at the name before each `:` took three times as long on audit events.
 */
export const WORDS = new RegExp(
  [
    `[wW](?:[oO][rR])?[dD]${THEN_VALUE}`,
    `k(?<!["']k)(?:e(?:[nN]|[yY](?:[sS]?[_-]?[iI][dD])?)${THEN_VALUE}|ie${THEN_VALUE}|er(?:cfg|configjson))`,
    `K(?:[eE](?:[nN]|[yY](?:[_-]?[iI][dD])?)|IE)${THEN_VALUE}`,
    `[cC][rR][eE](?:[tT]|[dD][eE][nN][tT][iI][aA][lL])(?:${THEN_VALUE}|(?:List|s)?\\\\*"|[ \\t\\r]*(?:\\n|\\\\+n))`,
    `z[aA]tion${THEN_VALUE}`,
    `[hH][rR][aA][sS][eE]${THEN_VALUE}`,
    'h(?<="auth)\\\\*"\\s*:',
    'value(?:\\\\*["\']\\s*:|=)',
    '[?&](?:[sS]ig|command=)',
  ].join('|'),
  'g',
);

/** Finds what names give away. */
export function searchWords(text: string, wanted: Wanted, before: Search): Search {
  let search = before;
  if (search !== undefined) search.resume = 0;
  WORDS.lastIndex = 0;
  for (let match = WORDS.exec(text); match !== null; match = WORDS.exec(text)) {
    search ??= new Findings(text, wanted);
    takeWord(search, match.index);
    WORDS.lastIndex = Math.max(match.index + 1, search.resume);
  }
  WORDS.lastIndex = 0;
  return search;
}

/** Takes the value of the name that the letter at `at` is in. */
function takeWord(findings: Findings, at: number): void {
  const { text } = findings;
  const c = text.charCodeAt(at);
  if (c === 118) {
    const before = text.charCodeAt(at - 1);
    const isQuoted = text.charCodeAt(at + 5) !== 61;
    // The whole name is `value`: of a member, or of an attribute.
    if (isQuoted ? before === 34 || before === 39 : before <= 32) takeMemberValue(findings, at, isQuoted);
  } else if (c === 63 || c === 38) takeParameter(findings, at + 1);
  else takeNamed(findings, at);
}

/** Takes the value of the parameter of an address whose name starts at `at`, where it is a signature, or notes the command of an exec. */
export function takeParameter(findings: Findings, at: number): void {
  const { text } = findings;
  if (text.startsWith('command=', at)) {
    findings.commands ??= [];
    findings.commands.push(at + 7);
  } else takeSignature(findings, at);
}

/** Takes the value of the name that `at` is a position in. */
export function takeNamed(findings: Findings, at: number): void {
  const { text } = findings;
  let end = at;
  while (isNameCharacter(text.charCodeAt(end)) && end - at < 64) end++;
  const name = nameBefore(text, end);
  // `"kind":"Secret"`, `"resource":"secrets"`
  if (name === 'Secret' || name === 'secrets' || name === 'SecretList') findings.mayBeOfSecret = true;
  const secret = secretName(name);
  if (secret === undefined) {
    if (name === 'auth') takeDockerAuth(findings, end);
  } else if (!findings.rules.has(secret.rule)) return;
  else if (secret.rule === 'authorizationHeader') {
    // No header: `apiserver.latency.k8s.io/authorization`, an annotation that tells a duration.
    if (text.charCodeAt(end - name.length - 1) !== 47) takeAuthorization(findings, end);
  } else if (secret.rule === 'cookie') takeCookies(findings, end);
  else if (!takeAssigned(findings, secret, end)) takeElsewhere(findings, secret, end);
}

const DATA = /"(?:data|stringData)\\*"\s*:/g;

/** Takes the data of Secrets, whatever their keys are called. */
export function takeDataOfSecrets(findings: Findings): void {
  if (!findings.mayBeOfSecret || !findings.rules.has('passwordAssignment')) return;
  takeYamlSecret(findings);
  if (!findings.isOfSecret) return;
  DATA.lastIndex = 0;
  for (let match = DATA.exec(findings.text); match !== null; match = DATA.exec(findings.text)) {
    takeSecretData(findings, match.index + (match[0].charAt(1) === 'd' ? 5 : 11));
  }
}

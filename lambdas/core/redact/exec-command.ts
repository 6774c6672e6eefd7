import type { Findings, Found } from './findings.ts';
import { secretName } from './secret-words.ts';
import { isWordCharacter } from './token-start.ts';

const NEXT_COMMAND = /(?:&|\\+u0026)command=/y;
/** Their `-p` has the password right behind it. */
const MYSQL = /(?:^|\/)(?:mysql|mariadb)[\w-]*$/;
const SECRET_FLAG = /^--?([\w.-]{1,64})(=?)/;

/**
 * Takes secrets of a command that `kubectl exec` runs: its words are parameters of the request's address, `command=--password&command=hunter2`, with
 * everything but letters and digits written as `%3D`, and `&` as `\u0026` in JSON. Each word is decoded and searched by itself. All words of a command are
 * read at once. `separator` is the `=` behind the first `command`; `search` is the whole search, for a word.
 */
export function takeCommand(findings: Findings, separator: number, search: (text: string) => readonly Found[] | undefined): void {
  const { text } = findings;
  const start = separator - 'command'.length;
  const before = text.charCodeAt(start - 1);
  if (before !== 63 && before !== 38 && !text.startsWith('u0026', start - 5)) return;
  if (start < findings.walkedCommandsTo) return;
  let isValueOfFlag = false;
  let isMysql = false;
  for (let at = separator + 1; ; ) {
    const word = decodedWord(text, at);
    const { plain, positions, end } = word;
    const flag = SECRET_FLAG.exec(plain);
    const isFlag = flag !== null && secretName(flag[1] as string) !== undefined;
    if (at === separator + 1) isMysql = MYSQL.test(plain);
    if (isMysql && /^-p./.test(plain)) findings.add('passwordAssignment', positions[2] as number, end);
    else if (isValueOfFlag && !plain.startsWith('-')) findings.add('passwordAssignment', at, end);
    else if (isFlag && flag[2] === '=') findings.add('passwordAssignment', positions[flag[0].length] as number, end);
    else if (end - at > 3) takeFound(findings, word, search(plain));
    isValueOfFlag = isFlag && flag[2] === '' && flag[0].length === plain.length;
    findings.walkedCommandsTo = end;
    NEXT_COMMAND.lastIndex = end;
    if (!NEXT_COMMAND.test(text)) return;
    at = NEXT_COMMAND.lastIndex;
  }
}

interface Word {
  readonly plain: string;
  /** Where in the text each character of `plain` starts, and at last the end. */
  readonly positions: readonly number[];
  readonly end: number;
}

function takeFound(findings: Findings, { positions }: Word, inner: readonly Found[] | undefined): void {
  for (const { rule, start, end } of inner ?? []) findings.add(rule, positions[start] as number, positions[end] as number);
}

/** A parameter's value as the program gets it: up to `&`, a blank, a quote or a backslash. Bytes above 127 stay as they are written. */
function decodedWord(text: string, from: number): Word {
  let plain = '';
  const positions: number[] = [];
  let i = from;
  for (; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c <= 32 || c === 34 || c === 38 || c === 39 || c === 92) break;
    positions.push(i);
    if (c === 43) plain += ' ';
    else if (c === 37 && isWordCharacter(text.charCodeAt(i + 1))) {
      const code = Number.parseInt(text.slice(i + 1, i + 3), 16);
      if (code >= 9 && code < 127) {
        plain += String.fromCharCode(code);
        i += 2;
      } else plain += '%';
    } else plain += text.charAt(i);
  }
  positions.push(i);
  return { plain, positions, end: i };
}

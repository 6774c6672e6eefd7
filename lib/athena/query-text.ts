/** A `?` of a statement, with the name in the comment behind it. */
export interface Placeholder {
  /** Offset of the `?`. */
  readonly at: number;
  /** Undefined where no comment names it. */
  readonly name: string | undefined;
}

/** A piece of SQL that is no code: a text, a quoted name or a comment, from its first character on. */
const QUIET = /'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y;
const NAME_BEHIND = /\s*\/\*\s*([A-Za-z_][A-Za-z0-9_]*)\s*\*\//y;

/** Every `?` that Athena would ask a value for, in order. */
export function placeholdersOf(sql: string): Placeholder[] {
  const found: Placeholder[] = [];
  for (let at = 0; at < sql.length; at++) {
    QUIET.lastIndex = at;
    const quiet = QUIET.exec(sql);
    if (quiet !== null) {
      at = QUIET.lastIndex - 1;
      continue;
    }
    if (sql[at] !== '?') continue;
    NAME_BEHIND.lastIndex = at + 1;
    found.push({ at, name: NAME_BEHIND.exec(sql)?.[1] });
  }
  return found;
}

/** SQL without texts, quoted names and comments, each replaced by a blank: to look for words. */
export function codeOf(sql: string): string {
  let code = '';
  for (let at = 0; at < sql.length; at++) {
    QUIET.lastIndex = at;
    const quiet = QUIET.exec(sql);
    if (quiet === null) code += sql[at];
    else {
      code += ' ';
      at = QUIET.lastIndex - 1;
    }
  }
  return code;
}

/** A value as a SQL literal, as Athena's ExecutionParameters want it: a text in single quotes, a number bare. */
export function literalOf(value: string, type: 'text' | 'number'): string {
  return type === 'number' ? value : `'${value.replaceAll("'", "''")}'`;
}

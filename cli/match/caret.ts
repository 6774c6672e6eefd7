/** Longest part of a pattern that is shown; a longer one is cut around the column. */
const SHOWN_CHARACTERS = 100;
/** Indentation of the shown lines. */
const INDENT = '  ';

/** A pattern on one line with a caret under a 1-based column, for a terminal. */
export function showColumn(pattern: string, column: number): string {
  const at = column - 1;
  const from =
    pattern.length <= SHOWN_CHARACTERS ? 0 : Math.max(0, Math.min(at - SHOWN_CHARACTERS / 2, pattern.length + 1 - SHOWN_CHARACTERS));
  const to = from + SHOWN_CHARACTERS;
  const before = oneLine(pattern.slice(from, at));
  const after = oneLine(pattern.slice(at, to));
  const head = from > 0 ? '…' : '';
  const tail = to < pattern.length ? '…' : '';
  return `${INDENT}${head}${before}${after}${tail}\n${INDENT}${' '.repeat([...head, ...before].length)}^`;
}

/** Control characters, line breaks among them, would move the caret away from its column. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}

import { plain } from '../slack/escape.ts';
import { redactPair } from '../slack/redact-alert.ts';
import type { RedactText } from '../slack/settings.ts';
import type { ChatTable } from './table.ts';

/** Longest cell that is kept, in characters: of a longer one the beginning. */
const MAX_CELL = 8_000;

/**
 * A table without secrets and without characters that hide or turn what is around them. A column's name and its value are looked at together, as `password`
 * and `hunter2` tell nothing apart.
 */
export function cleanTable({ columns, rows }: ChatTable, redact: RedactText): ChatTable {
  // What cannot be seen goes first: a letter without width inside of a key would hide it. Cut last: half a key is still one.
  const clean = (name: string, cell: string | undefined): string | undefined =>
    cell === undefined ? undefined : redactPair(name, plain(cell), redact).replaceAll('\n', '⏎').slice(0, MAX_CELL).toWellFormed();
  return {
    columns: columns.map((name) => redact(plain(name)).replaceAll('\n', ' ')),
    rows: rows.map((row) => columns.map((name, at) => clean(name, row[at]))),
  };
}

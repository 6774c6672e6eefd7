import type { Column } from './types.ts';

/** A piece of a line's expression. One with a column holds exactly one group; one without holds none (blanks, quotes, or an optional part's brackets). */
export type Piece = string | { readonly regex: string; readonly column: Column };

/** An expression for a whole line, with the columns that its groups fill. */
export interface LineRegex {
  readonly regex: string;
  readonly columns: readonly Column[];
}

const UNPARSED: Column = {
  name: 'unparsed',
  type: 'string',
  comment: 'the whole line, where it has another shape (then every other column is NULL)',
};

/** Puts one group into a piece. Throws where the piece has another number of groups: every column behind it would hold its neighbour's value. */
export function piece(regex: string, name: string, type: string, comment: string): Piece {
  const groups = regex.replace(/\\./g, '').match(/\((?!\?)/g)?.length ?? 0;
  if (groups !== 1) throw new Error(`the expression of ${name} has ${groups} groups, not one: ${regex}`);
  return { regex, column: { name, type, comment } };
}

/**
 * Joins pieces to the expression of a line. RegexSerDe wants the whole line to match, and gives a row of NULLs where it does not: nobody notices a line
 * that is lost so. Here a line of another shape matches too, by the last group alone, which keeps its text.
 */
export function lineRegex(pieces: readonly Piece[]): LineRegex {
  const regex = pieces.map((each) => (typeof each === 'string' ? each : each.regex)).join('');
  const columns = pieces.flatMap((each) => (typeof each === 'string' ? [] : [each.column]));
  return { regex: `(?:${regex})|(.*)`, columns: [...columns, UNPARSED] };
}

import type { Query } from '../insights/ast.ts';
import { parseQuery } from '../insights/parse-query.ts';
import { QueryError } from '../insights/problem.ts';
import { fillParameters, type QueryFile, quoteAround, trialValues } from '../insights/query-file.ts';

/** A query with values from a channel, or why they cannot be put in. */
export type BoundQuery =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: 'unknown' | 'missing' | 'value'; readonly name: string };

/** Longest value, in characters. */
const MAX_VALUE = 500;
/** Outside of quotes: a number, a period, or the name of a field. */
const BARE = /^(?:\d{1,15}(?:\.\d{1,6})?(?:ms|[smhdw]|mo|q|y)?|[A-Za-z_@][A-Za-z0-9_@]*(?:\.[A-Za-z0-9_@]+)*)$/;

/**
 * Puts values from a channel into a saved query. None can leave the literal that its placeholder stands in: inside of quotes a backslash is doubled and the
 * quote refused, in an expression the slash and a lone backslash at the end are refused, outside of quotes only a number, a period or a field's name may stand.
 * What comes out is compared with the query as it was checked: it must be the same but for its literals.
 */
export function bindParameters(file: Pick<QueryFile, 'query' | 'parameters'>, given: { readonly [name: string]: string }): BoundQuery {
  const { parameters, query } = file;
  for (const name of Object.keys(given)) if (!parameters.some((each) => each.name === name)) return { ok: false, problem: 'unknown', name };
  const missing = parameters.find(({ defaultValue, name }) => defaultValue === undefined && !Object.hasOwn(given, name));
  if (missing !== undefined) return { ok: false, problem: 'missing', name: missing.name };
  const trial = trialValues(file);
  const values: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(given)) {
    const written = writtenFor(placesOf(query, name), value);
    if (written === undefined) return { ok: false, problem: 'value', name };
    values[name] = written;
  }
  try {
    const { text } = fillParameters(query, parameters, values);
    const name = Object.keys(given)[0] ?? '';
    // The grammar itself says whether a value became more than a literal.
    return shapeOf(parseQuery(text)) === shapeOf(parseQuery(fillParameters(query, parameters, trial).text))
      ? { ok: true, text }
      : { ok: false, problem: 'value', name };
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    return { ok: false, problem: 'value', name: Object.keys(given)[0] ?? '' };
  }
}

/** Quotes in which a parameter's placeholders stand. */
function placesOf(query: string, name: string): ReadonlySet<string | undefined> {
  const places = new Set<string | undefined>();
  for (const match of query.matchAll(/\{\{([^{}\n]*)\}\}/g)) if (match[1]?.trim() === name) places.add(quoteAround(query, match.index));
  return places;
}

/** A value as it may be written in all of its places; undefined where it may not. */
function writtenFor(places: ReadonlySet<string | undefined>, value: string): string | undefined {
  if (value.length > MAX_VALUE || /[\p{Cc}\u2028\u2029]/u.test(value)) return undefined;
  let written = value;
  for (const place of places) {
    if (place === undefined) {
      if (!BARE.test(value)) return undefined;
    } else if (value.includes(place)) return undefined;
    else if (place === '`') {
      if (value === '' || value.includes('\\')) return undefined;
    } else if (place === '/') {
      if (/(?:^|[^\\])(?:\\\\)*\\$/.test(value)) return undefined;
    } else if (value.includes('\\')) {
      // Doubled once: a place of another kind would mean something else by it.
      if (places.size > 1) return undefined;
      written = value.replaceAll('\\', '\\\\');
    }
  }
  return written;
}

/** A query without what its literals say. */
function shapeOf(query: Query): string {
  return JSON.stringify(query, (key, value: unknown) => {
    if (key === 'at') return undefined;
    if (typeof value !== 'object' || value === null || !('kind' in value)) return value;
    switch (value.kind) {
      case 'string':
      case 'regex':
      case 'number':
      case 'period':
      case 'field':
        return value.kind;
      default:
        return value;
    }
  });
}

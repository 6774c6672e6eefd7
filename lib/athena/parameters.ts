import { DAY, NUMBER, type QueryFile, type QueryParameter } from './query-file.ts';
import { literalOf } from './query-text.ts';

const DAY_MS = 86_400_000;

/** Values of a query's `?`, or what is wrong with what was given. */
export type Bound =
  | { readonly ok: true; readonly literals: readonly string[]; readonly values: { readonly [name: string]: string } }
  | { readonly ok: false; readonly problem: string };

/**
 * SQL literals for the `?` of a query, in their order: values by name, else the defaults. They are bound, never put into the text, so no value can be
 * anything but a value. Refused: a name that is no parameter, a number or a day that is none, a
 * range that ends before it begins, a parameter with neither value nor default.
 */
export function bindParameters(
  { parameters, order }: Pick<QueryFile, 'parameters' | 'order'>,
  given: { readonly [name: string]: string },
  nowMs: number,
): Bound {
  const names = parameters.map(({ name }) => name);
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const known = names.length === 0 ? 'it has none' : `parameters are ${names.join(', ')}`;
    return { ok: false, problem: `the query has no parameter "${unknown}"; ${known}` };
  }
  const values: { [name: string]: string } = {};
  const literals = new Map<string, string>();
  for (const parameter of parameters) {
    const { name, type, description } = parameter;
    const text = Object.hasOwn(given, name) ? given[name] : parameter.defaultValue;
    if (text === undefined) return { ok: false, problem: `the parameter "${name}" has no default: add --param ${name}=… (${description})` };
    const value = readValue(parameter, text, nowMs);
    if (value === undefined) {
      const wanted = type === 'number' ? 'a number' : 'a day: YYYY-MM-DD, or 7d for a week ago';
      return { ok: false, problem: `"${text}" is no value for "${name}", which is ${wanted}` };
    }
    values[name] = value;
    literals.set(name, literalOf(value, type === 'number' ? 'number' : 'text'));
  }
  const { from = '', to = '' } = values;
  const hasRange = parameters.filter(({ name, type }) => type === 'day' && (name === 'from' || name === 'to')).length === 2;
  // Where one end is a default, the caller may have a better one: the days of a folder.
  if (hasRange && Object.hasOwn(given, 'from') && Object.hasOwn(given, 'to') && from > to)
    return { ok: false, problem: `"from" (${from}) is after "to" (${to}): no day lies between them` };
  return { ok: true, literals: order.map((name) => literals.get(name) as string), values };
}

function readValue({ type }: QueryParameter, text: string, nowMs: number): string | undefined {
  if (type === 'text') return text;
  if (type === 'number') return NUMBER.test(text) ? text : undefined;
  if (!DAY.test(text)) return undefined;
  if (text.endsWith('d')) return new Date(nowMs - Number(text.slice(0, -1)) * DAY_MS).toISOString().slice(0, 10);
  // The 31st of February is a day by its shape only, and the database would find nothing without a word.
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? text : undefined;
}

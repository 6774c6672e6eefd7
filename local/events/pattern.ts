/** A value of JSON. */
type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/**
 * Whether an event fulfils a pattern of EventBridge, as far as our rules need it: lists of values, objects inside of objects, `$or`, and the filters numeric,
 * prefix, suffix, exists, anything-but, wildcard and equals-ignore-case. Throws for another filter: a rule that is not understood must not pass for one that is.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function matchesPattern(pattern: unknown, event: unknown): boolean {
  if (!isObject(pattern)) throw new Error('a pattern is an object');
  return Object.entries(pattern).every(([name, wanted]) => {
    if (name === '$or') return (wanted as readonly Json[]).some((one) => matchesPattern(one, event));
    const value = isObject(event) && Object.hasOwn(event, name) ? event[name] : undefined;
    if (!Array.isArray(wanted)) return matchesPattern(wanted, value);
    // Of a list in the event one value is enough.
    const values: readonly (Json | undefined)[] = Array.isArray(value) ? value : [value];
    return (wanted as readonly Json[]).some((condition) => values.some((one) => fulfils(condition, one)));
  });
}

function fulfils(condition: Json, value: Json | undefined): boolean {
  if (!isObject(condition)) return value === condition;
  const [[filter, operand] = ['', null], ...more] = Object.entries(condition);
  if (more.length > 0) throw new Error('a filter has one operator');
  switch (filter) {
    case 'exists':
      return (value !== undefined) === operand;
    case 'prefix':
      return typeof value === 'string' && value.startsWith(String(operand));
    case 'suffix':
      return typeof value === 'string' && value.endsWith(String(operand));
    case 'equals-ignore-case':
      return typeof value === 'string' && value.toLowerCase() === String(operand).toLowerCase();
    case 'wildcard':
      return typeof value === 'string' && new RegExp(`^${String(operand).split('*').map(escapeRegex).join('.*')}$`, 's').test(value);
    case 'anything-but':
      return (
        value !== undefined &&
        !(Array.isArray(operand) ? (operand as readonly Json[]) : [operand]).some((one) => fulfils(one as Json, value))
      );
    case 'numeric':
      return typeof value === 'number' && isInRange(operand as readonly (string | number)[], value);
    default:
      throw new Error(`filter ${filter} has no counterpart here`);
  }
}

function isInRange(range: readonly (string | number)[], value: number): boolean {
  for (let at = 0; at < range.length; at += 2) {
    const bound = Number(range[at + 1]);
    const isFulfilled = { '=': value === bound, '<': value < bound, '<=': value <= bound, '>': value > bound, '>=': value >= bound }[
      String(range[at])
    ];
    if (isFulfilled !== true) return false;
  }
  return true;
}

const escapeRegex = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function isObject(value: unknown): value is { readonly [name: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

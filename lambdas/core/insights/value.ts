/** A map or list that came out of JSON. */
export type Structure = { readonly [name: string]: unknown } | readonly unknown[];

/**
 * A value of a field. Undefined is a missing field (JSON `null` too). Numbers in strings count as numbers where a number is asked for.
 * Integers that a double cannot hold stay text, so that no digit is lost.
 */
export type Value = string | number | boolean | Structure | undefined;

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The number that a value is or holds as text; booleans are 1 and 0. */
export function toNumber(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return textToNumber(value);
  return typeof value === 'boolean' ? (value ? 1 : 0) : undefined;
}

function textToNumber(text: string): number | undefined {
  const first = text.charCodeAt(0);
  // Most texts begin with a letter: no need to ask the expression.
  if (first > 57 || text.length > 60 || Number.isNaN(first) || !NUMBER.test(text)) return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}

/** The text of a value; maps and lists count as missing, as the documentation says. */
export function toText(value: Value): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return numberText(value);
  return typeof value === 'boolean' ? (value ? '1' : '0') : undefined;
}

/** A number as it is shown: at most 15 significant digits, no exponent below 1e21. */
export function numberText(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(15)));
}

/** Whether a condition holds: undefined is "unknown", which a filter does not let pass. */
export function toTruth(value: Value): boolean | undefined {
  if (typeof value === 'boolean' || value === undefined) return value;
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'string') return value === 'true' || (textToNumber(value) ?? 0) !== 0;
  return undefined;
}

export function isStructure(value: Value): value is Structure {
  return typeof value === 'object';
}

/** Equality: numbers by value, also in strings; maps and lists equal nothing; unknown when a side is missing. */
export function equals(a: Value, b: Value): boolean | undefined {
  if (a === undefined || b === undefined) return undefined;
  if (typeof a === 'object' || typeof b === 'object') return false;
  if (a === b) return true;
  if (typeof a === 'boolean' && typeof b === 'string' && (b === 'true' || b === 'false')) return String(a) === b;
  if (typeof b === 'boolean' && typeof a === 'string' && (a === 'true' || a === 'false')) return String(b) === a;
  const x = toNumber(a);
  if (x === undefined) return false;
  const y = toNumber(b);
  if (y === undefined) return false;
  // Two long integers in text are equal only digit by digit.
  return x === y && (typeof a !== 'string' || typeof b !== 'string' || Number.isSafeInteger(x) || !Number.isInteger(x));
}

/** Order for `<` and `>`: negative, 0, positive; unknown when a side is missing, a structure, or a number meets a text that is none. */
export function order(a: Value, b: Value): number | undefined {
  const x = toNumber(a);
  const y = toNumber(b);
  if (x !== undefined && y !== undefined) return x - y;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  return undefined;
}

/** A copy of a text that does not keep the larger text alive from which it was cut. */
export function detach(value: Value): Value {
  // V8 copies cuts of up to 12 units anyway; a longer one is a view of its source until it is glued to something.
  return typeof value === 'string' && value.length > 12 ? ` ${value}`.slice(1) : value;
}

/** `2026-11-21 08:23:24.456`, in UTC: how CloudWatch shows a timestamp. */
export function timeText(ms: number): string {
  if (!Number.isFinite(ms) || Math.abs(ms) > 8.64e15) return String(ms);
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}

import { structureText } from './json-path.ts';
import { timeText, type Value } from './value.ts';

const ONLY_NUMBER = /^-?\d+(?:\.\d+)?$/;

/**
 * The order of `sort`, ascending: missing values, then texts, then numbers. In texts, runs of digits are compared by length and then by value,
 * everything else by code point ("5A" before "111A", "A9876" before "a12345").
 */
export function compareNatural(a: Value, b: Value): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const rankA = rank(a);
  const rankB = rank(b);
  if (rankA !== rankB) return rankA - rankB;
  if (rankA === 0) return 0;
  // Of equal numbers the one written with more digits comes first ("01" before "1").
  if (rankA === 2) return Number(a) - Number(b) || (String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0);
  return compareTexts(a as string, b as string);
}

function rank(value: Value): number {
  if (value === undefined || typeof value === 'object') return 0;
  if (typeof value === 'number' || typeof value === 'boolean') return 2;
  return ONLY_NUMBER.test(value) ? 2 : 1;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Compares two texts by runs. */
export function compareTexts(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(j);
    if (isDigit(x) && isDigit(y)) {
      const endA = endOfDigits(a, i);
      const endB = endOfDigits(b, j);
      if (endA - i !== endB - j) return endA - i - (endB - j);
      for (; i < endA; i++, j++) {
        const difference = a.charCodeAt(i) - b.charCodeAt(j);
        if (difference !== 0) return difference;
      }
      continue;
    }
    if (x !== y) return codePointOrder(x) - codePointOrder(y);
    i++;
    j++;
  }
  return a.length - i - (b.length - j);
}

function endOfDigits(text: string, from: number): number {
  let at = from;
  while (at < text.length && isDigit(text.charCodeAt(at))) at++;
  return at;
}

/** Surrogates stand for code points above all of the basic plane. */
function codePointOrder(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** A value as it is shown in a result. */
export function showValue(value: Value, isTime: boolean): string | number | undefined {
  if (value === undefined) return undefined;
  if (isTime && typeof value === 'number') return timeText(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'object') return structureText(value);
  if (typeof value === 'number')
    return Number.isFinite(value) ? (Number.isInteger(value) ? value : Number(value.toPrecision(15))) : undefined;
  return value;
}

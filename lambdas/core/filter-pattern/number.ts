/** A number as the grammar has it: sign, integer or decimal, scientific notation (`-5`, `+1000`, `55.5`, `10e-3`). */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const INTEGER = /^[+-]?\d+$/;
/** Integers of up to this many digits are exact in a double. */
const EXACT_DIGITS = 15;

/** The number that a text is, or undefined where it is none or too large for a double. */
export function numberIn(text: string): number | undefined {
  // Most values of a log are words: a look at the first character spares them the regular expression.
  const first = text.charCodeAt(0);
  if (!((first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46)) return undefined;
  if (!NUMBER.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** Whether two texts are the same number; long integers (ids) are compared digit by digit. */
export function sameNumber(left: string, right: string): boolean {
  const leftNumber = numberIn(left);
  if (leftNumber === undefined || leftNumber !== numberIn(right)) return false;
  if (left.length <= EXACT_DIGITS || !INTEGER.test(left) || !INTEGER.test(right)) return true;
  return integerDigits(left) === integerDigits(right);
}

function integerDigits(text: string): string {
  const digits = text.replace(/^[+-]?0*/, '');
  return text.startsWith('-') ? `-${digits}` : digits;
}

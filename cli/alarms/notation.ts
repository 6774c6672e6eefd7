/** Most values that one series may expand to: a week of minutes. */
const MAX_VALUES = 10_080;
const ITEM = /^(_|[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)(?:([+-]\d+(?:\.\d+)?))?(?:x(\d+))?$/i;

/**
 * Expands values in the shorthand of Prometheus' rule tests: `1 2 3`, `0x4` is 0 five times, `1+2x3` is 1 3 5 7, `_` is no value and `_x3` three times
 * none. Returns a text that says what is wrong where it cannot be read.
 */
export function expandValues(text: string): readonly (number | undefined)[] | string {
  const values: (number | undefined)[] = [];
  for (const item of text.trim().split(/\s+/)) {
    const match = ITEM.exec(item);
    if (match === null) return `"${item}" is no value: write 5, _, 0x4 (0 five times) or 1+2x3 (1 3 5 7)`;
    const [, first = '', step, times] = match;
    // Before it expands: a slip of some zeros would take the memory of the machine.
    if (values.length + Number(times ?? 0) > MAX_VALUES) return `more than ${MAX_VALUES} values`;
    if (!Number.isFinite(Number(first === '_' ? 0 : first))) return `"${item}" is beyond all numbers`;
    if (first === '_') {
      if (step !== undefined) return `"${item}": no value cannot grow`;
      for (let i = 0; i < Number(times ?? 1); i++) values.push(undefined);
    } else {
      const more = times === undefined ? 0 : Number(times);
      if (step !== undefined && times === undefined) return `"${item}": say how often it grows, such as 1+2x3`;
      for (let i = 0; i <= more; i++) values.push(Number((Number(first) + i * Number(step ?? 0)).toPrecision(12)));
    }
    if (values.length > MAX_VALUES) return `more than ${MAX_VALUES} values`;
  }
  return values;
}

const DURATION_PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g;
const UNIT_MS: { readonly [unit: string]: number } = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `1h30m` in milliseconds; undefined for anything else. */
export function durationMs(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(DURATION_PART)) total += Number(amount) * (UNIT_MS[unit ?? ''] ?? 0);
  return total;
}

/** Milliseconds as people write them: `1h30m`, `90s` as `1m30s`, `0s`. */
export function showDuration(ms: number): string {
  let rest = ms;
  let text = '';
  for (const [unit, size] of [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
  ] as const) {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    if (amount > 0) text += `${amount}${unit}`;
  }
  return text === '' ? '0s' : text;
}

const UNITS: { readonly [unit: string]: number } = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

/** Reads `90s`, `15m`, `4h`, `2d`, `1w` in ms; undefined for anything else and for nothing. */
export function readSpan(text: string): number | undefined {
  const found = /^(\d{1,5})([smhdw])$/.exec(text);
  const ms = Number(found?.[1]) * (UNITS[found?.[2] ?? ''] ?? Number.NaN);
  return ms > 0 ? ms : undefined;
}

/** Reads a time: so long ago, or `2026-11-21T08:25Z`, always in UTC; in ms since the epoch. */
export function readTime(text: string, nowMs: number): number | undefined {
  const ago = readSpan(text);
  if (ago !== undefined) return nowMs - ago;
  if (!/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)?Z?$/.test(text)) return undefined;
  const ms = Date.parse(text.endsWith('Z') || text.length === 10 ? text : `${text}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

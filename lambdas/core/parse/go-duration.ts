const UNIT_NS: { readonly [unit: string]: number } = { ns: 1, us: 1e3, µs: 1e3, μs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };
const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/y;

/** Nanoseconds of a Go duration such as `1m2.5s`, `12.3ms`, `850µs` or `0s`, rounded to whole ones; undefined for other text and for negative ones. */
export function goDurationNs(text: string): number | undefined {
  if (text === '0') return 0;
  let nanos = 0;
  PART.lastIndex = 0;
  while (PART.lastIndex < text.length) {
    const part = PART.exec(text);
    if (!part) return undefined;
    nanos += Number(part[1]) * (UNIT_NS[part[2] as string] as number);
  }
  const rounded = Math.round(nanos);
  return text !== '' && rounded <= Number.MAX_SAFE_INTEGER ? rounded : undefined;
}

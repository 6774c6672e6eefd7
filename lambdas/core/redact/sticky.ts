/** Position behind what a sticky expression matches at `at`; -1 where it does not match, or `at` is no position. */
export function after(what: RegExp, text: string, at: number): number {
  what.lastIndex = at;
  return at >= 0 && what.test(text) ? what.lastIndex : -1;
}

/** The text that a sticky expression matches at `at`; empty where it does not match. */
export function matchAt(what: RegExp, text: string, at: number): string {
  const end = after(what, text, at);
  return end < 0 ? '' : text.slice(at, end);
}

/** The known name that is closest to a mistyped one, or undefined where none is close enough to be meant. */
export function nearestName(wrong: string, known: readonly string[]): string | undefined {
  const text = wrong.slice(0, 64).toLowerCase().replaceAll(/[-_]/g, '');
  let best: string | undefined;
  // A third of the letters may differ: `retention` still means `retentionDays`, `xyz` means nothing.
  let bestDistance = Math.max(2, Math.floor(text.length / 3)) + 1;
  for (const name of known) {
    const plain = name.toLowerCase();
    const distance = text.length >= 4 && (plain.startsWith(text) || text.startsWith(plain)) ? 1 : editDistance(text, plain);
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/** Levenshtein distance: inserted, removed and changed letters. */
export function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(change, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

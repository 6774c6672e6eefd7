/** A place in a query, counted from 1; a column counts UTF-16 units, as editors and CloudWatch do. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Something wrong with a query, where, and what to do about it. */
export interface Problem extends Place {
  /** An error keeps the query from running; a warning does not. */
  readonly severity: 'error' | 'warning';
  /** What was found and what was expected. */
  readonly message: string;
  /** What to write instead, when that is known. */
  readonly hint?: string;
}

/** Turns an offset into a line and a column. */
export function placeOf(text: string, at: number): Place {
  let line = 1;
  let start = 0;
  for (let next = text.indexOf('\n'); next >= 0 && next < at; next = text.indexOf('\n', start)) {
    line++;
    start = next + 1;
  }
  return { line, column: Math.min(at, text.length) - start + 1 };
}

/** A query that cannot be parsed, is not valid, or cannot run here; carries every problem that was found. */
export class QueryError extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.name = 'QueryError';
    this.problems = problems;
  }
}

/** One line: `3:14: expected a field name; write …`. */
export function formatProblem(problem: Problem): string {
  return `${problem.line}:${problem.column}: ${problem.severity === 'warning' ? 'warning: ' : ''}${problem.message}${problem.hint ? `; ${problem.hint}` : ''}`;
}

/** The word of a list that is most like a mistyped one, if one is like it: at most one edit per three letters, and fewer than it has. */
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  const lower = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.min(word.length, Math.max(1, Math.floor(word.length / 3)) + 1);
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const distance = editDistance(lower, candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      bestDistance = distance;
      best = candidate;
    }
  }
  return best;
}

/** Edits between two words (a swap of neighbours is one), or `limit` when they are at least that far apart. */
function editDistance(a: string, b: string, limit: number): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const change = (last[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cell = Math.min(change, (last[j] as number) + 1, (row[j - 1] as number) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cell = Math.min(cell, (before[j - 2] as number) + 1);
      row.push(cell);
      least = Math.min(least, cell);
    }
    if (least >= limit) return limit;
    before = last;
    last = row;
  }
  return Math.min(limit, last[b.length] as number);
}

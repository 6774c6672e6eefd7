/** One thing that is wrong in a config file, with the place to mend it. */
export interface Problem {
  /** The file as the caller named it. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units as editors count. */
  readonly column: number;
  /** Path of the field, such as `clusters[0].retentionDays.host`; empty for the file as a whole. */
  readonly field: string;
  /** What is wrong, and what to do. */
  readonly what: string;
  /** What is allowed. */
  readonly limit?: string;
  /** What was given, shortened. */
  readonly value?: string;
}

/** A step to a field: a member's name or a position in a list. */
export type Path = readonly (string | number)[];

/** A problem that knows its field but not yet its line: what the checks report. */
export interface Finding {
  readonly path: Path;
  readonly what: string;
  readonly limit?: string;
  /** The value itself; left out where the field's own value would repeat what `what` says. */
  readonly value?: unknown;
  /** The value as the file writes it, where YAML turned it into something else. */
  readonly written?: string;
  /** Point at the member's name instead of its value. */
  readonly atKey?: boolean;
}

const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/;
/** Longest value that a message repeats, in characters. */
const MAX_VALUE_LENGTH = 80;

/** Writes a path as people do: `sources[2].stream.batchSize`, with odd names in quotes. */
export function fieldName(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (!PLAIN_NAME.test(step)) text += `[${JSON.stringify(step)}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}

/** A value as one short line of text. */
export function showValue(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= MAX_VALUE_LENGTH ? text : `${text.slice(0, MAX_VALUE_LENGTH)}… (${text.length} characters)`;
}

/** One line: `file:line:column: field: what, limit …, value …`. */
export function formatProblem(problem: Problem): string {
  const parts = [problem.what];
  if (problem.limit !== undefined) parts.push(`limit: ${problem.limit}`);
  if (problem.value !== undefined) parts.push(`value: ${problem.value}`);
  const field = problem.field === '' ? '' : `${problem.field}: `;
  return `${problem.file}:${problem.line}:${problem.column}: ${field}${parts.join(', ')}`;
}

/** The config first, then files of queries by name; each by place, then by text, so that the same files give the same list. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  const isQuery = (file: string): number => (file.endsWith('.logsinsights') ? 1 : 0);
  return [...problems].sort(
    (a, b) =>
      isQuery(a.file) - isQuery(b.file) ||
      order(a.file, b.file) ||
      a.line - b.line ||
      a.column - b.column ||
      order(a.field, b.field) ||
      order(a.what, b.what),
  );
}

import type { Finding, Path } from '../problems.ts';
import type { Config } from '../resolve.ts';

/** What a check may use. */
export interface CheckContext {
  readonly config: Config;
  /** Whether a part of the file was broken and taken out; a check then must not complain of what it does not see. */
  readonly isIncomplete: (path: Path) => boolean;
  /** Whether the file itself says something at a path, rather than a default. */
  readonly isGiven: (path: Path) => boolean;
  /** Whether user regexes are to be proven: the only slow check (tens to hundreds of milliseconds each). */
  readonly provesRegexes: boolean;
}

/** What a check found; warnings do not stop a deploy. */
export interface CheckReport {
  problem(finding: Finding): void;
  warning(finding: Finding): void;
}

/** Looks at one topic of the whole config. Never throws. */
export type Check = (context: CheckContext, report: CheckReport) => void;

/** Reports every item whose key another item before it has; `pathOf` gives the place of the key. */
export function reportDuplicates<T>(
  items: readonly T[],
  options: { key: (item: T) => string; path: (index: number) => Path; what: string },
  report: CheckReport,
): void {
  const seen = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    const key = options.key(item);
    const before = seen.get(key);
    if (before === undefined) seen.set(key, index);
    else report.problem({ path: options.path(index), what: `${options.what} (the first is number ${before + 1})`, value: key });
  }
}

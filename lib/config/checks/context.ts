import type { Finding, Path } from '../problems.ts';
import type { Config } from '../resolve.ts';

/** What a check may use. */
export interface CheckContext {
  readonly config: Config;
  /** Whether a part of the file was broken and taken out; a check then must not complain of what it does not see. */
  readonly isIncomplete: (path: Path) => boolean;
}

/** What a check found; warnings do not stop a deploy. */
export interface CheckReport {
  problem(finding: Finding): void;
  warning(finding: Finding): void;
}

/** Looks at one topic of the whole config. Never throws. */
export type Check = (context: CheckContext, report: CheckReport) => void;

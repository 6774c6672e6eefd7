import { type ConfText, parseConf } from '../conf/parse.ts';
import type { LintExpectations, LintFinding, LintRule } from './finding.ts';
import { FORMAT_RULES } from './format-rules.ts';
import { LOSS_RULES } from './loss-rules.ts';
import { RESOURCE_RULES } from './resource-rules.ts';

export type { LintExpectations, LintFinding } from './finding.ts';

/** Every rule; docs/collection.md names them beside the traps they guard. */
export const LINT_RULES: readonly LintRule[] = [...LOSS_RULES, ...RESOURCE_RULES, ...FORMAT_RULES];

/** Reads a rendered configuration back and says everything that would lose, double or expose records, by file and line. */
export function lintFluentBit(files: readonly ConfText[], expected: LintExpectations): LintFinding[] {
  const conf = parseConf(files);
  return LINT_RULES.flatMap(({ name, check }) =>
    check(conf, expected).map(({ at, what }) => ({ rule: name, file: at.file, line: at.line, what })),
  ).sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
}

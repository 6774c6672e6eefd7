import type { Path } from '../problems.ts';
import { type Check, type CheckContext, type CheckReport, reportDuplicates } from './context.ts';
import { isFieldPath } from './exclusions.ts';
import { checkRegex } from './regexes.ts';

/** Redaction of the account and of applications. */
export const checkRedaction: Check = (context, report) => {
  checkRules(context, context.config.redaction, ['redaction'], report);
  for (const [index, { redaction }] of context.config.applications.entries()) {
    if (redaction) checkRules(context, redaction, ['applications', index, 'redaction'], report);
  }
  if (context.config.redaction.builtin.length === 0) {
    const what = 'no built-in rule is on: keys, tokens and passwords in log lines become searchable';
    report.warning({ path: ['redaction', 'builtin'], what });
  }
};

interface Rules {
  readonly fields: readonly string[];
  readonly patterns: readonly { readonly name: string; readonly regex: string }[];
}

function checkRules(context: CheckContext, rules: Rules, path: Path, report: CheckReport): void {
  const name = (index: number): Path => [...path, 'patterns', index, 'name'];
  reportDuplicates(rules.patterns, { key: (pattern) => pattern.name, path: name, what: 'two rules have this name' }, report);
  for (const [index, pattern] of rules.patterns.entries()) {
    const at = [...path, 'patterns', index, 'regex'];
    const compiled = checkRegex({ source: pattern.regex, flags: '', path: at }, context, report);
    if (compiled?.test('')) {
      const what = 'the expression matches the empty text, so it would put its mark between all characters';
      report.problem({ path: at, what, value: pattern.regex });
    }
  }
  for (const [index, field] of rules.fields.entries()) {
    if (isFieldPath(field)) continue;
    const limit = 'names joined by dots; * stands for one name';
    report.problem({ path: [...path, 'fields', index], what: 'not a dotted path of a record', limit, value: field });
  }
}

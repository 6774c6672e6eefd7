import { isWritten } from '../../lambdas/core/redact/written-fields.ts';
import type { RedactionRules } from '../../lambdas/core/rules/rules.ts';

/** Redaction as a function's rules hold it; tells apart what a search of the line finds, so that no function loads the mappings to decide it. */
export function redactionRules({ builtin, fields, patterns }: Omit<RedactionRules, 'copiedFields'>): RedactionRules {
  return { builtin, fields, copiedFields: fields.filter((field) => !isWritten(field)), patterns };
}

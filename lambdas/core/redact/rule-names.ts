import type { RedactionRules } from '../rules/rules.ts';

/** Built-in rules. */
export const BUILTIN_RULES = [
  'awsAccessKeyId',
  'awsSecretAccessKey',
  'authorizationHeader',
  'cookie',
  'jwt',
  'privateKey',
  'vendorToken',
  'signedUrl',
  'passwordAssignment',
] as const;
export type BuiltinRule = (typeof BUILTIN_RULES)[number];

/** What is on where a config says nothing: every built-in rule, and the access key id of the caller in EKS audit events. */
export const DEFAULT_REDACTION: RedactionRules = {
  builtin: BUILTIN_RULES,
  fields: ['user.extra.accessKeyId'],
  copiedFields: ['user.extra.accessKeyId'],
  patterns: [],
};

/** How every mark starts; a text that starts like this has been redacted already. */
export const MARK_START = '[REDACTED:';

/** What stands in place of a secret. Safe inside JSON strings however deeply they are nested: no quote, no backslash. */
export function markOf(rule: string): string {
  return `${MARK_START}${rule.replace(/[^\w.-]/g, '_')}]`;
}

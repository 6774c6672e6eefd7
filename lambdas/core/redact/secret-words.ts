import type { BuiltinRule } from './rule-names.ts';

/** Ends of names whose value is a secret, whatever stands before them: `DB_PASSWORD`, `clientSecret`, `x-api-key`. Case does not matter. */
const SECRET_WORDS =
  'pass(?:word|wd|phrase)|[_-]pass|pwd|secret|token|credentials?|(?:api|access|secret|private|signing|encryption|shared|account|master)[_-]?key(?:[_-]?id)?';

const ACCESS_KEY_ID = /access[_-]?key[_-]?id$/i;
const AWS_SECRET = /(?:secret[_-]?access[_-]?key|aws[_-]?session[_-]?token|security[_-]?token)$/i;
const NAME_END = new RegExp(`(?:${SECRET_WORDS})\\d*$`, 'i');
const WEAK = /(?:secret|token|credentials?)$/i;

/** Whether a name, such as that of an environment variable, says that its value is a secret. */
export function isSecretName(name: string): boolean {
  return NAME_END.test(name);
}

/** The rule that a secret name falls under. */
export function ruleOfName(name: string): BuiltinRule {
  if (ACCESS_KEY_ID.test(name)) return 'awsAccessKeyId';
  return AWS_SECRET.test(name) ? 'awsSecretAccessKey' : 'passwordAssignment';
}

/** Words that prose uses too (`unexpected token: foo`, `secret: not found`): without quotes or `=` their value must look like a secret. */
export function isWeakWord(name: string): boolean {
  return WEAK.test(name);
}
